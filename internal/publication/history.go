package publication

import (
	"cmp"
	"slices"
	"time"
)

// Bounds of what is kept.
const (
	MaxKept  = 50        // publications of a rulebook
	MaxBytes = 256 << 20 // of all their files
)

// History is what is known of a rulebook's publications, the oldest first. It is read-only.
type History []Entry

func sorted(h History) History {
	slices.SortFunc(h, func(a, b Entry) int { return cmp.Compare(a.Number, b.Number) })
	return h
}

// come reports whether the start of a publication has come.
func (e *Entry) come(at time.Time) bool { return !e.Start.After(at) }

// InForce is the publication that serves at an instant: the newest whose start has come. false: the folder does, because
// nothing was published.
func (h History) InForce(at time.Time) (Entry, bool) {
	if i := h.force(at); i >= 0 {
		return h[i], true
	}
	return Entry{}, false
}

// force is the index of InForce, -1 of the folder.
func (h History) force(at time.Time) int {
	for i := len(h) - 1; i >= 0; i-- {
		if h[i].come(at) {
			return i
		}
	}
	return -1
}

// Next is when another publication takes over, of those that are known at an instant.
func (h History) Next(at time.Time) (time.Time, bool) {
	var next time.Time
	for _, e := range h[h.force(at)+1:] {
		if next.IsZero() || e.Start.Before(next) {
			next = e.Start
		}
	}
	return next, !next.IsZero()
}

// Newest is the last publication; its number is 0 where there is none.
func (h History) Newest() Entry {
	if len(h) == 0 {
		return Entry{}
	}
	return h[len(h)-1]
}

// Find is the publication with a number.
func (h History) Find(number int64) (Entry, bool) {
	i, ok := slices.BinarySearchFunc(h, number, func(e Entry, n int64) int { return cmp.Compare(e.Number, n) })
	if !ok {
		return Entry{}, false
	}
	return h[i], true
}

// State is what became of a publication.
type State string

// The states.
const (
	Serving    State = "serving"
	Waiting    State = "waiting"      // for its start
	Replaced   State = "replaced"     // by a later one
	RolledBack State = "rolled back"  // by one that brought back what had been before
	Never      State = "never served" // replaced before its start
)

// States are those of all publications at an instant.
func (h History) States(at time.Time) []State {
	now := h.force(at)
	out := make([]State, len(h))
	for i := range h {
		switch {
		case i == now:
			out[i] = Serving
		case i > now && !h.overtaken(i):
			out[i] = Waiting
		default:
			out[i] = h.left(i)
		}
	}
	return out
}

// overtaken reports whether a later publication starts first, or at the same instant.
func (h History) overtaken(i int) bool {
	return slices.ContainsFunc(h[i+1:], func(e Entry) bool { return !e.Start.After(h[i].Start) })
}

// From is the instant from which on a publication counts.
func (e *Entry) From() time.Time {
	if e.Start.IsZero() {
		return e.At
	}
	return e.Start
}

// left is how a publication came to serve no longer, or never: by the later one that counted first.
func (h History) left(i int) State {
	var by *Entry
	for j := i + 1; j < len(h); j++ {
		if e := &h[j]; by == nil || !e.From().After(by.From()) {
			by = e
		}
	}
	if by != nil && (by.Folder && !h[i].Folder || by.Again > 0 && by.Again < h[i].Number) {
		return RolledBack
	}
	if by != nil && !h[i].Start.IsZero() && !by.From().After(h[i].Start) {
		return Never
	}
	return Replaced
}

// Waits are the publications that take over after an instant.
func (h History) Waits(at time.Time) []Entry {
	var out []Entry
	for i := h.force(at) + 1; i < len(h); i++ {
		if !h.overtaken(i) {
			out = append(out, h[i])
		}
	}
	return out
}

// Surplus are the publications that need not be kept any more, the oldest first: never what serves, what waits, or what came
// after those.
func (h History) Surplus(at time.Time) []Entry {
	var size int64
	keep := len(h)
	for keep > 0 {
		e := &h[keep-1]
		if size += e.Size; len(h)-keep >= MaxKept || size > MaxBytes {
			break
		}
		keep--
	}
	return h[:min(keep, max(h.force(at), 0))]
}
