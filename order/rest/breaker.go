package rest

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

// newBreaker makes the breaker: faults of the network and 5xx count, refusals and odd answers do not. A caller that gave up
// says nothing about the provider.
func newBreaker() *gobreaker.TwoStepCircuitBreaker[struct{}] {
	return gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:      breakerOpen,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakerFaults },
		IsSuccessful: func(err error) bool { return !errors.Is(err, ErrUnavailable) },
		IsExcluded:   func(err error) bool { return errors.Is(err, context.Canceled) },
	})
}
