package fakeprovider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// answerRead is how much of an answer to a push is read.
const answerRead = 64 << 10

// pushAll pushes what is due until the provider is closed.
func (p *Provider) pushAll() {
	for {
		due, next := p.agenda.take(&p.o.Schedule, p.clock.now())
		if due != nil {
			p.push(due.order, due.n)
			if p.ctx.Err() != nil {
				return
			}
			continue
		}
		if !p.sleepUntil(next) {
			return
		}
	}
}

// sleepUntil waits until the provider's clock shows t, for ever if t is zero, or the agenda changed.
func (p *Provider) sleepUntil(t time.Time) bool {
	var end <-chan time.Time
	if !t.IsZero() {
		timer := time.NewTimer(p.clock.until(t))
		defer timer.Stop()
		end = timer.C
	}
	select {
	case <-end:
	case <-p.agenda.changed:
	case <-p.ctx.Done():
		return false
	}
	return true
}

// push sends push n of an order, or as many as a fault says. It returns when they are under way.
func (p *Provider) push(id string, n int) {
	delay, fault := p.pick(Push, id)
	copies := 1
	if n == 0 {
		copies = p.o.Burst
	}
	switch fault.Mode {
	case Dropped:
		p.history.add(Entry{Seq: p.history.next(), At: p.o.Now(), Kind: Push, Order: id, Method: http.MethodPost, Fault: Dropped})
		return
	case Duplicated:
		copies = orDefault(fault.Copies, 2)
	}
	for range copies {
		target := p.pushURL(id)
		if target == "" {
			return
		}
		p.send(&message{kind: Push, order: id, target: target, delay: delay, fault: fault.Mode})
	}
}

// pushURL is where the next push of an order goes, and counts it; "" where that is not known.
func (p *Provider) pushURL(id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.orders[id]
	if e == nil || e.managed == nil {
		return ""
	}
	target := p.urlOf(e, "push", p.o.PushURLs)
	if target != "" {
		e.managed.pushes++
	}
	return fill(target, id)
}

// urlOf is a URL of the order's own, or the next one of a list.
func (p *Provider) urlOf(e *entry, name string, list []string) string {
	if e.checkout != nil {
		if own := e.checkout.doc.object("merchant_urls").text(name); own != "" {
			return own
		}
	}
	if len(list) == 0 {
		return ""
	}
	p.turn++
	return list[p.turn%len(list)]
}

// message is a request on its way out.
type message struct {
	kind   Kind
	order  string
	target string
	body   string
	delay  time.Duration
	fault  Mode
}

// send sends a message once there is a free slot.
func (p *Provider) send(m *message) {
	select {
	case p.slots <- struct{}{}:
	case <-p.ctx.Done():
		return
	}
	p.work.Go(func() {
		defer func() { <-p.slots }()
		if p.wait(p.ctx, m.delay) {
			p.history.add(p.deliver(m))
		}
	})
}

// deliver sends a message and says what came of it.
func (p *Provider) deliver(m *message) Entry {
	e := Entry{Seq: p.history.next(), At: p.o.Now(), Kind: m.kind, Order: m.order, Method: http.MethodPost, Target: m.target, Fault: m.fault}
	status, err := p.post(m)
	e.Status = status
	if err != nil {
		e.Error = err.Error()
	}
	return e
}

func (p *Provider) post(m *message) (status int, err error) {
	ctx, cancel := context.WithTimeout(p.ctx, p.o.Timeout)
	defer cancel()
	var body io.Reader = http.NoBody
	if m.body != "" {
		body = strings.NewReader(m.body)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.target, body)
	if err != nil {
		return 0, err
	}
	if m.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := p.client.Do(req)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, answerRead))
	return res.StatusCode, errors.Join(err, res.Body.Close())
}

// PushNow sends a push of an order outside the schedule, acknowledged or not.
func (p *Provider) PushNow(id string) error {
	return p.outside("push", id, func(e *entry) *message {
		e.managed.pushes++
		return &message{kind: Push, order: id, target: fill(p.urlOf(e, "push", p.o.PushURLs), id)}
	})
}

// outside sends a message outside the schedule.
func (p *Provider) outside(what, id string, make func(*entry) *message) error {
	p.mu.Lock()
	e := p.orders[id]
	if p.closed || e == nil || e.managed == nil {
		p.mu.Unlock()
		return fmt.Errorf("%s: no such order: %q", what, id)
	}
	m := make(e)
	if m.target == "" {
		p.mu.Unlock()
		return fmt.Errorf("%s of order %q: the order names no URL for it and Options neither", what, id)
	}
	p.work.Go(func() { p.send(m) })
	p.mu.Unlock()
	return nil
}
