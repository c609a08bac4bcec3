package confirm

import (
	"math/rand/v2"
	"time"
)

// Waits for an order that the provider does not show: it may only lag behind.
const (
	unknownSoon  = 30 * time.Second
	unknownOften = 3 // times that soon holds
	unknownLater = 5 * time.Minute
	unknownYoung = time.Hour // age until which later holds
	fraudPoll    = 15 * time.Minute
)

// backoff is how long an order waits after its attempt number n (from 0) failed.
func (m *Machine) backoff(why Reason, err error, n int64, age time.Duration) time.Duration {
	if d := later(err); d > 0 {
		return d
	}
	step := m.o.Backoff[min(int(min(n, int64(len(m.o.Backoff)))), len(m.o.Backoff)-1)]
	switch why {
	case ReasonUnknown:
		switch {
		case n < unknownOften:
			step = min(unknownSoon, max(step, m.o.Backoff[0]*5))
		case age < unknownYoung:
			step = min(unknownLater, step)
		}
	case ReasonPendingFraud, ReasonUnconfirmed:
		step = min(step, fraudPoll)
	}
	return m.o.Jitter(step)
}

// jitter takes up to a fifth off a wait, so that what failed together does not come again together.
func jitter(d time.Duration) time.Duration {
	return d - time.Duration(rand.Int64N(int64(d)/5+1)) //nolint:gosec // no secret: it only spreads load
}
