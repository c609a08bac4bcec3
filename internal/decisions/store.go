package decisions

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/callbacks"
)

// Store keeps the last decisions, at most so many and so many bytes of them. It is safe for concurrent use.
type Store struct {
	most  int
	bytes int64
	epoch string // begins every id

	scratch sync.Pool // of *tape
	mu      sync.Mutex
	ring    []kept // by sequence, from 1 on, modulo most; grows up to most
	last    uint64 // sequence of the youngest; 0: none
	first   uint64 // of the oldest that is kept
	held    int64  // bytes
}

// kept is one decision. All that came with the request is on the tape: order id, chosen option, group, coupons, question, answer.
type kept struct {
	at                           time.Time
	took                         time.Duration
	merchant, callback, revision string
	kind, class, rule, file      string
	status, line                 int
	tape                         []byte
}

// overhead is what a decision takes besides its text, in bytes.
const overhead = 320

// New keeps at most so many decisions, 1 or more, in at most so many bytes. epoch begins the ids, so that those of another process
// are not taken for ours.
func New(most int, bytes int64, epoch string) *Store {
	return &Store{most: most, bytes: bytes, epoch: epoch + "-", first: 1, scratch: sync.Pool{New: func() any { return &tape{} }}}
}

var _ callbacks.Decisions = (*Store)(nil)

// Keep implements callbacks.Decisions. In the steady state it allocates nothing but the id.
func (s *Store) Keep(d *callbacks.Decision) string {
	t := s.scratch.Get().(*tape)
	if t.data == nil {
		t.data = make([]byte, 0, firstScratch)
	}
	t.data = t.data[:0]
	t.text(d.OrderID)
	t.short(d.Selected, maxWord)
	t.short(d.Group, maxWord)
	t.words(d.Coupons)
	t.question(d.Order)
	t.answer(d)
	k := kept{at: d.At, took: d.Took, merchant: d.Merchant, callback: string(d.Callback), revision: d.Revision, kind: d.Kind,
		class: d.Class, rule: d.Rule, file: d.File, status: d.Status, line: d.Line, tape: t.data}
	if cap(k.tape) > max(4*len(k.tape), firstScratch) { // the buffer of a larger one: it is not to be taken up for ever
		k.tape = slices.Clone(k.tape)
	}
	var id uint64
	id, t.data = s.put(&k)
	if cap(t.data) > maxScratch {
		t.data = nil
	}
	s.scratch.Put(t)
	return s.epoch + strconv.FormatUint(id, 36)
}

const (
	firstScratch = 1 << 10  // holds most orders
	maxScratch   = 64 << 10 // the largest buffer that is used again
)

// put takes a decision in and hands back a buffer that nobody uses any more.
func (s *Store) put(k *kept) (id uint64, spare []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	id = s.last
	size := int64(cap(k.tape)) + overhead
	if size > s.bytes { // larger than everything that may be kept
		*k = kept{at: k.at}
		size = overhead
	}
	if int(id-s.first) == s.most {
		spare = s.drop(spare)
	}
	for s.first < id && s.held+size > s.bytes {
		spare = s.drop(spare)
	}
	at := int((id - 1) % uint64(s.most)) //nolint:gosec // most is positive
	if at == len(s.ring) {
		s.ring = append(s.ring, kept{})
	}
	s.ring[at] = *k
	s.held += size
	return id, spare
}

// drop forgets the oldest and returns the larger of two spare buffers, that of the oldest or the other.
func (s *Store) drop(other []byte) []byte {
	k := s.at(s.first)
	s.held -= int64(cap(k.tape)) + overhead
	tape := k.tape
	*k = kept{}
	s.first++
	if cap(tape) > cap(other) {
		return tape
	}
	return other
}

func (s *Store) at(seq uint64) *kept {
	return &s.ring[(seq-1)%uint64(s.most)] //nolint:gosec // most is positive
}

// Held is how many decisions are kept, and how many bytes of memory they take.
func (s *Store) Held() (count int, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.last + 1 - s.first), s.held //nolint:gosec // at most most
}

// Decision is one of those that are kept. Question is a callback body without personal data that the tables answer as they did;
// Facts are what they were told besides.
type Decision struct {
	ID         string          `json:"id"`
	At         time.Time       `json:"time"` // UTC
	Merchant   string          `json:"merchant"`
	Callback   string          `json:"callback"`
	OrderID    string          `json:"order_id,omitempty"`
	Revision   string          `json:"revision,omitempty"`
	Kind       string          `json:"kind"`
	Class      string          `json:"class,omitempty"`
	Status     int             `json:"status"`
	Rule       string          `json:"rule,omitempty"`
	File       string          `json:"file,omitempty"`
	Line       int             `json:"line,omitempty"`
	DurationUS int64           `json:"duration_us"`
	Selected   string          `json:"selected,omitempty"`
	Facts      *Facts          `json:"facts,omitempty"`
	Question   json.RawMessage `json:"question,omitempty"`
	Answer     json.RawMessage `json:"answer,omitempty"`
}

// Facts are what is known of an order beyond its lines and address.
type Facts struct {
	Group   string   `json:"group,omitempty"`
	Coupons []string `json:"coupons,omitempty"`
}

// Filter says which decisions are asked for; what is empty does not matter.
type Filter struct {
	Merchant, OrderID, Callback, Kind string
	Since                             time.Time
	Limit                             int // at least 1
}

// List returns decisions, the youngest first, without questions and answers; more is true where there are others.
func (s *Store) List(f Filter) (list []Decision, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for seq := s.last; seq >= s.first && seq > 0; seq-- {
		k := s.at(seq)
		if !k.fits(&f) {
			continue
		}
		if len(list) == f.Limit {
			return list, true
		}
		d, _ := s.decision(seq, k)
		list = append(list, d)
	}
	return list, false
}

func (k *kept) fits(f *Filter) bool {
	return k.kind != "" && (f.Merchant == "" || f.Merchant == k.merchant) && (f.OrderID == "" || f.OrderID == string((&reader{k.tape}).bytes())) &&
		(f.Callback == "" || f.Callback == k.callback) && (f.Kind == "" || f.Kind == k.kind) && !k.at.Before(f.Since)
}

// Get returns a decision with its question and answer; ok is false where it is not kept any more, or never was.
func (s *Store) Get(id string) (d Decision, ok bool) {
	text, ours := strings.CutPrefix(id, s.epoch)
	seq, err := strconv.ParseUint(text, 36, 64)
	if !ours || err != nil {
		return Decision{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if seq < s.first || seq > s.last {
		return Decision{}, false
	}
	k := s.at(seq)
	if k.kind == "" {
		return Decision{}, false
	}
	d, r := s.decision(seq, k)
	d.Facts = &Facts{Group: r.text(), Coupons: r.words()}
	var errs [2]error
	d.Question, errs[0] = jsonv2.Marshal(r.order())
	d.Answer, errs[1] = r.answer()
	return d, errors.Join(errs[:]...) == nil
}

// decision is what lists tell; the reader stands behind it.
func (s *Store) decision(seq uint64, k *kept) (Decision, *reader) {
	r := &reader{k.tape}
	return Decision{ID: s.epoch + strconv.FormatUint(seq, 36), At: k.at.UTC(), Merchant: k.merchant, Callback: k.callback, OrderID: r.text(),
		Selected: r.text(), Revision: k.revision, Kind: k.kind, Class: k.class, Status: k.status, Rule: k.rule, File: k.file, Line: k.line,
		DurationUS: k.took.Microseconds()}, r
}
