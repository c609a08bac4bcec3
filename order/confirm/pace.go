package confirm

import (
	"sync"
	"time"
)

// pace keeps a merchant's attempts away from a provider that asked to be left alone, or that refuses our credentials.
// While it lasts nothing is tried; then one attempt at a time probes, and the first that is answered lifts it.
type pace struct {
	now    func() time.Time
	mu     sync.Mutex
	reason Reason
	until  time.Time
	pauses int  // that began or were lifted: what began before one says nothing about it
	probe  bool // one attempt is out
}

// ticket is what an attempt entered with.
type ticket struct {
	pauses int
	probe  bool
}

// pause begins a pause, or makes it longer.
func (p *pace) pause(why Reason, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(d); p.reason == "" || until.After(p.until) {
		p.reason, p.until = why, until
	}
	p.pauses++
	p.probe = false
}

// enter reports whether an attempt may begin. What it returns is given back by leave.
func (p *pace) enter() (ticket, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.reason == "":
		return ticket{pauses: p.pauses}, true
	case p.probe || p.now().Before(p.until):
		return ticket{}, false
	default:
		p.probe = true
		return ticket{p.pauses, true}, true
	}
}

// leave ends an attempt. talked: the provider answered it, which ends a pause, unless that began meanwhile.
func (p *pace) leave(t ticket, talked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !t.probe || t.pauses != p.pauses {
		return
	}
	p.probe = false
	if talked {
		p.reason = ""
	}
}

// lift ends a pause, as when the credentials were replaced.
func (p *pace) lift() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reason, p.probe = "", false
	p.pauses++
}

// why is the reason of the pause, "" where there is none.
func (p *pace) why() Reason {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reason
}
