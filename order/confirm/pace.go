package confirm

import (
	"sync"
	"time"
)

// pace keeps a merchant's attempts away from a provider that asked to be left alone, or that refuses our credentials.
// While it lasts nothing is tried; then one attempt probes, and its success lifts it.
type pace struct {
	now    func() time.Time
	mu     sync.Mutex
	reason Reason
	until  time.Time
	probe  bool // one attempt is out
}

// pause begins a pause, or makes it longer.
func (p *pace) pause(why Reason, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	until := p.now().Add(d)
	if p.reason == "" || until.After(p.until) {
		p.reason, p.until = why, until
	}
	p.probe = false
}

// enter reports whether an attempt may begin.
func (p *pace) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.reason == "":
		return true
	case p.probe || p.now().Before(p.until):
		return false
	default:
		p.probe = true
		return true
	}
}

// leave ends an attempt. talked: the provider answered it.
func (p *pace) leave(talked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
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
}

// why is the reason of the pause, "" where there is none.
func (p *pace) why() Reason {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reason
}
