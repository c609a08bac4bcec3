//go:build failpoints

package cmd

import (
	"os"
	"time"

	"github.com/kvitto/kvitto/configs"
)

// leaseOf is shorter than the configuration allows where a crash test says so, since it waits for leases to end.
func leaseOf(c configs.Confirm) time.Duration {
	if d, err := time.ParseDuration(os.Getenv("KVITTO_TORTURE_LEASE")); err == nil {
		return d
	}
	return c.Lease
}
