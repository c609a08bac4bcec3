//go:build !failpoints

package cmd

import (
	"time"

	"github.com/kvitto/kvitto/configs"
)

// leaseOf is how long one attempt may work on an order.
func leaseOf(c configs.Confirm) time.Duration { return c.Lease }
