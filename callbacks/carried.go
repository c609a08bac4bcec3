package callbacks

import (
	"hash/maphash"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// pushRate is how many triggers a second of one merchant are taken, and of ensure as many again; pushBurst is how
	// many may come at once, such as after an outage. The provider comes again with the rest.
	pushRate, pushBurst = 200, 2000
	// expectedOrders is how many orders, at least, of the latest validations have a share of their own of that.
	expectedOrders = 4096
)

// carried is what a merchant keeps over a reload.
type carried struct {
	usage    usage // limits guards it
	unknown  *rate.Limiter
	expected *rate.Limiter
	ensures  *rate.Limiter
	waiting  int // ensure, that are at work

	mu     sync.Mutex // of waiting and what follows
	seed   maphash.Seed
	latest map[uint64]struct{} // orders whose validation was approved
	before map[uint64]struct{} // the same, the filling before
}

func newCarried() *carried {
	limiter := func() *rate.Limiter { return rate.NewLimiter(pushRate, pushBurst) }
	return &carried{unknown: limiter(), expected: limiter(), ensures: limiter(), seed: maphash.MakeSeed()}
}

// expect remembers an order whose push is to come. Only a hash is kept: two orders with the same one share what an order
// is allowed anyway.
func (c *carried) expect(orderID string) {
	h := maphash.String(c.seed, orderID)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.latest) >= expectedOrders {
		c.before, c.latest = c.latest, nil
	}
	if c.latest == nil {
		c.latest = make(map[uint64]struct{})
	}
	c.latest[h] = struct{}{}
}

// mayPush takes one from the share of orders that were validated here, or of those that were not: ids that somebody made
// up cannot use up what real ones need.
func (c *carried) mayPush(orderID string, now time.Time) bool {
	h := maphash.String(c.seed, orderID)
	c.mu.Lock()
	_, known := c.latest[h]
	if !known {
		_, known = c.before[h]
	}
	c.mu.Unlock()
	if known {
		return c.expected.AllowN(now, 1)
	}
	return c.unknown.AllowN(now, 1)
}

// wait lets one more ensure wait, of most; end gives its place back.
func (c *carried) wait(most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting >= most {
		return false
	}
	c.waiting++
	return true
}

func (c *carried) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting--
}
