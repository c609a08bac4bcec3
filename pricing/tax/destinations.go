package tax

import (
	"maps"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// regime is what a destination means.
type regime uint8

const (
	charge    regime = iota // the destination's rate
	homeRate                // the shop's own rate
	noTax                   // none: an export
	itemBelow               // charge for pieces cheaper than a limit
	orderUpTo               // charge for orders up to a limit
)

// destination is an entry of destinations.
type destination struct {
	key    string
	regime regime
	limits table.MoneyList // of itemBelow and orderUpTo
	at     diag.Place
}

// place is what is known about a country.
type place struct {
	union   bool
	dest    *destination
	card    *card
	regions []regionPlace
}

// regionPlace is what is known about a region.
type regionPlace struct {
	code string
	dest *destination
	card *card
}

// The keys of destinations and shipping_tax that are no country.
const (
	unionKey = "EU"
	starKey  = "*"
)

// place returns the place of a country, a new one where there is none.
func (l *loader) place(code string) *place {
	p := l.table.places[code]
	if p == nil {
		p = &place{}
		l.table.places[code] = p
	}
	return p
}

// region returns the region of a key such as US-CA.
func (p *place) region(code string) *regionPlace {
	i := slices.IndexFunc(p.regions, func(r regionPlace) bool { return r.code == code })
	if i < 0 {
		i = len(p.regions)
		p.regions = append(p.regions, regionPlace{code: code})
	}
	return &p.regions[i]
}

// buildPlaces makes the cards of all countries and regions that have rates.
func (l *loader) buildPlaces() {
	for _, code := range l.data.codes {
		p := l.place(code)
		p.union = l.data.countries[code].union
		p.card = l.compile(l.source(code, ""))
	}
	for _, key := range slices.Sorted(maps.Keys(l.rates)) {
		code, region, _ := strings.Cut(key, "-")
		p := l.place(code)
		if p.card == nil {
			p.card = l.compile(l.source(code, ""))
		}
		if region != "" {
			p.region(region).card = l.compile(l.source(code, region))
		}
	}
	if len(l.data.codes) == 0 {
		for _, code := range vatIDCountries() {
			l.place(code).union = true
		}
	}
	l.adoptParts()
	if home := l.table.places[l.table.home]; home != nil {
		l.table.homeCard = home.card
	}
}

// adoptParts gives the codes of parts of a state (AX of FI, IM of GB) the rates of the state.
func (l *loader) adoptParts() {
	for _, a := range l.data.areas {
		if a.postcodes == nil {
			continue
		}
		for _, key := range a.postcodes.Keys {
			state := l.table.places[a.state]
			if state == nil || !table.KnownCountry(key.Text) {
				continue
			}
			if p := l.place(key.Text); p.card == nil {
				p.card = state.card
			}
		}
	}
}

// source says where the rates of a country or region come from.
func (l *loader) source(code, region string) source {
	src := source{place: code}
	if region != "" {
		src.place = code + "-" + region
		src.words = append(src.words, l.rates[src.place])
	}
	src.words = append(src.words, l.rates[code])
	if c := l.data.countries[code]; c != nil {
		src.slots = append(src.slots, c.slots)
	}
	return src
}

func (l *loader) readDestinations(n *diag.Node) {
	if n == nil || !diag.WantMap(n, "`destinations`", l.report) {
		return
	}
	t := l.table
	for i, key := range n.Keys {
		if strings.HasPrefix(key.Text, "x-") {
			continue
		}
		d, ok := l.readDestination(key, n.Values[i])
		if !ok {
			continue
		}
		switch {
		case key.Text == starKey:
			t.star = d
			l.needEverywhere(d)
		case key.Text == unionKey:
			t.union = d
			l.needUnion(d)
		case l.knownPlace(key):
			l.needCard(key, d)
		}
	}
	l.needHome()
}

// readDestination reads charge, home_rate, none or a limit.
func (l *loader) readDestination(key, v *diag.Node) (*destination, bool) {
	d := &destination{key: key.Text, at: v.Place}
	if v.Kind == diag.Map {
		return d, l.readLimit(d, v)
	}
	if !diag.WantText(v, "what a destination means", l.report) {
		return nil, false
	}
	switch v.Text {
	case "charge":
		d.regime = charge
	case "home_rate":
		d.regime = homeRate
	case "none":
		d.regime = noTax
	default:
		l.tellWord(v, "way to tax a destination", "charge", "home_rate", "none", "{charge_below_item_value: …}", "{charge_up_to_order_value: …}")
		return nil, false
	}
	return d, true
}

func (l *loader) readLimit(d *destination, v *diag.Node) bool {
	const item, whole = "charge_below_item_value", "charge_up_to_order_value"
	diag.Fields(v, "a destination", []string{item, whole}, l.report)
	limit := v.Get(item)
	d.regime = itemBelow
	if limit == nil {
		limit, d.regime = v.Get(whole), orderUpTo
	}
	if limit == nil || v.Get(item) != nil && v.Get(whole) != nil {
		f := l.report.Errorf(diag.CodeShape, v.Place, "a destination has one limit")
		f.Path, f.Help = v.Path, "write e.g. {"+item+": 3000.00 NOK} or {"+whole+": 135.00 GBP}"
		return false
	}
	var ok bool
	d.limits, ok = l.scope.MoneyList(limit)
	return ok
}

// rated reports whether a regime needs rates of the destination.
func (d *destination) rated() bool { return d.regime != noTax && d.regime != homeRate }

// needCard puts a destination into its place and tells where there is no rate to charge.
func (l *loader) needCard(key *diag.Node, d *destination) {
	code, region, hasRegion := strings.Cut(key.Text, "-")
	p := l.place(code)
	rates := p.card
	if hasRegion {
		r := p.region(region)
		r.dest = d
		if r.card != nil {
			rates = r.card
		}
	} else {
		p.dest = d
	}
	if rates == nil && d.rated() {
		l.tellNoRate(d, key.Text)
	}
}

func (l *loader) tellNoRate(d *destination, what string) {
	f := l.report.Errorf(codeNoRate, d.at, "there is no rate for %s", what)
	f.Label = "nothing to charge"
	f.Help = "name a data file under `data`, or write rates: {" + what + ": {standard: …}}"
}

// needUnion tells members without a rate.
func (l *loader) needUnion(d *destination) {
	if !d.rated() {
		return
	}
	for _, code := range vatIDCountries() {
		if p := l.table.places[code]; p == nil || p.union && p.card == nil {
			l.tellNoRate(d, code)
			return
		}
	}
}

// needEverywhere tells a charge for all countries: most have no rate.
func (l *loader) needEverywhere(d *destination) {
	if !d.rated() {
		return
	}
	f := l.report.Errorf(codeNoRate, d.at, "there is no rate for every country of the world")
	f.Label, f.Help = "nothing to charge in most of them", "name the countries, or EU, and write none or home_rate here"
}

// needHome tells a home_rate without rates at home.
func (l *loader) needHome() {
	t := l.table
	if t.homeCard != nil || t.home == "" {
		return
	}
	all := []*destination{t.star, t.union}
	for _, code := range slices.Sorted(maps.Keys(t.places)) {
		p := t.places[code]
		all = append(all, p.dest)
		for i := range p.regions {
			all = append(all, p.regions[i].dest)
		}
	}
	for _, d := range all {
		if d != nil && d.regime == homeRate {
			l.tellNoRate(d, t.home)
			return
		}
	}
}
