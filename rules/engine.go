package rules

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/pricing"
)

// Options of NewEngine. Members run in their order; exactly one of them must be a TaxEngine, one or more a
// ShippingEngine.
type Options struct {
	Revision      string         // of the tables, mandatory
	Location      *time.Location // of the tables' dates and clocks; nil: UTC
	Members       []Member       // mandatory
	Policy        pricing.ShippingPolicy
	CountryChange map[string]string // country, upper case → absolute https URL
	RequireOption bool              // validation: goods to ship need a selected option
	DenyURL       string            // validation: where a denial by the tables goes; empty: 400
	FactPointers  map[string]string // "coupon", "group" → JSON pointer into merchant_data
	Products      Products          // for carts that carry no shipping attributes; nil: none
	OnFault       func(Fault)       // told of each cut-off, panic, open breaker; must not block; nil: nobody
}

// Engine asks its members in order and puts their answers together. It is immutable and safe for concurrent use.
type Engine struct {
	o       Options
	members []*member
	tax     *member
	home    string // of the first member that knows; upper case
	group   jsontext.Pointer
	coupon  jsontext.Pointer
}

// NewEngine checks the options and tells everything that is wrong with them, joined.
func NewEngine(o Options) (*Engine, error) {
	if o.Location == nil {
		o.Location = time.UTC
	}
	o.CountryChange = maps.Clone(o.CountryChange)
	e := &Engine{o: o, group: jsontext.Pointer(o.FactPointers[factGroup]), coupon: jsontext.Pointer(o.FactPointers[factCoupon])}
	faults := e.o.faults()
	if o.Revision == "" {
		faults = append(faults, errors.New("revision: is empty; it names the tables in every reason"))
	}
	seen := make(map[string]bool, len(o.Members))
	shipping := 0
	for i := range o.Members {
		m := newMember(o.Members[i])
		if err := m.check(); err != nil {
			faults = append(faults, fmt.Errorf("members[%d]: %w", i, err))
			continue
		}
		if seen[m.Name] {
			faults = append(faults, fmt.Errorf("members[%d]: the name %q is taken", i, m.Name))
		}
		seen[m.Name] = true
		if m.tax != nil && e.tax != nil {
			faults = append(faults, fmt.Errorf("members[%d]: %q is a second TaxEngine beside %q", i, m.Name, e.tax.Name))
		}
		if m.shipping != nil {
			shipping++
		}
		e.add(m)
	}
	if e.tax == nil {
		faults = append(faults, errors.New("members: none is a TaxEngine; want exactly one"))
	}
	if shipping == 0 {
		faults = append(faults, errors.New("members: none is a ShippingEngine; want at least one"))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return e, nil
}

func (e *Engine) add(m *member) {
	e.members = append(e.members, m)
	if m.tax != nil {
		e.tax = m
		e.o.Policy.Fees = feesOf(m)
	}
	if h, ok := m.Impl.(Homed); ok && e.home == "" {
		e.home = upper(h.Home())
	}
}

// check tells the first thing that is wrong with a member by itself.
func (m *member) check() error {
	switch {
	case m.Name == "":
		return errors.New("the name is empty")
	case m.Impl == nil:
		return fmt.Errorf("%q has no Impl", m.Name)
	case len(hooksOf(m.Impl)) == 0:
		return fmt.Errorf("%q: %T implements no hook; want one of %s", m.Name, m.Impl, strings.Join(hookNames(), ", "))
	case m.Deadline < 0:
		return fmt.Errorf("%q: deadline %s is negative", m.Name, m.Deadline)
	case m.OnFault != FaultDeny && m.OnFault != FaultSkip:
		return fmt.Errorf("%q: fault policy %d is unknown", m.Name, m.OnFault)
	case m.tax != nil && !m.Inline && m.OnFault == FaultSkip:
		return fmt.Errorf("%q: a TaxEngine cannot be skipped: an order without its tax is wrong; want FaultDeny", m.Name)
	default:
		return nil
	}
}

// faults tells what is wrong with the addresses and pointers.
func (o *Options) faults() []error {
	var faults []error
	if o.DenyURL != "" && !secureURL(o.DenyURL) {
		faults = append(faults, fmt.Errorf("deny_url: %q is not an absolute https URL", o.DenyURL))
	}
	for _, country := range slices.Sorted(maps.Keys(o.CountryChange)) {
		if !isCountry(country) {
			faults = append(faults, fmt.Errorf("country_change: %q is not two upper-case letters", country))
		}
		if to := o.CountryChange[country]; !secureURL(to) {
			faults = append(faults, fmt.Errorf("country_change.%s: %q is not an absolute https URL", country, to))
		}
	}
	for _, fact := range slices.Sorted(maps.Keys(o.FactPointers)) {
		if fact != factCoupon && fact != factGroup {
			faults = append(faults, fmt.Errorf("facts: %q is unknown; want %s or %s", fact, factCoupon, factGroup))
		}
		if p := o.FactPointers[fact]; !jsontext.Pointer(p).IsValid() || p == "" {
			faults = append(faults, fmt.Errorf("facts.%s: %q is no JSON pointer, e.g. %q", fact, p, "/"+fact))
		}
	}
	return faults
}

// Revision names the tables that this engine decides by.
func (e *Engine) Revision() string { return e.o.Revision }

// tell tells a fault to whoever wants to know.
func (e *Engine) tell(m *member, hook string, cause error, fallback string) {
	if e.o.OnFault != nil {
		e.o.OnFault(Fault{Member: m.Name, Hook: hook, Cause: cause, Fallback: fallback})
	}
}

// secureURL reports whether a browser may be sent there: absolute, https, with a host and without a user.
func secureURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

func isCountry(s string) bool {
	return len(s) == 2 && 'A' <= s[0] && s[0] <= 'Z' && 'A' <= s[1] && s[1] <= 'Z'
}

func upper(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }
