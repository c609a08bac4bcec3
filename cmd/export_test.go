package cmd

import "time"

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
