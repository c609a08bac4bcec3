package tax

import (
	"math"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// step is a rate from a day on, and the place that says so.
type step struct {
	from table.Date
	rate order.Rate
	at   diag.Place
}

// schedule is a rate by date; it is never empty. Before its first day the first rate holds.
type schedule []step

// everSince is the day of what has always been so.
const everSince table.Date = math.MinInt32

// on returns the step of a day.
func (s schedule) on(day table.Date) *step {
	i := len(s) - 1
	for i > 0 && s[i].from > day {
		i--
	}
	return &s[i]
}

// card holds the rates of a country, region or area.
type card struct {
	place   string     // e.g. "SE"
	classes []schedule // by class plus one; the first is standard
}

// of returns the rates of a class.
func (c *card) of(class table.ClassID) schedule { return c.classes[class+1] }

// rateValue is what a class is set to: a rate or a slot of the data file.
type rateValue struct {
	rate order.Rate
	slot string // "" for a rate
	node *diag.Node
}

// rateWords are the entries of rates for a country, region or area, by class.
type rateWords map[string]table.Dated[rateValue]

// readRateWords reads class → rate, slot, or either by date.
func (l *loader) readRateWords(n *diag.Node, what string) rateWords {
	words := rateWords{}
	if !diag.WantMap(n, what, l.report) {
		return words
	}
	for i, key := range n.Keys {
		if strings.HasPrefix(key.Text, "x-") || diag.TellDecimalComma(n, i, l.report) {
			continue
		}
		if !l.knownClass(key) {
			continue
		}
		d, ok := table.DatedOf(&l.scope, n.Values[i], l.readRateValue)
		if !ok { // told; without a rate there would be further findings
			d = table.Always(rateValue{node: n.Values[i]}, n.Values[i].Place)
		}
		words[key.Text] = d
	}
	return words
}

// knownClass tells a class that is not declared.
func (l *loader) knownClass(key *diag.Node) bool {
	if id, ok := l.classes.ID(key.Text); ok || key.Text == standard {
		if ok {
			l.table.uses.Classes(1 << id)
		}
		return true
	}
	names := append([]string{standard}, l.classes.Names()...)
	f := l.report.Errorf(codeClass, key.Place, "there is no class `%s`", key.Text)
	f.Label, f.Help = "not declared under `classes`", "the classes are "+strings.Join(names, ", ")
	if near := diag.Suggest(key.Text, names); near != "" {
		f.Help, f.Fix = "did you mean "+near+"?", near
	}
	return false
}

func (l *loader) readRateValue(n *diag.Node) (rateValue, bool) {
	if !diag.WantText(n, "a rate", l.report) {
		return rateValue{}, false
	}
	if c := n.Text[:min(1, len(n.Text))]; c >= "a" && c <= "z" {
		return rateValue{slot: n.Text, node: n}, true
	}
	rate, ok := readRate(&l.scope, n)
	if onePercent := order.Rate(100); ok && rate > 0 && rate < onePercent {
		f := l.report.Warnf(codeTinyRate, n.Place, "`%s` is less than one per cent", n.Text)
		f.Label, f.Help = "no country has such a rate", "write 25% for twenty-five per cent, not 0.25"
	}
	return rateValue{rate: rate, node: n}, ok
}

// source is what a card is made from; the first that has something wins.
type source struct {
	place string
	words []rateWords
	slots []slots
}

// compile makes a card; at is where rates are needed, for the finding that there are none. nil where there is no standard rate.
func (l *loader) compile(src source) *card {
	std := l.schedule(src, standard, nil)
	if std == nil {
		return nil
	}
	std[0].from = everSince
	c := &card{place: src.place, classes: []schedule{std}}
	for _, name := range l.classes.Names() {
		s := l.schedule(src, name, std)
		if s == nil {
			s = std
		}
		c.classes = append(c.classes, s)
	}
	return c
}

// schedule makes the rates of a class; fallback holds on days without one.
func (l *loader) schedule(src source, class string, fallback schedule) schedule {
	var d table.Dated[rateValue]
	for _, w := range src.words {
		if v, ok := w[class]; ok {
			d = v
			break
		}
	}
	if len(d.Values) == 0 {
		if class == standard {
			return src.slot(standard)
		}
		return nil
	}
	var out schedule
	for i, v := range d.Values {
		from, until := everSince, table.Date(math.MaxInt32)
		if len(d.From) > 0 {
			from = d.From[i]
		}
		if i+1 < len(d.Values) {
			until = d.From[i+1]
		}
		out = append(out, l.pieces(src, v, class, from, until, fallback)...)
	}
	switch {
	case out[0].from <= l.data.horizon || len(fallback) == 0: // in force before the data begin
		out[0].from = everSince
	default:
		out = append(between(fallback, everSince, out[0].from), out...)
	}
	return out
}

// pieces are the steps of one entry, from a day until another.
func (l *loader) pieces(src source, v rateValue, class string, from, until table.Date, fallback schedule) schedule {
	if v.slot == "" {
		return schedule{{from, v.rate, v.node.Place}}
	}
	slot := src.slot(v.slot)
	if slot == nil {
		l.tellSlot(src, v)
		return schedule{{from, 0, v.node.Place}}
	}
	var out schedule
	switch first := slot[0].from; {
	case first <= l.data.horizon || len(fallback) == 0: // in force before the data begin
		slot = slices.Clone(slot)
		slot[0].from = min(first, from)
	case first > from:
		if from != everSince {
			f := l.report.Errorf(codeNoRate, v.node.Place, "`%s` of %s has no rate before %s, but is `%s` from %s on", v.slot, src.place, first,
				class, from)
			f.Label, f.Help = "no rate on "+from.String(), "write from which day on, e.g. {"+first.String()+": "+v.slot+"}"
		}
		out = between(fallback, from, min(first, until))
	}
	for _, s := range between(slot, from, until) {
		out = append(out, step{s.from, s.rate, v.node.Place})
	}
	return out
}

// between cuts a schedule to the days from a day until another.
func between(s schedule, from, until table.Date) schedule {
	var out schedule
	for i, st := range s {
		next := table.Date(math.MaxInt32)
		if i+1 < len(s) {
			next = s[i+1].from
		}
		if st.from = max(st.from, from); st.from < min(next, until) {
			out = append(out, st)
		}
	}
	return out
}

// slot returns the rates of a slot, nil where there are none.
func (src *source) slot(name string) schedule {
	for _, all := range src.slots {
		d, ok := all[name]
		if !ok {
			continue
		}
		var out schedule
		for i, rate := range d.Values {
			from := everSince
			if len(d.From) > 0 {
				from = d.From[i]
			}
			out = append(out, step{from, rate, d.Places[i]})
		}
		return out
	}
	return nil
}

// names are the slots there are.
func (src *source) names() []string {
	var all []string
	for _, name := range slotNames() {
		for _, s := range src.slots {
			if _, ok := s[name]; ok && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

func (l *loader) tellSlot(src source, v rateValue) {
	f := l.report.Errorf(codeSlot, v.node.Place, "%s has no slot `%s`", src.place, v.slot)
	names := src.names()
	switch near := diag.Suggest(v.slot, names); {
	case len(names) == 0:
		f.Help = "there are no rates of " + src.place + " in a data file; write a per cent"
	case near != "":
		f.Help, f.Fix = "did you mean "+near+"?", near
	default:
		f.Help = "its slots are " + strings.Join(names, ", ") + "; or write a per cent"
	}
	f.Label = "not in the data file"
}
