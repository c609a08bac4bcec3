// Package faults holds the switches by which fakes go wrong: what, how often, for how long.
//
// Its one rule: it decides whether a fault hits; what it then does is the fake's business.
package faults

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// Mode is what goes wrong. Each fake names its own, but for Slow.
type Mode string

// Slow makes a request wait DelayMS; what else goes wrong still does.
const Slow Mode = "slow"

// Fault is a switch. Members that a mode does not need are 0.
type Fault struct {
	Mode     Mode   `json:"mode"`
	Percent  int    `json:"percent,omitzero"`  // of requests, 1 to 99; 0 and 100: all
	Status   int    `json:"status,omitzero"`   // 400 to 599
	DelayMS  int64  `json:"delay_ms,omitzero"` // real time
	ForMS    int64  `json:"for_ms,omitzero"`   // real time after which the switch goes off; 0: stays
	Times    int    `json:"times,omitzero"`    // number of hits after which the switch goes off; 0: stays
	Order    string `json:"order,omitzero"`    // only this order's
	Location string `json:"location,omitzero"` // of a redirect
	Size     int64  `json:"size,omitzero"`     // in bytes
	Copies   int    `json:"copies,omitzero"`
}

// Delay is DelayMS.
func (f *Fault) Delay() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }

// Check tells which number is out of range.
func (f *Fault) Check() error {
	if f.Percent > 100 || min(int64(f.Percent), f.DelayMS, f.ForMS, int64(f.Times), f.Size, int64(f.Copies)) < 0 {
		return fmt.Errorf("fault %q: percent is 0 to 100, the other numbers are not negative", f.Mode)
	}
	if f.Status != 0 && (f.Status < 400 || f.Status > 599) {
		return fmt.Errorf("fault %q: status %d is not 400 to 599", f.Mode, f.Status)
	}
	return nil
}

// Switches are faults by kind of request. It is safe for concurrent use.
type Switches struct {
	now func() time.Time

	mu   sync.Mutex
	dice *rand.Rand
	on   map[string][]*armed
}

type armed struct {
	Fault
	until time.Time // zero: stays
	left  int       // hits; negative: any number
}

// New returns switches that are all off. now is real time, seed that of the dice.
func New(now func() time.Time, seed uint64) *Switches {
	return &Switches{now: now, dice: rand.New(rand.NewPCG(seed, 1)), on: map[string][]*armed{}}
}

// Set replaces the faults of a kind; none switches them off.
func (s *Switches) Set(kind string, list ...Fault) error {
	now := s.now()
	set := make([]*armed, 0, len(list))
	for _, f := range list {
		if err := f.Check(); err != nil {
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
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on[kind] = set; len(set) == 0 {
		delete(s.on, kind)
	}
	return nil
}

// Clear switches everything off.
func (s *Switches) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.on)
}

// On returns the faults that are on, as they were set.
func (s *Switches) On() map[string][]Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, all := s.now(), map[string][]Fault{}
	for kind, list := range s.on {
		for _, a := range list {
			if a.live(now, "") {
				all[kind] = append(all[kind], a.Fault)
			}
		}
	}
	return all
}

// live reports whether a switch is on for an order; "" stands for all.
func (a *armed) live(now time.Time, order string) bool {
	return a.left != 0 && (a.until.IsZero() || now.Before(a.until)) && (a.Order == "" || order == "" || a.Order == order)
}

// Pick decides what goes wrong with one request: a delay, and the first other fault that hits or the zero Fault. Where the
// kind has no faults of its own, those of the other kind count, if that is not "".
func (s *Switches) Pick(kind, other, order string) (delay time.Duration, hit Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, ok := s.on[kind]
	if !ok && other != "" {
		list = s.on[other]
	}
	now := s.now()
	for _, a := range list {
		if !a.live(now, order) || (a.Mode != Slow && hit.Mode != "") || !s.roll(a.Percent) {
			continue
		}
		if a.left > 0 {
			a.left--
		}
		if a.Mode == Slow {
			delay += a.Delay()
		} else {
			hit = a.Fault
		}
	}
	return delay, hit
}

// roll reports a hit with a chance in percent; 0 means always.
func (s *Switches) roll(percent int) bool {
	return percent == 0 || percent == 100 || s.dice.IntN(100) < percent
}
