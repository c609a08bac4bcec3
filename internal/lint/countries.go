package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Keys of destinations that are no country.
const (
	everywhere = "*"
	union      = "EU"
)

// tellCountries compares where the options go with what tax.yaml says something about.
func (l *linter) tellCountries() {
	for _, r := range l.reaches {
		if r != nil && r.unknown {
			return
		}
	}
	listed := l.book.Tax.Listings()
	for _, d := range listed {
		if d.Key != everywhere && d.Key != union && !l.servedAt(d.Key) {
			l.tellUnserved(d)
		}
	}
	if !slices.ContainsFunc(listed, func(d tax.Listing) bool { return d.Key != everywhere }) || l.book.Tax.SalesTax() {
		return // one word for the whole world, or nothing to say beyond the states in which tax is collected
	}
	unlisted := map[string][]string{}
	for _, country := range l.places.zones.Countries() {
		if key, bad := l.unlisted(country, listed); bad && l.servedAt(country) {
			unlisted[key] = append(unlisted[key], country)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(unlisted)) {
		l.tellUnlisted(key, unlisted[key], listed)
	}
}

// servedAt reports whether some order to a country, or a region such as US-CA, is offered an option.
func (l *linter) servedAt(key string) bool {
	country, region, _ := strings.Cut(key, "-")
	known := slices.Contains(l.places.zones.Countries(), country)
	if !known {
		return l.offeredAt(0) // in no zone
	}
	named := region == "" || slices.Contains(l.places.zones.Regions(country), region)
	for i := range l.places.kinds {
		k := &l.places.kinds[i]
		if k.Country == country && (region == "" || !named || k.Region == region || k.Region == "") && l.offeredAt(i) {
			return true
		}
	}
	return false
}

func (l *linter) tellUnserved(d tax.Listing) {
	f := l.r.Warnf(codeCountry, d.At, "no option of %s goes to %s", rulebook.ShippingFile, d.Key)
	f.Label, f.Help = "taxed, but never served", "add a zone and an option for "+d.Key+", or take it away here"
	f.Notes = []string{"buyers there are told that the shop does not deliver"}
}

// unlisted reports whether nothing under destinations names a country, and what decides instead: "*", or nothing.
func (l *linter) unlisted(country string, listed []tax.Listing) (key string, bad bool) {
	key = l.book.Tax.ListingOf(rules.Destination{Country: country})
	if key != everywhere && key != "" {
		return key, false
	}
	regions := slices.ContainsFunc(listed, func(d tax.Listing) bool { return strings.HasPrefix(d.Key, country+"-") })
	return key, !regions
}

// tellUnlisted tells countries that fall to "*", or to nothing.
func (l *linter) tellUnlisted(key string, countries []string, listed []tax.Listing) {
	names := strings.Join(countries, ", ")
	f := l.r.Warnf(codeCountry, l.zoneIn(countries[0]), "options go to %s, which %s does not name under `destinations`", names, rulebook.TaxFile)
	f.Help = "write " + countries[0] + ": charge, home_rate or none"
	if key == "" {
		f.Label, f.Notes = "orders there are refused", []string{"no order to " + names + " can be completed"}
		return
	}
	f.Label, f.Notes = "falls to \"*\"", []string{"if that is not meant, every order to " + names + " carries the wrong tax"}
	i := slices.IndexFunc(listed, func(d tax.Listing) bool { return d.Key == everywhere })
	f.Cause = &diag.Cause{Place: listed[i].At, Label: "this decides about its tax"}
}
