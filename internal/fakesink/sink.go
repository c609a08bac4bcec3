// Package fakesink plays a merchant that takes confirmed orders as Standard Webhooks
// (https://github.com/standard-webhooks/standard-webhooks, read 2026-11-24). It keeps every body that came under an id.
//
// Its one rule: whatever it answers, the history says what it took, whether or not the sender was told so.
package fakesink

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/internal/faults"
)

// maxBody is the largest event that is taken.
const maxBody = 8 << 20

// Options of a sink. Only Now is mandatory.
type Options struct {
	Now      func() time.Time
	Verify   func(h http.Header, body []byte) error // of the signature; nil: whatever has a webhook-id is taken
	Answer   func(d *Delivery) []byte               // JSON answered to what is taken; nil: none
	Sequence func() int64                           // numbers the history; nil: from 1. One for several fakes makes one order of events
	Seed     uint64                                 // of the dice for faults
	Control  bool                                   // serve /_control/
}

// Delivery is one request. It never changes once it is in the history.
type Delivery struct {
	Seq       int64       `json:"seq"` // of the moment in which it was taken, or refused; grows
	At        time.Time   `json:"at"`  // the same in real time
	ID        string      `json:"id"`  // webhook-id
	Order     string      `json:"order,omitzero"`
	Merchant  string      `json:"merchant,omitzero"`
	Type      string      `json:"type,omitzero"`
	Revision  int         `json:"revision,omitzero"`
	SHA       string      `json:"sha"` // of the body, hex SHA-256
	Taken     bool        `json:"taken,omitzero"`
	Status    int         `json:"status,omitzero"` // answered; 0: no answer
	Fault     faults.Mode `json:"fault,omitzero"`
	Error     string      `json:"error,omitzero"`     // why it was refused
	Timestamp string      `json:"timestamp,omitzero"` // webhook-timestamp
}

// Confirmed reports whether the sender may know that it was taken.
func (d *Delivery) Confirmed() bool { return d.Taken && d.Status >= 200 && d.Status < 300 }

// Event is what came under one id.
type Event struct {
	ID     string
	Order  string
	Type   string
	Bodies [][]byte // different ones, in the order in which they were first taken
	Taken  int      // how often
}

// Sink is the fake. It is safe for concurrent use.
type Sink struct {
	o        Options
	switches *faults.Switches
	ctx      context.Context // of the sink's life
	cancel   context.CancelFunc

	mu         sync.Mutex
	last       int64
	deliveries []Delivery
	events     map[string]*Event
	ids        []string // of events, in the order in which they came
}

// New returns a sink; Close lets go of what hangs.
func New(o Options) (*Sink, error) {
	if o.Now == nil {
		return nil, errors.New("fake sink: Options.Now is missing")
	}
	s := &Sink{o: o, switches: faults.New(o.Now, o.Seed), events: map[string]*Event{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// Close lets go of what hangs.
func (s *Sink) Close() { s.cancel() }

// Deliveries returns the history so far.
func (s *Sink) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Delivery(nil), s.deliveries...)
}

// Events returns what was taken, in the order in which it first came.
func (s *Sink) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Event, 0, len(s.ids))
	for _, id := range s.ids {
		e := *s.events[id]
		e.Bodies = append([][]byte(nil), e.Bodies...)
		list = append(list, e)
	}
	return list
}

// Handler takes events at every path.
func (s *Sink) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Sink) serve(w http.ResponseWriter, r *http.Request) {
	if s.o.Control && s.control(w, r) {
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	d := read(r.Header, body)
	delay, fault := s.switches.Pick(anything, "", d.Order)
	d.Fault = fault.Mode
	if !s.wait(r.Context(), delay) || fault.Mode == Hang {
		s.wait(r.Context(), forever)
		s.record(&d, nil)
		panic(http.ErrAbortHandler)
	}
	if status, refused := refusal(&fault); refused {
		d.Status = status
		s.record(&d, nil)
		refuse(w, &fault, status)
		return
	}
	if err := s.judge(r, body); err != nil {
		d.Status, d.Error = http.StatusUnauthorized, err.Error()
		s.record(&d, nil)
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	d.Taken = true
	s.finish(w, r, &d, &fault, body)
}

// judge says why an event is refused.
func (s *Sink) judge(r *http.Request, body []byte) error {
	if r.Method != http.MethodPost {
		return errors.New("method " + r.Method + ": POST is needed")
	}
	if r.Header.Get("Webhook-Id") == "" {
		return errors.New("webhook-id is missing")
	}
	if s.o.Verify != nil {
		return s.o.Verify(r.Header, body)
	}
	return nil
}

// read reads what the history wants of an event.
func read(h http.Header, body []byte) Delivery {
	sum := sha256.Sum256(body)
	d := Delivery{ID: h.Get("Webhook-Id"), Timestamp: h.Get("Webhook-Timestamp"), SHA: hex.EncodeToString(sum[:])}
	var event struct {
		Type string `json:"type"`
		Data struct {
			Merchant string `json:"merchant"`
			OrderID  string `json:"order_id"`
			Revision int    `json:"revision"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return d // the history has its digest
	}
	d.Type, d.Merchant, d.Order, d.Revision = event.Type, event.Data.Merchant, event.Data.OrderID, event.Data.Revision
	return d
}

// record puts a delivery into the history; body is what was taken, nil if nothing was.
func (s *Sink) record(d *Delivery, body []byte) {
	d.At = s.o.Now()
	if s.o.Sequence != nil {
		d.Seq = s.o.Sequence()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	if s.o.Sequence == nil {
		d.Seq = s.last
	}
	s.deliveries = append(s.deliveries, *d)
	if body == nil {
		return
	}
	e := s.events[d.ID]
	if e == nil {
		e = &Event{ID: d.ID, Order: d.Order, Type: d.Type}
		s.events[d.ID] = e
		s.ids = append(s.ids, d.ID)
	}
	e.Taken++
	for _, known := range e.Bodies {
		if string(known) == string(body) {
			return
		}
	}
	e.Bodies = append(e.Bodies, body)
}
