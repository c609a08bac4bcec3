package tax

import (
	"slices"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// VATIDTag is the tag that a fact provider adds to an order where it found the buyer's VAT id to be valid; with
// `vat_id: {plugin: …}` reverse charge needs it.
const VATIDTag = "vat_id_valid"

// b2b says when a business buyer owes the tax itself.
type b2b struct {
	reverse bool // reverse_charge: EU
	checked bool // the form of the VAT id is enough, or a plug-in says that it is valid
	plugin  string
	at      diag.Place
}

// readB2B reads {reverse_charge: EU, vat_id: format | {plugin: …, if_unavailable: charge}}.
func (l *loader) readB2B(n *diag.Node) {
	if n == nil || !diag.Fields(n, "`b2b`", []string{"reverse_charge", "vat_id"}, l.report) {
		return
	}
	b := &l.table.b2b
	v := diag.Need(n, "`b2b`", "reverse_charge", l.report)
	if v == nil || !diag.WantText(v, "`reverse_charge`", l.report) {
		return
	}
	if v.Text != unionKey {
		l.tellWord(v, "place for reverse charge", unionKey)
		return
	}
	b.reverse, b.at = true, v.Place
	id := n.Get("vat_id")
	switch {
	case id == nil:
		f := l.report.Warnf(codeNoVATID, v.Place, "reverse charge is never applied: `vat_id` does not say how a VAT id is checked")
		f.Help = "write vat_id: {plugin: …}, or vat_id: format"
	case id.Kind == diag.Map:
		l.readVATIDPlugin(id)
	case id.Text == "format":
		b.checked = true
		f := l.report.Warnf(codeFormOnly, id.Place, "only the form of a VAT id is checked before tax is left out")
		f.Label = "a made-up number of the right form is enough"
		f.Help = "let a plug-in ask the register: vat_id: {plugin: …, if_unavailable: charge}"
		f.Notes = []string{"for a sale to a buyer who is no business, the shop owes the tax it did not charge"}
	default:
		l.tellWord(id, "way to check a VAT id", "format", "{plugin: …}")
	}
}

func (l *loader) readVATIDPlugin(n *diag.Node) {
	b := &l.table.b2b
	diag.Fields(n, "`vat_id`", []string{"plugin", "if_unavailable"}, l.report)
	if v := diag.Need(n, "`vat_id`", "plugin", l.report); v != nil && diag.WantText(v, "the name of a plug-in", l.report) {
		b.plugin, b.checked = v.Text, true
	}
	if v := n.Get("if_unavailable"); v != nil && diag.WantText(v, "`if_unavailable`", l.report) && v.Text != "charge" {
		l.tellWord(v, "thing to do without the register", "charge")
	}
}

// VATIDPlugin returns the name of the plug-in that checks VAT ids, "" for none.
func (t *Table) VATIDPlugin() string { return t.b2b.plugin }

// applies reports whether the buyer of an order that goes to the spot owes the tax: an organization with a VAT id of a
// member other than home, buying goods that go from one member to another.
func (b *b2b) applies(t *Table, q *rules.Query, p *spot) bool {
	if !b.reverse || !b.checked || q.Order == nil || q.Order.Customer == nil {
		return false
	}
	c := q.Order.Customer
	if c.Type != "organization" || c.VATID == "" {
		return false
	}
	if home := t.places[t.home]; home == nil || !home.union || p.codes[1] == t.home || p.codes[2] == t.home {
		return false
	}
	country, ok := vatIDCountry(c.VATID)
	if !ok || country == t.home {
		return false
	}
	return b.plugin == "" || slices.Contains(q.Facts.Tags, VATIDTag)
}
