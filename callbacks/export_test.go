package callbacks

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
