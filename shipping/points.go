package shipping

import (
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// pointChoice says which points of an option are offered.
type pointChoice struct {
	own    bool        // those of the file that fit the address
	truth  table.Truth // of own ones: Yes those that are certain, Maybe those that are possible
	n      int         // how many own ones
	plugin []rules.PickupPoint
	chosen bool // the buyer's point, on validation while the plug-in is down
}

// count is how many options of the provider become of one of ours.
func (c *pointChoice) count() int { return max(1, c.n, len(c.plugin)) }

// points chooses the pickup points of an option; No where there is none. A plug-in that is down denies nobody at the
// last moment: on validation the point that the buyer chose while it answered stays, at the option's price.
func (s *state) points(o *option, c *pointChoice) table.Truth {
	p := o.pickup
	if p.plugin == "" {
		return s.ownPoints(o, c)
	}
	list, answered := s.q.Facts.Pickup[p.plugin]
	if answered && len(list) == 0 && s.facts.Where.Known {
		s.tr.step(p.at, "pickup_points: ", p.plugin, " knows no point near the address")
		return table.No
	}
	if answered && len(list) > 0 {
		c.plugin = o.usable(list)
		if len(c.plugin) > 0 {
			return table.Yes
		}
	}
	switch p.down {
	case offerAnyway:
		c.chosen = s.q.Callback == rules.Validation && strings.HasPrefix(s.q.Selected, o.id+":")
		s.tr.step(p.at, "pickup_points: ", p.plugin, " did not answer; offered without points")
		return table.Yes
	case offerOwn:
		return s.ownPoints(o, c)
	default:
		s.tr.step(p.at, "pickup_points: ", p.plugin, " did not answer")
		return table.No
	}
}

// usable returns the nearest points whose ids an order can carry; the rest of the list is not looked at.
func (o *option) usable(list []rules.PickupPoint) []rules.PickupPoint {
	list = list[:min(len(list), o.pickup.nearest)]
	for i := range list {
		if !usablePoint(o, &list[i]) {
			return usableOnly(o, list)
		}
	}
	return list
}

func usablePoint(o *option, p *rules.PickupPoint) bool {
	return p.ID != "" && p.Name != "" && len(o.id)+1+len(p.ID) <= maxID
}

func usableOnly(o *option, list []rules.PickupPoint) []rules.PickupPoint {
	var kept []rules.PickupPoint
	for i := range list {
		if usablePoint(o, &list[i]) {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// ownPoints counts the points whose zone certainly holds the address; where there is none, those that may.
func (s *state) ownPoints(o *option, c *pointChoice) table.Truth {
	certain, possible := 0, 0
	for i := range o.pickup.points {
		switch s.pointFits(&o.pickup.points[i]) {
		case table.Yes:
			certain++
		case table.Maybe:
			possible++
		}
	}
	c.own = true
	switch {
	case certain > 0:
		c.n, c.truth = certain, table.Yes
	case possible > 0:
		c.n, c.truth = possible, table.Maybe
	default:
		s.tr.step(o.pickup.at, "pickup_points: no point's zone holds the address")
	}
	return c.truth
}

func (s *state) pointFits(p *point) table.Truth {
	w := &s.facts.Where
	switch {
	case p.everywhere || s.t.zones.Has(w.Certain, p.zone):
		return table.Yes
	case s.t.zones.Has(w.Possible, p.zone):
		return table.Maybe
	default:
		return table.No
	}
}

// maxOffers is the most options of the provider that an answer holds; further points are left out.
const maxOffers = 1000

// expand appends the offers of a pick: one, or one per pickup point at the same price.
func (s *state) expand(list []rules.Offer, p *pick) []rules.Offer {
	o := &s.t.options[p.option]
	d := o.promise.window(s.facts.Day, s.facts.Clock)
	if o.promise != nil && !d.ok {
		s.tr.unpromised(s, p.option)
	}
	base := s.offer(o, p.price, d)
	switch {
	case p.points.own:
		for i := range o.pickup.points {
			pt := &o.pickup.points[i]
			if s.pointFits(pt) == p.points.truth {
				list = append(list, atPoint(base, o, pt, d))
			}
		}
	case len(p.points.plugin) > 0:
		for i := range p.points.plugin {
			list = append(list, atNear(base, o, &p.points.plugin[i], d))
		}
	default:
		if p.points.chosen {
			base.ID = s.q.Selected
		}
		base.Details = o.detailsFor(d, nil)
		list = append(list, base)
	}
	return list[:min(len(list), maxOffers)]
}

// offer is the option without a pickup point.
func (s *state) offer(o *option, price order.Amount, d days) rules.Offer {
	lang, langs := s.q.Language, s.t.languages
	f := rules.Offer{
		ID:           o.id,
		Name:         cutName(o.name.fill(lang, langs, d, true)),
		Description:  o.description.fill(lang, langs, d, false),
		Promo:        o.promo.fill(lang, langs, d, false),
		Method:       o.method,
		TMSReference: o.tms,
		Price:        price,
		ExclTax:      s.t.exclTax,
		TaxClass:     o.taxClass,
	}
	if f.Name == "" { // nothing but a promise that cannot be made
		f.Name = o.id
	}
	if s.t.exclTax && o.round != nil {
		if to, ok := o.round.to.In(s.facts.Currency); ok {
			f.Round = pricing.Rounding{To: to, Mode: o.round.mode}
		}
	}
	return f
}

// atPoint is an offer at an own point.
func atPoint(f rules.Offer, o *option, p *point, d days) rules.Offer {
	f.ID = p.id
	if p.name != "" {
		f.Name = cutName(f.Name + ": " + p.name)
	}
	f.Details = p.details
	if d.ok {
		f.Details = o.detailsFor(d, p.location)
	}
	return f
}

// atNear is an offer at a point that a plug-in named. With nearest: 1 there is only one, and the id is the option's.
func atNear(f rules.Offer, o *option, p *rules.PickupPoint, d days) rules.Offer {
	if o.pickup.nearest > 1 {
		f.ID = o.id + ":" + p.ID
		f.Name = cutName(f.Name + ": " + p.Name)
	}
	f.Details = o.detailsFor(d, locationOf(p))
	return f
}
