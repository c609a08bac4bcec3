package fakeprovider

import (
	"sync"
	"time"
)

// clock is the provider's: it began with the real one and runs speed times as fast.
type clock struct {
	real func() time.Time

	mu    sync.Mutex
	speed int64
	mark  time.Time // real time of the last change of speed
	began time.Time // what this clock showed then
}

func newClock(real func() time.Time, speed int64) *clock {
	at := real()
	return &clock{real: real, speed: speed, mark: at, began: at}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at()
}

func (c *clock) at() time.Time {
	return c.began.Add(c.real().Sub(c.mark) * time.Duration(c.speed))
}

// rate is how many times as fast as the real one it runs.
func (c *clock) rate() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

func (c *clock) setSpeed(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.began, c.mark, c.speed = c.at(), c.real(), n
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.began = c.began.Add(d)
}

// until is the real time to wait until this clock shows t, rounded up.
func (c *clock) until(t time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	left := t.Sub(c.at())
	if left <= 0 {
		return 0
	}
	return (left + time.Duration(c.speed) - 1) / time.Duration(c.speed)
}
