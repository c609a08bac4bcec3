package importer

import (
	"cmp"
	"slices"
	"strings"
)

// vat makes rates by country, and areas of states and postcodes.
func (t *wooTax) vat() {
	d := t.d
	tax := d.book.tax
	for _, r := range t.rows {
		tax.addClass(r.class)
		d.book.seeCountry(r.country)
	}
	for _, code := range d.book.countries {
		c := vatCountry{code: code, rates: map[string][]vatPeriod{}}
		for _, class := range append([]string{standard}, tax.classes...) {
			c.rates[class] = []vatPeriod{{rate: t.rateOf(area{country: code}, class)}}
		}
		tax.vat = append(tax.vat, c)
		t.areas(code)
		t.freight(code)
	}
	d.note("goods of a class without a rate in a country carry no VAT there, as in WooCommerce; classes need tags on the goods")
	d.note("the rates are those of the source alone; data: vat-rates.yaml would add dates and special areas that come with the program")
}

// rateOf is the first rate that covers a place, 0 where there is none.
func (t *wooTax) rateOf(place area, class string) int64 {
	for i := range t.rows {
		r := &t.rows[i]
		if r.class == class && slices.ContainsFunc(r.places(), func(a area) bool { return a.covers(place) }) {
			return r.exact
		}
	}
	return 0
}

// places are the areas of a row.
func (r *wooRate) places() []area {
	if len(r.areas) > 0 {
		return r.areas
	}
	return []area{{country: r.country, region: r.region}}
}

// parts are all states and postcodes of a country that rows name, those within others first.
func (t *wooTax) parts(code string) []area {
	var list []area
	for i := range t.rows {
		for _, a := range t.rows[i].places() {
			if a.country == code && a != (area{country: code}) && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	within := map[area]int{}
	for _, a := range list {
		for _, o := range list {
			if o.covers(a) {
				within[a]++
			}
		}
	}
	slices.SortStableFunc(list, func(a, b area) int { return cmp.Compare(within[b], within[a]) })
	return list
}

// areas makes areas of the parts of a country; those within others are left out of them.
func (t *wooTax) areas(code string) {
	tax := t.d.book.tax
	first := len(tax.areas)
	for _, part := range t.parts(code) {
		a := vatArea{areas: []area{part}, rates: map[string][]vatPeriod{}}
		for _, class := range append([]string{standard}, tax.classes...) {
			a.rates[class] = []vatPeriod{{rate: t.rateOf(part, class)}}
		}
		for _, o := range tax.areas[first:] {
			if slices.ContainsFunc(o.areas, part.meets) {
				a.less = append(a.less, o.name)
			}
		}
		same := slices.IndexFunc(tax.areas[first:], func(o vatArea) bool {
			return slices.Equal(o.less, a.less) && tax.flowRates(o.rates) == tax.flowRates(a.rates) && (o.areas[0].from == "") == (part.from == "")
		})
		if same >= 0 {
			tax.areas[first+same].areas = append(tax.areas[first+same].areas, part)
			continue
		}
		base := strings.ToLower(code)
		if part.region != "" {
			base += "_" + strings.ToLower(part.region)
		}
		if part.from != "" {
			base += "_codes"
		}
		a.name = t.d.book.freeName(base)
		tax.areas = append(tax.areas, a)
	}
	for i := range tax.areas[first:] {
		slices.SortFunc(tax.areas[first+i].areas, area.compare)
	}
}

// freight takes the tax off freight where the rate of a country is not for shipping.
func (t *wooTax) freight(code string) {
	for i := range t.rows {
		if r := &t.rows[i]; r.country == code && r.class == standard && r.region == "" && len(r.areas) == 0 {
			if !r.freight {
				t.d.book.tax.freight[code] = "none"
			}
			return
		}
	}
}
