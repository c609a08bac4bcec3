package fakeprovider

import (
	"slices"
	"sync"
	"time"
)

// Entry is one request, into the provider or out of it. It never changes once it is in the history.
type Entry struct {
	Seq       int64     `json:"seq"` // of its arrival, or of its sending; grows
	At        time.Time `json:"at"`  // real time of the same
	Kind      Kind      `json:"kind"`
	Order     string    `json:"order,omitzero"`
	Merchant  string    `json:"merchant,omitzero"` // who called
	Method    string    `json:"method"`
	Target    string    `json:"target"`             // path of a call, URL of a push
	Key       string    `json:"key,omitzero"`       // Klarna-Idempotency-Key
	Status    int       `json:"status,omitzero"`    // answered, or got for a push; 0: none
	Code      string    `json:"code,omitzero"`      // error_code of a refusal
	Committed bool      `json:"committed,omitzero"` // the call did what it asks for, whether or not the client was told so
	Repeat    bool      `json:"repeat,omitzero"`    // the first answer of its idempotency key again
	Fault     Mode      `json:"fault,omitzero"`     // that was applied
	Error     string    `json:"error,omitzero"`     // of a push that got no answer
}

// History is an append-only record; a bounded one forgets its oldest entries. It is safe for concurrent use.
type History struct {
	next func() int64
	keep int // entries; 0: all

	mu      sync.Mutex
	last    int64
	entries []Entry
	added   chan struct{} // closed with the next entry; nil: nobody waits
}

func newHistory(next func() int64, keep int) *History {
	h := &History{next: next, keep: keep}
	if next == nil {
		h.next = h.count
	}
	return h
}

func (h *History) count() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	return h.last
}

func (h *History) add(e Entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = append(h.entries, e)
	if h.keep > 0 && len(h.entries) > h.keep {
		h.entries[0] = Entry{}
		h.entries = h.entries[1:]
	}
	if h.added != nil {
		close(h.added)
		h.added = nil
	}
}

// Changed is closed as soon as there is another entry. Who waits asks for it before looking at the entries.
func (h *History) Changed() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.added == nil {
		h.added = make(chan struct{})
	}
	return h.added
}

// Filter picks entries; zero members pick all.
type Filter struct {
	Order string
	Kinds []Kind
	After int64 // only entries with a greater Seq
}

func (f *Filter) picks(e *Entry) bool {
	return (f.Order == "" || f.Order == e.Order) && e.Seq > f.After && (len(f.Kinds) == 0 || slices.Contains(f.Kinds, e.Kind))
}

// Entries returns the finished requests that f picks, by Seq. A request that still hangs comes later than others with a
// greater Seq.
func (h *History) Entries(f Filter) []Entry {
	h.mu.Lock()
	var picked []Entry
	for i := range h.entries {
		if f.picks(&h.entries[i]) {
			picked = append(picked, h.entries[i])
		}
	}
	h.mu.Unlock()
	slices.SortFunc(picked, func(a, b Entry) int { return int(a.Seq - b.Seq) })
	return picked
}

// Count is the number of entries that f picks.
func (h *History) Count(f Filter) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for i := range h.entries {
		if f.picks(&h.entries[i]) {
			n++
		}
	}
	return n
}
