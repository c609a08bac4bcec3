package tax

import (
	"math"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

func salesKeys() []string {
	return []string{"version", "mode", "home", "prices", "keep", "classes", "zones", "zone_files", "collect_in", "rate_files", "rates", "exempt",
		"shipping_tax", "fees", "lines", "round"}
}

// readSales reads a tax file of mode sales_tax.
func (l *loader) readSales() {
	n, t := l.root, l.table
	l.tellVATKeys(n)
	l.classes = table.CompileClasses(n.Get("classes"), l.report)
	t.classes = l.classes
	t.zones = table.CompileZones(table.ZonesSource{Zones: n.Get("zones"), ZoneFiles: n.Get("zone_files"), FS: l.fsys}, l.report)
	currency := l.o.Currency
	if currency == "" {
		currency = "USD"
	}
	l.scope = table.Scope{Report: l.report, Location: l.o.Location, Classes: l.classes, Zones: t.zones, Currency: currency, Extra: table.FeeWords, Uses: t.uses}
	if t.home = usa; n.Get("home") != nil {
		l.readHome()
	}
	l.readSalesPrices()
	l.readCollectIn(n)
	l.readFallback(n.Get("rates"))
	l.readSalesFreight(n.Get("shipping_tax"))
	l.readExempt(n.Get("exempt"))
	l.readFees(n.Get("fees"))
	t.sales.single = l.choice("lines", "by_level", "one")
	t.sales.perLine = l.choice("round", "order", "line")
	l.readRateFiles(n.Get("rate_files"))
	t.sales.days = t.sales.changeDays()
}

// tellVATKeys tells unknown keys; those of VAT with a word about it.
func (l *loader) tellVATKeys(n *diag.Node) {
	known := salesKeys()
	for _, key := range []string{"data", "destinations", "areas", "b2b"} {
		k, _ := n.Entry(key)
		if k == nil {
			continue
		}
		known = append(known, key)
		f := l.report.Errorf(diag.CodeUnknownKey, k.Place, "`%s` is a key of VAT, and the mode of this file is sales_tax", key)
		f.Label, f.Help = "not known here", "allowed are "+strings.Join(salesKeys(), ", ")
	}
	diag.Fields(n, "a tax file of sales tax", known, l.report)
}

// choice reads a word of two; false is the first one, which also holds where there is none.
func (l *loader) choice(key, usual, other string) bool {
	n := l.root.Get(key)
	if n == nil || !diag.WantText(n, "`"+key+"`", l.report) {
		return false
	}
	if n.Text != usual && n.Text != other {
		l.tellWord(n, "word for `"+key+"`", usual, other)
	}
	return n.Text == other
}

// readSalesPrices reads prices and keep: prices never hold sales tax.
func (l *loader) readSalesPrices() {
	if n := l.root.Get("prices"); n != nil && diag.WantText(n, "`prices`", l.report) {
		switch n.Text {
		case "exclude tax":
		case "include tax":
			f := l.report.Errorf(codePrices, n.Place, "with sales tax, prices never include tax")
			f.Label, f.Help, f.Fix = "the tax is lines of its own", "write exclude tax", "exclude tax"
		default:
			l.tellWord(n, "way to write prices", "exclude tax")
		}
	}
	if n := l.root.Get("keep"); n != nil && diag.WantText(n, "`keep`", l.report) {
		l.table.keep = pricing.KeepGross
		if l.choice("keep", "gross", "net") {
			l.table.keep = pricing.KeepNet
		}
	}
}

// usState reads a state such as US-CA and returns what follows the mark.
func (l *loader) usState(n *diag.Node) (string, bool) {
	if !diag.WantText(n, "a state", l.report) {
		return "", false
	}
	text := strings.TrimSpace(n.Text)
	country, state, marked := strings.Cut(text, "-")
	if marked && country == usa && table.KnownRegion(usa, state) {
		return state, true
	}
	f := l.report.Errorf(codeCountry, n.Place, "`%s` is not a state of the USA", text)
	f.Path, f.Help = n.Path, "states are written with their country, e.g. US-CA"
	up := strings.ToUpper(text)
	if bare := bareRegion(usa, up); table.KnownRegion(usa, bare) {
		f.Fix = usa + "-" + bare
		f.Help = "write " + f.Fix
	}
	return "", false
}

// collected returns the state of a key or name; one that is not in collect_in is told as what has no effect, nil is then
// returned.
func (l *loader) collected(n *diag.Node, what string) *taxState {
	code, ok := l.usState(n)
	if !ok {
		return nil
	}
	st := l.table.sales.states[code]
	if st == nil && !l.unsure {
		f := l.report.Warnf(codeNoEffect, n.Place, "%s has no effect: US-%s is not in collect_in", what, code)
		f.Help = "add US-" + code + " to collect_in if tax is to be collected there, or leave this out"
	}
	return st
}

func (l *loader) readCollectIn(file *diag.Node) {
	n := file.Get("collect_in")
	if n == nil || n.Kind == diag.List && len(n.Items) == 0 {
		l.unsure = true
		l.tellNowhere(file, n)
		return
	}
	nodes, ok := l.scope.Names(n)
	l.unsure = !ok
	for _, node := range nodes {
		if node.Kind != diag.Scalar || node.Null {
			continue // told
		}
		code, ok := l.usState(node)
		if !ok {
			l.unsure = true
		} else if l.table.sales.states[code] == nil {
			l.table.sales.states[code] = &taxState{code: code, at: node.Place}
		}
	}
}

// tellNowhere tells that collect_in, which may be nil, names no state.
func (l *loader) tellNowhere(file, n *diag.Node) {
	var f *diag.Finding
	if n == nil {
		f = l.report.Errorf(diag.CodeMissingKey, file.Place, "a tax file of sales tax needs `collect_in`")
		f.Path = file.Path
	} else {
		f = l.report.Errorf(diag.CodeShape, n.Place, "`collect_in` names no state")
		f.Path = n.Path
	}
	f.Label = "nothing says where tax is collected"
	f.Help = "name the states in which the shop is registered, e.g. collect_in: [US-CA]; a shop that collects nowhere " +
		`writes mode: vat and destinations: {"*": none}`
}

// sorted returns the states in the order of their codes.
func (s *sales) sorted() []*taxState {
	all := make([]*taxState, 0, len(s.states))
	for _, st := range s.states {
		all = append(all, st)
	}
	slices.SortFunc(all, func(a, b *taxState) int { return strings.Compare(a.code, b.code) })
	return all
}

// byState calls read for each entry of a map from states.
func (l *loader) byState(n *diag.Node, what string, read func(st *taxState, v *diag.Node)) {
	if n == nil || !diag.WantMap(n, "`"+what+"`", l.report) {
		return
	}
	for i, key := range n.Keys {
		if strings.HasPrefix(key.Text, "x-") || diag.TellDecimalComma(n, i, l.report) {
			continue
		}
		if st := l.collected(key, "this entry of `"+what+"`"); st != nil {
			read(st, n.Values[i])
		}
	}
}

// readFallback reads the rates of the states, which hold where no rate file has the ZIP; each state needs one.
func (l *loader) readFallback(n *diag.Node) {
	told := map[string]bool{}
	l.byState(n, "rates", func(st *taxState, v *diag.Node) {
		var ok bool
		st.fallback, ok = table.DatedOf(&l.scope, v, func(n *diag.Node) (table.Percent, bool) {
			p, ok := l.scope.Percent(n, salesDecimals)
			if ok {
				l.warnTiny(p, n.Text, n.Place)
			}
			return p, ok
		})
		told[st.code] = !ok
	})
	for _, st := range l.table.sales.sorted() {
		if len(st.fallback.Values) == 0 && !told[st.code] {
			f := l.report.Errorf(codeNoRate, st.at, "US-%s has no rate under `rates`", st.code)
			f.Label = "addresses without a ZIP, and ZIPs that no rate file has, could not be taxed"
			f.Help = "write the rate of the state there, e.g. rates: {US-" + st.code + ": 6%}"
		}
	}
}

// warnTiny warns of the rate of a state that looks like a fraction instead of a per cent.
func (l *loader) warnTiny(p table.Percent, text string, at diag.Place) bool {
	if p == 0 || p >= wholePercent/100 {
		return false
	}
	f := l.report.Warnf(codeTinyRate, at, "`%s` is less than one per cent", strings.TrimSpace(text))
	f.Label = "no state has such a rate"
	f.Help = "write per cents: 6.25 for six and a quarter per cent, not 0.0625"
	return true
}

// readSalesFreight reads how each state taxes freight; there is no default that could pass unnoticed.
func (l *loader) readSalesFreight(n *diag.Node) {
	told := map[string]bool{}
	l.byState(n, "shipping_tax", func(st *taxState, v *diag.Node) {
		var ok bool
		st.freight, ok = table.DatedOf(&l.scope, v, l.freightWord)
		told[st.code] = !ok
	})
	for _, st := range l.table.sales.sorted() {
		if len(st.freight.Values) == 0 && !told[st.code] {
			f := l.report.Errorf(codeStateFreight, st.at, "`shipping_tax` does not say how US-%s taxes freight", st.code)
			f.Label = "tax is collected here"
			f.Help = "write shipping_tax: {US-" + st.code + ": all}, or follow goods (the part that carries taxable goods), or none"
		}
	}
}

func (l *loader) freightWord(n *diag.Node) (freightWord, bool) {
	if !diag.WantText(n, "how freight is taxed", l.report) {
		return 0, false
	}
	i := slices.Index(salesFreightWords(), strings.TrimSpace(n.Text))
	if i < 0 {
		l.tellWord(n, "way to tax freight with sales tax", salesFreightWords()...)
		return 0, false
	}
	return freightWord(i), true //nolint:gosec // one of three
}

// changeDays lists the days from which something else holds.
func (s *sales) changeDays() []table.Date {
	var days []table.Date
	for _, st := range s.states {
		days = append(days, st.fallback.From...)
		days = append(days, st.freight.From...)
		for i := range st.periods {
			days = append(days, st.periods[i].from)
		}
		for _, x := range st.exempt {
			days = append(append(days, x.below.From...), x.from)
			if x.until < math.MaxInt32 {
				days = append(days, x.until+1)
			}
		}
		for _, f := range st.fees {
			days = append(days, f.amount.From...)
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	return slices.DeleteFunc(days, func(d table.Date) bool { return d == everSince })
}
