package fakeprovider

import (
	"fmt"
	"slices"
	"time"

	"github.com/kvitto/kvitto/internal/faults"
)

// Mode is what goes wrong.
type Mode = faults.Mode

// Fault is a switch.
type Fault = faults.Fault

// What goes wrong with a call before anything is done.
const (
	Slow              = faults.Slow    // DelayMS later; what else goes wrong still does
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

// check tells what is wrong with a fault for a kind.
func check(f *Fault, k Kind) error {
	if f.Mode == Redirect && f.Location == "" {
		return fmt.Errorf("fault %q wants a location", f.Mode)
	}
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

// SetFault replaces the faults of a kind; none switches them off. Of several the first that hits is applied, Slow besides.
func (p *Provider) SetFault(k Kind, list ...Fault) error {
	if !slices.Contains(Kinds(), k) {
		return errKind(k)
	}
	for i := range list {
		if err := check(&list[i], k); err != nil {
			return err
		}
	}
	return p.switches.Set(string(k), list...)
}

// ClearFaults switches everything off.
func (p *Provider) ClearFaults() { p.switches.Clear() }

// Faults returns the switches that are on, as they were set, by kind.
func (p *Provider) Faults() map[Kind][]Fault {
	all := map[Kind][]Fault{}
	for kind, list := range p.switches.On() {
		all[Kind(kind)] = list
	}
	return all
}

// pick decides what goes wrong with one request.
func (p *Provider) pick(k Kind, order string) (delay time.Duration, hit Fault) {
	if k == Push || k == Notification {
		return p.switches.Pick(string(k), "", order)
	}
	return p.switches.Pick(string(k), string(Any), order)
}

// CheckFault tells what keeps SetFault from taking a fault for a kind.
func CheckFault(k Kind, f Fault) error {
	if !slices.Contains(Kinds(), k) {
		return errKind(k)
	}
	if err := check(&f, k); err != nil {
		return err
	}
	return f.Check()
}

func errKind(k Kind) error {
	return fmt.Errorf("fault: %q is no kind of call; there are %q", k, Kinds())
}
