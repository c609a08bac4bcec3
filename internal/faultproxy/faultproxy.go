// Package faultproxy is a TCP proxy that spoils what goes through it: late, slow, cut or never answered. It is for tests.
//
// Its one rule: requests always arrive. Only answers suffer, since that is where a client cannot know what happened.
package faultproxy

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Fault says what happens to answers from now on, of connections that are open too. The zero value lets all through.
type Fault struct {
	Latency time.Duration // before each part of an answer
	Rate    int           // bytes per second; 0 for no limit
	Hole    bool          // answers vanish
	Refuse  bool          // connections are reset as soon as they are made
}

// Proxy listens on a free port of the loopback address. It is safe for concurrent use.
type Proxy struct {
	target   string
	listener net.Listener
	running  sync.WaitGroup
	closed   chan struct{}

	mu    sync.Mutex
	fault Fault
	cuts  int // how many answers are still to be cut
	after int // after that many bytes
	done  int // answers that were cut
	open  map[net.Conn]bool
}

// Listen starts a proxy for a server.
func Listen(target string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("faultproxy: %w", err)
	}
	p := &Proxy{target: target, listener: l, closed: make(chan struct{}), open: make(map[net.Conn]bool)}
	p.running.Add(1)
	go p.accept()
	return p, nil
}

// Addr is where it listens.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Set makes a fault the one that counts.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
}

// Cut resets the connections of the next answers, some of them, after so many bytes of the answer. The request has been
// carried out by then.
func (p *Proxy) Cut(answers, after int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cuts, p.after = answers, after
}

// WasCut counts the answers that were cut.
func (p *Proxy) WasCut() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done
}

// Close ends all connections and waits until nothing runs any more.
func (p *Proxy) Close() error {
	p.mu.Lock()
	select {
	case <-p.closed:
	default:
		close(p.closed)
	}
	err := p.listener.Close()
	for c := range p.open {
		_ = c.Close() // it is being thrown away
	}
	p.mu.Unlock()
	p.running.Wait()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("faultproxy: %w", err)
	}
	return nil
}

func (p *Proxy) accept() {
	defer p.running.Done()
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		if p.now().Refuse {
			reset(c)
			continue
		}
		s, err := net.Dial("tcp", p.target)
		if err != nil || !p.keep(c, s) {
			reset(c)
			continue
		}
		p.running.Add(2)
		go p.requests(c, s)
		go p.answers(c, s)
	}
}

// keep remembers connections for Close, unless it is over.
func (p *Proxy) keep(c, s net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.closed:
		_ = s.Close() // nothing has been sent
		return false
	default:
	}
	p.open[c], p.open[s] = true, true
	return true
}

func (p *Proxy) drop(c, s net.Conn) {
	_, _ = c.Close(), s.Close() // either may be closed already
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
	delete(p.open, s)
}

// requests carries what the client says, until either side ends.
func (p *Proxy) requests(c, s net.Conn) {
	defer p.running.Done()
	defer p.drop(c, s)
	_, _ = io.Copy(s, c) // its end is the connection's
}

// answers carries what the server says, spoiled.
func (p *Proxy) answers(c, s net.Conn) {
	defer p.running.Done()
	defer p.drop(c, s)
	buf := make([]byte, 16<<10)
	for {
		n, err := s.Read(buf)
		if n > 0 && !p.answer(c, buf[:n]) {
			return
		}
		if err != nil {
			return
		}
	}
}

// answer passes a part of an answer on, and reports whether the connection goes on.
func (p *Proxy) answer(c net.Conn, part []byte) bool {
	if after, cut := p.cutting(); cut {
		_, _ = c.Write(part[:min(after, len(part))]) // the reset follows
		reset(c)
		return false
	}
	f := p.now()
	if f.Hole {
		return true
	}
	if !p.wait(f.Latency) {
		return false
	}
	if f.Rate <= 0 {
		_, err := c.Write(part)
		return err == nil
	}
	for len(part) > 0 {
		n := min(len(part), max(1, f.Rate/20))
		if !p.wait(time.Second * time.Duration(n) / time.Duration(f.Rate)) {
			return false
		}
		if _, err := c.Write(part[:n]); err != nil {
			return false
		}
		part = part[n:]
	}
	return true
}

func (p *Proxy) now() Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault
}

func (p *Proxy) cutting() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cuts == 0 {
		return 0, false
	}
	p.cuts--
	p.done++
	return p.after, true
}

// wait lets time pass, and reports whether the proxy still runs.
func (p *Proxy) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.closed:
		return false
	}
}

// reset closes a connection with a reset, so that the client sees no orderly end.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // else it is an orderly end
	}
	_ = c.Close() // nothing is left to lose
}
