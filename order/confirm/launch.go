package confirm

// maxEnded is how many orders are remembered for having been tried a moment ago.
const maxEnded = 4096

// reason is why an attempt is wanted.
type reason struct {
	since    int64 // mark of when the order was seen to be due: what was tried since then is due no more
	hurry    bool  // something is new: an attempt that runs already may have missed it
	stranger bool  // the order is not trusted
}

// job is an attempt that runs.
type job struct {
	again    bool // another attempt is wanted after this one
	stranger bool // its seat is one of those
}

// mark is this moment, by the count of attempts that ended.
func (m *Machine) mark(t *tenant) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return t.count
}

// launch runs an attempt in the background where none is running and the machine is not stopping. The caller holds a seat and
// a ticket, which launch gives back.
func (m *Machine) launch(t *tenant, k Key, pass ticket, why reason) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, running := m.running[k]; m.stopped || running || t.ended[k.Order] > why.since {
		t.seats.give(why.stranger)
		t.pace.leave(pass, false)
		return false
	}
	m.running[k] = &job{stranger: why.stranger}
	m.working.Go(func() {
		for more := true; more; pass, more = m.ran(t, k) {
			m.attempt(m.base, t, k, pass)
		}
	})
	return true
}

// ran ends an attempt, or has it followed by another one.
func (m *Machine) ran(t *tenant, k Key) (ticket, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running[k].again && !m.stopped {
		if pass, ok := t.pace.enter(); ok {
			m.running[k].again = false
			return pass, true
		}
	}
	m.ended(t, k)
	return ticket{}, false
}

// ended gives the seat back. m.mu is held.
func (m *Machine) ended(t *tenant, k Key) {
	t.seats.give(m.running[k].stranger)
	delete(m.running, k)
	if t.ended == nil || len(t.ended) >= maxEnded {
		t.ended = map[string]int64{}
	}
	t.count++
	t.ended[k.Order] = t.count
}

// try launches an attempt if there is room for it now; what finds none stays due, and the recovery takes it next.
func (m *Machine) try(t *tenant, k Key, why reason) {
	if why.hurry && m.follow(k) {
		return
	}
	if !t.seats.take(why.stranger) {
		t.seats.call(why.stranger)
		return
	}
	if pass, ok := t.pace.enter(); ok {
		m.launch(t, k, pass, why)
		return
	}
	t.seats.give(why.stranger)
}

// follow has a running attempt followed by another one; false where none runs.
func (m *Machine) follow(k Key) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	j := m.running[k]
	if j == nil {
		return false
	}
	j.again = true
	return true
}
