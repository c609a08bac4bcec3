package fakesink

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/kvitto/kvitto/internal/faults"
)

// What goes wrong before anything is taken.
const (
	Slow      = faults.Slow             // DelayMS later
	Failing   = faults.Mode("failing")  // Status, 500 if 0
	Gone      = faults.Mode("gone")     // 410
	TooMany   = faults.Mode("too_many") // 429 with Retry-After: DelayMS, at least 1 s
	Hang      = faults.Mode("hang")     // never answers
	LostEvent = faults.Mode("lost")     // the connection closes
	Redirect  = faults.Mode("redirect") // 302 to Location
)

// What goes wrong after the event was taken.
const (
	LostReply    = faults.Mode("lost_reply")    // the connection closes without an answer
	FailingAfter = faults.Mode("failing_after") // Status, 500 if 0
	Drip         = faults.Mode("drip")          // 200, and a body of Size bytes (60 if 0), one each DelayMS (1 s if 0)
	Huge         = faults.Mode("huge")          // 200, and a body of Size bytes, 1 GB if 0
)

const (
	anything = "event" // the only kind
	hugeSize = 1_000_000_000
	forever  = time.Duration(-1)
)

// SetFault replaces the faults; none switches them off. Of several the first that hits is applied, Slow besides.
func (s *Sink) SetFault(list ...faults.Fault) error {
	for _, f := range list {
		if err := CheckFault(f); err != nil {
			return err
		}
	}
	return s.switches.Set(anything, list...)
}

// CheckFault tells what keeps SetFault from taking a fault.
func CheckFault(f faults.Fault) error {
	switch f.Mode {
	case Slow, Failing, Gone, TooMany, Hang, LostEvent, LostReply, FailingAfter, Drip, Huge:
	case Redirect:
		if f.Location == "" {
			return fmt.Errorf("fault %q wants a location", Redirect)
		}
	default:
		return fmt.Errorf("fault %q is none", f.Mode)
	}
	return f.Check()
}

// Faults returns the switches that are on, as they were set.
func (s *Sink) Faults() []faults.Fault { return s.switches.On()[anything] }

// wait waits in real time; false where the sender or the sink is gone.
func (s *Sink) wait(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return true
	}
	var end <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		end = t.C
	}
	select {
	case <-end:
		return true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return false
}

// refusal is the status of a fault that keeps an event from being taken; 0 closes the connection.
func refusal(f *faults.Fault) (status int, refused bool) {
	switch f.Mode {
	case Failing:
		return orDefault(f.Status, http.StatusInternalServerError), true
	case Gone:
		return http.StatusGone, true
	case TooMany:
		return http.StatusTooManyRequests, true
	case Redirect:
		return http.StatusFound, true
	case LostEvent:
		return 0, true
	}
	return 0, false
}

func refuse(w http.ResponseWriter, f *faults.Fault, status int) {
	switch f.Mode {
	case LostEvent:
		panic(http.ErrAbortHandler)
	case Redirect:
		w.Header().Set("Location", f.Location)
	case TooMany:
		w.Header().Set("Retry-After", strconv.FormatInt(max(1, (f.DelayMS+999)/1000), 10))
	}
	w.WriteHeader(status)
}

// finish records an event that was taken, and answers as the fault says.
func (s *Sink) finish(w http.ResponseWriter, r *http.Request, d *Delivery, f *faults.Fault, body []byte) {
	d.Status = http.StatusOK
	switch f.Mode {
	case LostReply:
		d.Status = 0
	case FailingAfter:
		d.Status = orDefault(f.Status, http.StatusInternalServerError)
	}
	s.record(d, body)
	switch f.Mode {
	case LostReply:
		panic(http.ErrAbortHandler)
	case Drip:
		w.WriteHeader(d.Status)
		s.drip(w, r, int(orDefault(f.Size, 60)), orDefault(f.Delay(), time.Second))
	case Huge:
		w.WriteHeader(d.Status)
		flood(w, orDefault(f.Size, hugeSize))
	default:
		s.reply(w, d)
	}
}

func (s *Sink) reply(w http.ResponseWriter, d *Delivery) {
	if s.o.Answer == nil || d.Status != http.StatusOK {
		w.WriteHeader(d.Status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(d.Status)
	_, _ = w.Write(s.o.Answer(d)) // the sender is gone: its business
}

// drip writes n bytes, one at a time.
func (s *Sink) drip(w http.ResponseWriter, r *http.Request, n int, each time.Duration) {
	out := http.NewResponseController(w)
	for range n {
		if _, err := io.WriteString(w, " "); err != nil || out.Flush() != nil || !s.wait(r.Context(), each) {
			return
		}
	}
}

// flood writes n bytes as long as somebody reads.
func flood(w io.Writer, n int64) {
	block := bytes.Repeat([]byte(" "), 64<<10)
	for n > 0 {
		written, err := w.Write(block[:min(n, int64(len(block)))])
		if n -= int64(written); err != nil {
			return
		}
	}
}

func orDefault[T int | int64 | time.Duration](v, d T) T {
	if v == 0 {
		return d
	}
	return v
}
