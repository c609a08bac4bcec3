package callbacks

import "time"

// OrderIDFrom gives the tests the reader of the order id.
func OrderIDFrom(query string, names ...string) (id, class string) {
	id, c := orderIDFrom(query, names)
	return id, string(c)
}

// InFlight gives the tests what the limits count.
func (s *Server) InFlight() (requests int, bytes int64) {
	u := s.limits.now()
	return u.requests, u.bytes
}

// Earlier gives the tests how many engines validation may judge by beside the one in use.
func (s *snapshot) count() int { return len(s.earlier) }

// EarlierCount is the number of retired engines.
func (r *Rules) EarlierCount() int { return r.current.Load().count() }

// Carried gives the tests what a merchant keeps over a reload.
type Carried struct{ c *carried }

// NewCarried makes one.
func NewCarried() Carried { return Carried{newCarried()} }

// Expect remembers an order.
func (c Carried) Expect(id string) { c.c.expect(id) }

// MayPush takes one from a share.
func (c Carried) MayPush(id string, now time.Time) bool { return c.c.mayPush(id, now) }

// Expected is how many orders are remembered.
func (c Carried) Expected() int { return len(c.c.latest) + len(c.c.before) }
