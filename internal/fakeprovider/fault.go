package fakeprovider

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Mode is what goes wrong.
type Mode string

// What goes wrong with a call before anything is done.
const (
	Slow         Mode = "slow"         // DelayMS later; what else goes wrong still does
	BlackHole    Mode = "black_hole"   // never answers
	Failing      Mode = "failing"      // Status, 503 if 0
	Unauthorized Mode = "unauthorized" // 401 with a page
	Missing      Mode = "missing"      // 404 NO_SUCH_ORDER
	TooMany      Mode = "too_many"     // 429 with Retry-After: DelayMS, at least 1 s
	Forbidden    Mode = "forbidden"    // 403 NOT_ALLOWED
	Redirect     Mode = "redirect"     // 302 to Location
)

// What goes wrong after everything was done.
const (
	LostReply      Mode = "lost_reply"      // the connection closes without an answer
	FailingAfter   Mode = "failing_after"   // Status, 504 if 0, as from a gateway
	HTML           Mode = "html"            // the status as it should be, with a page
	HalfJSON       Mode = "half_json"       // the first half of the body
	OtherOrder     Mode = "other_order"     // the body has another order's id
	Huge           Mode = "huge"            // a body of Size bytes, 200 MB if 0
	CompressedHuge Mode = "compressed_huge" // a body that inflates to Size bytes
)

// What goes wrong with a push or notification.
const (
	Dropped    Mode = "dropped"    // it is not sent
	Duplicated Mode = "duplicated" // it is sent Copies times at once, 2 if 0
)

// Fault is a switch.
type Fault struct {
	Mode     Mode   `json:"mode"`
	Percent  int    `json:"percent,omitzero"`  // of requests, 1 to 99; 0 and 100: all
	Status   int    `json:"status,omitzero"`   // 400 to 599
	DelayMS  int64  `json:"delay_ms,omitzero"` // real time
	ForMS    int64  `json:"for_ms,omitzero"`   // real time after which the switch goes off; 0: stays
	Times    int    `json:"times,omitzero"`    // number of hits after which the switch goes off; 0: stays
	Order    string `json:"order,omitzero"`    // only this order's
	Location string `json:"location,omitzero"` // of Redirect
	Size     int64  `json:"size,omitzero"`     // in bytes
	Copies   int    `json:"copies,omitzero"`
}

// check tells what is wrong with a fault for a kind.
func (f *Fault) check(k Kind) error {
	if err := f.fits(k); err != nil {
		return err
	}
	if f.Mode == Redirect && f.Location == "" {
		return fmt.Errorf("fault %q wants a location", f.Mode)
	}
	if f.Percent > 100 || min(int64(f.Percent), f.DelayMS, f.ForMS, int64(f.Times), f.Size, int64(f.Copies)) < 0 {
		return fmt.Errorf("fault %q: percent is 0 to 100, the other numbers are not negative", f.Mode)
	}
	if f.Status != 0 && (f.Status < 400 || f.Status > 599) {
		return fmt.Errorf("fault %q: status %d is not 400 to 599", f.Mode, f.Status)
	}
	return nil
}

// fits tells whether the mode is one for calls of a kind.
func (f *Fault) fits(k Kind) error {
	out := k == Push || k == Notification
	switch f.Mode {
	case Slow:
		return nil
	case Dropped, Duplicated:
		if !out {
			return fmt.Errorf("fault %q is for %s and %s, not for %s", f.Mode, Push, Notification, k)
		}
		return nil
	case Redirect, BlackHole, Failing, Unauthorized, Missing, TooMany, Forbidden, LostReply, FailingAfter, HTML, HalfJSON, OtherOrder, Huge,
		CompressedHuge:
		if out {
			return fmt.Errorf("fault %q is for calls into the provider, not for %s", f.Mode, k)
		}
		return nil
	}
	return fmt.Errorf("fault %q is none", f.Mode)
}

// faults are the switches that are on.
type faults struct {
	mu sync.Mutex
	on map[Kind][]*armed
}

type armed struct {
	Fault
	until time.Time // zero: stays
	left  int       // hits; negative: any number
}

func newFaults() *faults { return &faults{on: map[Kind][]*armed{}} }

// SetFault replaces the faults of a kind; none switches them off. Of several the first that hits is applied, Slow besides.
func (p *Provider) SetFault(k Kind, list ...Fault) error {
	if !slices.Contains(Kinds(), k) {
		return fmt.Errorf("fault: %q is no kind of call; there are %q", k, Kinds())
	}
	now := p.o.Now()
	set := make([]*armed, 0, len(list))
	for _, f := range list {
		if err := f.check(k); err != nil {
			return err
		}
		a := &armed{Fault: f, left: -1}
		if f.Times > 0 {
			a.left = f.Times
		}
		if f.ForMS > 0 {
			a.until = now.Add(time.Duration(f.ForMS) * time.Millisecond)
		}
		set = append(set, a)
	}
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	if len(set) == 0 {
		delete(p.faults.on, k)
		return nil
	}
	p.faults.on[k] = set
	return nil
}

// ClearFaults switches everything off.
func (p *Provider) ClearFaults() {
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	clear(p.faults.on)
}

// Faults returns the switches that are on, as they were set.
func (p *Provider) Faults() map[Kind][]Fault {
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	now, all := p.o.Now(), map[Kind][]Fault{}
	for _, k := range slices.Sorted(maps.Keys(p.faults.on)) {
		for _, a := range p.faults.on[k] {
			if a.live(now, "") {
				all[k] = append(all[k], a.Fault)
			}
		}
	}
	return all
}

// live reports whether a switch is on for an order; "" stands for all.
func (a *armed) live(now time.Time, order string) bool {
	return a.left != 0 && (a.until.IsZero() || now.Before(a.until)) && (a.Order == "" || order == "" || a.Order == order)
}

// pick decides what goes wrong with one request: a delay, and one fault or the zero Fault.
func (p *Provider) pick(k Kind, order string) (delay time.Duration, hit Fault) {
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	list, ok := p.faults.on[k]
	if !ok && k != Push && k != Notification {
		list = p.faults.on[Any]
	}
	now := p.o.Now()
	for _, a := range list {
		if !a.live(now, order) || (a.Mode != Slow && hit.Mode != "") || !p.roll(a.Percent) {
			continue
		}
		if a.left > 0 {
			a.left--
		}
		if a.Mode == Slow {
			delay += time.Duration(a.DelayMS) * time.Millisecond
		} else {
			hit = a.Fault
		}
	}
	return delay, hit
}
