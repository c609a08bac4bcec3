package sink

import (
	"context"
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"
)

// The breaker opens after so many faults in a row and lets one request through after so long.
const (
	breakerFaults = 5
	breakerOpen   = 5 * time.Second
)

// newBreaker makes the breaker of a merchant's shop: no answer, 5xx and 429 count. What it refuses does not, since a single
// order may be to blame; one that was called off says nothing about the shop.
func newBreaker() *gobreaker.TwoStepCircuitBreaker[struct{}] {
	return gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:      breakerOpen,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakerFaults },
		IsSuccessful: func(err error) bool { return !down(err) },
		IsExcluded:   func(err error) bool { return errors.Is(err, context.Canceled) },
	})
}

// down reports whether a fault says that the shop is down rather than that it refuses.
func down(err error) bool {
	var unreachable *UnreachableError
	var status *StatusError
	switch {
	case errors.As(err, &unreachable):
		return true
	case errors.As(err, &status):
		return status.Status >= 500 || status.Status == 429
	default:
		return false
	}
}
