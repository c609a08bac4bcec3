package cmd

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Skews of clocks that are told.
const (
	skewOdd   = 2 * time.Second
	skewWrong = 30 * time.Second
)

// dated is a Date header with our own time before and after it came.
type dated struct {
	date      string
	sent, got time.Time
}

// skew is how far our clock is at least ahead of the other (negative: behind), 0 where they may agree: the header has whole
// seconds, and the way takes time. ok is false where there is no date.
func (s dated) skew() (by time.Duration, ok bool) {
	at, err := http.ParseTime(s.date)
	if err != nil {
		return 0, false
	}
	switch {
	case s.sent.Sub(at) > time.Second+s.got.Sub(s.sent):
		return s.sent.Sub(at) - time.Second, true
	case at.After(s.got):
		return s.got.Sub(at), true
	default:
		return 0, true
	}
}

// clock compares this machine's time with a Date header.
func (a about) clock(looked string, s dated) {
	by, ok := s.skew()
	if !ok {
		a.skip("clock", looked, "the answer has no Date header")
		return
	}
	size, side := by, "ahead of"
	if by < 0 {
		size, side = -by, "behind"
	}
	found := fmt.Sprintf("this machine is at least %v %s it", size.Round(100*time.Millisecond), side)
	const do = "let both keep time by NTP: until, signatures of webhooks and dates of tables go by the clock"
	switch {
	case size > skewWrong:
		a.note(isFailed, "clock", looked, found, do)
	case size > skewOdd:
		a.note(isWarned, "clock", looked, found, do)
	default:
		a.note(isFine, "clock", looked, "this machine agrees with it", "")
	}
}

// dateWatch remembers the Date of the last answer that passed through it. It is safe for concurrent use.
type dateWatch struct {
	next http.RoundTripper
	now  func() time.Time
	mu   sync.Mutex
	last dated
}

// RoundTrip implements http.RoundTripper.
func (w *dateWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := w.now()
	res, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = dated{date: res.Header.Get("Date"), sent: sent, got: w.now()}
	return res, nil
}

// seen is the last one; the zero value where nobody has answered.
func (w *dateWatch) seen() dated {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}
