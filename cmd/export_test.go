package cmd

import (
	"time"

	"github.com/kvitto/kvitto/order"
)

// ParseMajor and MajorUnits read and write amounts of the command line.
func ParseMajor(text, currency string) (order.Amount, error) { return parseMajor(text, currency) }

// MajorUnits is the other way.
func MajorUnits(a order.Amount, currency string) string { return majorUnits(a, currency) }

// Leaving is what is closed later.
type Leaving struct{ l leaving }

// Later calls end once: after d, or in Now.
func (l *Leaving) Later(d time.Duration, end func()) { l.l.later(d, end) }

// Now ends everything that is left.
func (l *Leaving) Now() { l.l.now() }

// Waiting is how many are left.
func (l *Leaving) Waiting() int {
	l.l.mu.Lock()
	defer l.l.mu.Unlock()
	return len(l.l.waits)
}
