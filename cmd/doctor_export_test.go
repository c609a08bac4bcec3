package cmd

import "time"

// Skew is how far a clock is ahead of a Date header.
func Skew(date string, sent, got time.Time) (time.Duration, bool) {
	return dated{date: date, sent: sent, got: got}.skew()
}

// Masked shows which secret is meant.
func Masked(secret string) string { return masked(secret) }
