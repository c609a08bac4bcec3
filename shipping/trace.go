package shipping

import (
	"fmt"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// tracer tells the story of an answer. All methods do nothing on a nil tracer, which is what most questions have.
type tracer struct {
	t    *rules.Trace
	base int // index into t.Options of the first option
	now  int // index of the option that is looked at; -1: none yet
}

// newTracer begins the story with the zones of the address.
func newTracer(s *state) *tracer {
	if s.q.Trace == nil {
		return nil
	}
	tr := &tracer{t: s.q.Trace, base: len(s.q.Trace.Options), now: -1}
	w := s.facts.Where
	for id, name := range s.t.zones.Names() {
		if s.t.zones.Has(w.Certain, table.ZoneID(id)) {
			tr.t.Zones = append(tr.t.Zones, name)
		}
	}
	switch {
	case w.Odd:
		tr.note("the postcode cannot exist in the country: the buyer is asked to mend it")
	case !w.Known && w.Certain != w.Possible:
		tr.note("the postcode is not known yet: what depends on it is left out")
	}
	return tr
}

func (tr *tracer) note(text string) {
	if tr != nil {
		tr.t.Notes = append(tr.t.Notes, rules.Step{Text: text})
	}
}

// unmeasured notes what is assumed about goods without weight or size, where a rule looked at it.
func (tr *tracer) unmeasured(s *state) {
	if tr == nil {
		return
	}
	c, r := &s.carts[0], &s.t.carts[0]
	switch n := c.WithoutWeight(); {
	case n == 0 || !tr.looked(table.WordMinWeight, table.WordMaxWeight, table.WordMaxItemWeight):
	case r.RefuseMissing:
		tr.note(linesHave(n) + " no weight; options that look at the weight are not offered")
	default:
		tr.note(linesHave(n) + " no weight; a piece counts as " + r.WeightIfMissing.String())
	}
	sized := r.Volumetric != (table.Density{}) || tr.looked(table.WordMaxItemLength, table.WordMaxItemGirth, table.WordMaxItemSize)
	if n := c.WithoutSize(); n > 0 && sized {
		tr.note(linesHave(n) + " no dimensions; size limits pass, and the real weight counts")
	}
}

func linesHave(n int64) string {
	if n == 1 {
		return "1 line has"
	}
	return fmt.Sprintf("%d lines have", n)
}

// looked reports whether a rule looked at one of these words.
func (tr *tracer) looked(words ...table.Word) bool {
	for _, w := range words {
		if _, ok := tr.t.Looked[w.String()]; ok {
			return true
		}
	}
	return false
}

// begin starts the story of an option.
func (tr *tracer) begin(o *option) {
	if tr != nil {
		tr.t.Options = append(tr.t.Options, rules.OptionTrace{ID: o.id})
		tr.now = len(tr.t.Options) - 1
	}
}

func (tr *tracer) taken() {
	if tr != nil {
		tr.t.Options[tr.now].Taken = true
	}
}

// possible notes that an option is there although the postcode may rule it out.
func (tr *tracer) possible(option int) {
	if tr == nil {
		return
	}
	o := &tr.t.Options[tr.base+option]
	o.Steps = append(o.Steps, rules.Step{Text: "possible, the postcode decides"})
}

// dropped ends the story of an option that had a price and is not in the list.
func (tr *tracer) dropped(option int, text string, at diag.Place) {
	if tr == nil {
		return
	}
	o := &tr.t.Options[tr.base+option]
	o.Taken = false
	o.Steps = append(o.Steps, rules.Step{Text: text, File: at.File, Line: at.Line, Col: at.Col})
}

// droppedFor is dropped because of another option.
func (tr *tracer) droppedFor(option int, text, other string, at diag.Place) {
	if tr != nil {
		tr.dropped(option, text+"`"+other+"`", at)
	}
}

// unpromised notes that the days of delivery cannot be told.
func (tr *tracer) unpromised(s *state, option int) {
	if tr == nil {
		return
	}
	at := s.t.options[option].promise.at
	o := &tr.t.Options[tr.base+option]
	o.Steps = append(o.Steps, rules.Step{Text: "delivery: not told, the calendar ends before", File: at.File, Line: at.Line, Col: at.Col})
}

// step adds a sentence without money; words are its parts.
func (tr *tracer) step(at diag.Place, words ...string) {
	if tr == nil {
		return
	}
	o := &tr.t.Options[tr.now]
	o.Steps = append(o.Steps, rules.Step{Text: strings.Join(words, ""), File: at.File, Line: at.Line, Col: at.Col})
}

// money adds a sentence with its effect on the price.
func (tr *tracer) money(s *state, at diag.Place, v order.Amount, text string) {
	if tr == nil {
		return
	}
	o := &tr.t.Options[tr.now]
	o.Steps = append(o.Steps, rules.Step{Amount: v, HasAmount: true, Currency: string(s.facts.Currency), Text: text,
		File: at.File, Line: at.Line, Col: at.Col})
}

// gate says which of from, until, to and not_to left the option out.
func (tr *tracer) gate(s *state, c *table.Condition) {
	if tr == nil {
		return
	}
	text, at := c.Explain(&s.facts)
	tr.step(at, text)
}

// when says why none of the maps of when holds.
func (tr *tracer) when(s *state, o *option) {
	if tr == nil {
		return
	}
	var parts []string
	var first diag.Place
	for i := range o.when {
		text, at := o.when[i].Explain(&s.facts)
		if i == 0 {
			first = at
		}
		parts = append(parts, text)
	}
	tr.step(first, "when: ", strings.Join(parts, "; and "))
}

// unless says which map of unless holds.
func (tr *tracer) unless(o *option, why int) {
	if tr == nil {
		return
	}
	c := &o.unless[why]
	var at diag.Place
	if terms := c.Terms(); len(terms) > 0 {
		at = terms[0].Place
	}
	tr.step(at, "unless: ", phrases(c))
}

// noPrice says that no row fits.
func (tr *tracer) noPrice(s *state, o *option, b base) {
	if tr == nil {
		return
	}
	switch {
	case b.off && b.row >= 0 && o.per == perCart:
		a, _ := b.list.rows[b.row].amount(b.col, s.facts.Day)
		tr.step(a.place, fmt.Sprintf("price row %d: not offered (-)", b.row+1))
	case b.list.cols != nil && b.col < 0 && o.per == perCart:
		tr.step(o.priceAt, "price: no column for this address in ", string(s.facts.Currency))
	default:
		tr.step(o.priceAt, "price: no row fits in ", string(s.facts.Currency))
	}
}

// row says which row gave the price.
func (tr *tracer) row(s *state, f found) {
	if tr == nil {
		return
	}
	tr.money(s, rowPlace(s, f), f.value, f.text(s))
}

// groupRow is row for a group of price_per that stands n times in the cart.
func (tr *tracer) groupRow(s *state, o *option, f found, n int64) {
	if tr == nil {
		return
	}
	name := "a line"
	switch o.per {
	case perClass:
		name = s.groupName()
	case perItem:
		name = fmt.Sprintf("%d × one piece", n)
	}
	tr.money(s, rowPlace(s, f), f.value, name+": "+f.text(s))
}

// groupName names the class of the group that is being priced.
func (s *state) groupName() string {
	if len(s.group.Items) > 0 {
		if name := s.t.classes.Name(s.group.Items[0].Classes.First()); name != "" {
			return "class " + name
		}
	}
	return "no class"
}

// rowPlace finds the cell of a price.
func rowPlace(s *state, f found) diag.Place {
	a, _ := f.list.rows[f.row].amount(f.col, s.facts.Day)
	return a.place
}

// text says which row it is, e.g. "price row 2: sweden, up to 5 kg".
func (f found) text(s *state) string {
	var parts []string
	if f.col >= 0 && f.list.cols != nil && !f.list.cols[f.col].everywhere {
		parts = append(parts, s.t.zones.Name(f.list.cols[f.col].zone))
	}
	r := &f.list.rows[f.row]
	if p := phrases(&r.when); p != "" {
		parts = append(parts, p)
	}
	if a, ok := r.amount(f.col, s.facts.Day); ok && a.kind == shareOfGoods {
		parts = append(parts, a.text)
	}
	if len(f.list.rows) == 1 && len(parts) == 0 {
		return "price"
	}
	text := fmt.Sprintf("price row %d", f.row+1)
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text
}

// surcharge says what was added n times; at is the amount of the day.
func (tr *tracer) surcharge(s *state, c *surcharge, at diag.Place, v order.Amount, n int64) {
	if tr == nil {
		return
	}
	text := c.label.In(s.q.Language, s.t.languages)
	if !c.hasLabel {
		text = "surcharge"
		if p := phrases(&c.when); p != "" {
			text += ": " + p
		}
	}
	if n > 1 {
		text = fmt.Sprintf("%s (%d ×)", text, n)
	}
	tr.money(s, at, v, text)
}

// free says from when on the option is free.
func (tr *tracer) free(s *state, o *option, v order.Amount) {
	if tr == nil {
		return
	}
	text := "free"
	if list, ok := o.free.total.At(s.facts.Day); ok && o.free.hasTotal {
		if limit, ok := list.In(s.facts.Currency); ok {
			m := table.Money{Amount: limit, Currency: s.facts.Currency}.String()
			text = "free from " + strings.TrimSuffix(m, " "+string(s.facts.Currency))
		}
	}
	if p := phrases(&o.free.when); p != "" {
		text += ", " + p
	}
	if o.free.keep {
		text += ", supplements stay"
	}
	tr.money(s, o.free.at, v, text)
}
