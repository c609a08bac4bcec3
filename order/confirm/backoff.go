package confirm

import (
	"math/rand/v2"
	"time"
)

// Waits for an order that the provider does not show: it may only lag behind. The first one is five of the shortest waits, the
// next ones thirty.
const (
	unknownFirst = 5
	unknownNext  = 30
	unknownSoon  = 30 * time.Second // the most of these
	unknownOften = 4                // how many of these
	unknownLater = 5 * time.Minute
	unknownYoung = time.Hour // age until which later holds
	fraudPoll    = 15 * time.Minute
)

// backoff is how long an order waits after its attempt number n (from 0) failed.
func (m *Machine) backoff(why Reason, err error, n int64, age time.Duration) time.Duration {
	if d := later(err); d > 0 {
		return d
	}
	step := m.o.Backoff[min(n, int64(len(m.o.Backoff)-1))]
	switch {
	case why == ReasonUnknown && n == 0:
		step = min(unknownSoon, m.o.Backoff[0]*unknownFirst)
	case why == ReasonUnknown && n < unknownOften:
		step = min(unknownSoon, m.o.Backoff[0]*unknownNext)
	case why == ReasonUnknown && age < unknownYoung:
		step = min(unknownLater, step)
	case why == ReasonPendingFraud, why == ReasonUnconfirmed:
		step = min(step, fraudPoll)
	}
	return m.o.Jitter(step)
}

// jitter takes up to a fifth off a wait, so that what failed together does not come again together.
func jitter(d time.Duration) time.Duration {
	return d - time.Duration(rand.Int64N(int64(d)/5+1)) //nolint:gosec // no secret: it only spreads load
}
