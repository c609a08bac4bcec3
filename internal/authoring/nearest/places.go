package nearest

import (
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/rulestest"
	"github.com/kvitto/kvitto/rules/table"
)

// maxStretches bounds how many stretches of postcodes are looked at in each direction; each costs a look-up, and only those in
// zones not met before a question.
const maxStretches = 100_000

// byPostcode walks from the order's postcode to the lowest and to the highest of the country. Where both ways lead to the same
// change it is told once.
func (f *finder) byPostcode() {
	w := f.walker()
	if w == nil {
		return
	}
	down, up := w.walk(false), w.walk(true)
	for i := range f.parts {
		a, b := down[i], up[i]
		switch {
		case a != nil && b != nil && a.state == b.state:
			f.found = append(f.found, f.change(i, rulestest.ByPostcode, false, "in "+w.country+" "+a.text(w)+" and "+b.text(w), &f.base[i], &a.state))
		default:
			for _, s := range []*stretch{a, b} {
				if s != nil {
					f.found = append(f.found, f.change(i, rulestest.ByPostcode, s == b, "in "+w.country+" "+s.text(w), &f.base[i], &s.state))
				}
			}
		}
	}
}

// walker goes from stretch to stretch of the postcodes of a country.
type walker struct {
	f               *finder
	country, region string
	zones           []*table.Zones // that name the country
	lo, hi          uint64         // keys of the stretch that the order is in
	known           map[within][]state
}

// within are the sets of zones of shipping.yaml and of tax.yaml that a stretch is in.
type within [2]struct{ certain, possible table.SetID }

// stretch is postcodes where an option has one state; it may end because no more was looked at.
type stretch struct {
	lo, hi uint64
	state  state
	open   bool
}

func (s *stretch) text(w *walker) string {
	z := w.zones[0]
	return authoring.Range{From: z.Code(w.country, s.lo), To: z.Code(w.country, s.hi)}.String()
}

func (f *finder) walker() *walker {
	d := &f.q.Destination
	w := &walker{f: f, country: d.Country, region: d.Region, known: map[within][]state{}}
	for _, z := range []*table.Zones{f.b.Zones(), f.b.Tax.Zones} {
		if _, _, ok := z.Keys(d.Country, d.Postcode); ok && z.UsesPostcodes(d.Country) {
			w.zones = append(w.zones, z)
		}
	}
	if len(w.zones) == 0 {
		return nil
	}
	lo, _, _ := w.zones[0].Keys(d.Country, d.Postcode)
	_, w.lo, w.hi = w.at(lo)
	return w
}

// at is the stretch around a key in which no zone begins or ends.
func (w *walker) at(key uint64) (zones within, lo, hi uint64) {
	hi = ^uint64(0)
	for i, z := range w.zones {
		s, _ := z.SegmentAt(w.country, w.region, key)
		lo, hi = max(lo, s.Lo), min(hi, s.Hi)
		zones[i].certain, zones[i].possible = s.Certain, s.Possible
	}
	return zones, lo, hi
}

// walk finds for each part the first stretch in one direction that differs, nil where there is none.
func (w *walker) walk(up bool) []*stretch {
	found := make([]*stretch, len(w.f.parts))
	lo, hi := w.lo, w.hi
	for range maxStretches {
		key := lo - 1
		if up {
			key = hi + 1
		}
		if _, more := w.zones[0].SegmentAt(w.country, w.region, key); !more { // below 0 is above the highest too
			break
		}
		var zones within
		zones, lo, hi = w.at(key)
		states := w.ask(zones, lo)
		if states == nil || !w.extend(found, states, lo, hi) {
			break
		}
	}
	return found
}

// extend takes one more stretch in; it reports whether there is more to find.
func (w *walker) extend(found []*stretch, states []state, lo, hi uint64) (more bool) {
	for i, p := range w.f.parts {
		s, now := found[i], states[i]
		now.rows = "" // zones have columns of their own
		switch {
		case s == nil && inTax(p, &w.f.base[i], &now):
			found[i] = &stretch{lo: lo, hi: hi, state: now, open: true}
		case s != nil && s.open && s.state == now:
			s.lo, s.hi = min(s.lo, lo), max(s.hi, hi)
		case s != nil:
			s.open = false
		}
		more = more || found[i] == nil || found[i].open
	}
	return more
}

// ask asks about a stretch, once for each combination of zones.
func (w *walker) ask(zones within, key uint64) []state {
	if states, seen := w.known[zones]; seen {
		return states
	}
	o := *w.f.q.Order
	code := w.zones[0].Code(w.country, key)
	o.ShippingAddress, o.BillingAddress = moved(o.ShippingAddress, w.country, code), moved(o.BillingAddress, w.country, code)
	states := w.f.ask(&o, w.f.q.Now)
	w.known[zones] = states
	return states
}

// moved is an address with another postcode, if it is in the country.
func moved(a *order.Address, country, code string) *order.Address {
	if a == nil || !strings.EqualFold(strings.TrimSpace(a.Country), country) {
		return a
	}
	m := *a
	m.PostalCode = code
	return &m
}
