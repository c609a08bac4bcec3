package replay

import (
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// difference is what another rulebook changes.
type difference struct {
	changed, lost, gained list
	tax                   int64
	stopped, freed        int64                   // by checks
	moved                 map[string]order.Amount // freight that is paid, by currency: after less before
	options               map[string]*OptionDiff
}

func newDifference() difference {
	return difference{moved: map[string]order.Amount{}, options: map[string]*OptionDiff{}}
}

// OptionDiff counts what becomes of one option.
type OptionDiff struct {
	ID      string `json:"id"`
	Dearer  int64  `json:"dearer"`
	Cheaper int64  `json:"cheaper"`
	Lost    int64  `json:"lost"`
	Gained  int64  `json:"gained"`
}

func (d *difference) option(id string) *OptionDiff {
	o := d.options[id]
	if o == nil {
		o = &OptionDiff{ID: id}
		d.options[id] = o
	}
	return o
}

// compare takes the two answers about an order in: a before, b after; stops is what the checks of each say.
func (d *difference) compare(keep int, o *order.Order, a, b *authoring.Answer, stops [2]rules.Decision, n Named) {
	lost, moved := d.losses(a, b)
	gained := d.gains(a, b)
	taxed := !sameTax(a, b)
	if taxed {
		d.tax++
	}
	if stops[0].Verdict != stops[1].Verdict {
		d.stop(&stops)
		n.Text = stopText(&stops)
	} else if sameKind(a, b) && !lost && !gained && !moved && !taxed && !repaid(a, b) {
		return
	}
	currency := order.Upper(o.PurchaseCurrency)
	if pa, pb := a.Paid(), b.Paid(); pa != nil && pb != nil && pa.Price != pb.Price {
		d.moved[currency] += pb.Price - pa.Price
		n.Text = strings.TrimPrefix(n.Text+"; ", "; ") + authoring.Major(pa.Price, currency) + " → " + authoring.Money(pb.Price, currency)
	}
	if lost {
		d.lost.add(keep, n)
	}
	if gained {
		d.gained.add(keep, n)
	}
	d.changed.add(keep, n)
}

// stop counts an order that a check stops in one rulebook only; one that is sent elsewhere instead counts as neither.
func (d *difference) stop(stops *[2]rules.Decision) {
	switch {
	case stops[0].Verdict == rules.Accept:
		d.stopped++
	case stops[1].Verdict == rules.Accept:
		d.freed++
	}
}

// stopText says which check.
func stopText(stops *[2]rules.Decision) string {
	word := func(d *rules.Decision) string {
		if d.Verdict == rules.Accept || len(d.Reasons) == 0 {
			return "passes"
		}
		return "stopped by " + strings.TrimPrefix(d.Reasons[0].Rule, rules.CheckRule)
	}
	return word(&stops[0]) + " → " + word(&stops[1])
}

// sameKind reports whether both answer, or both refuse in the same way.
func sameKind(a, b *authoring.Answer) bool {
	return a.Decision.Verdict == b.Decision.Verdict && a.Decision.Reject.Kind == b.Decision.Reject.Kind &&
		(a.Err == nil) == (b.Err == nil) && len(a.Options) == len(b.Options)
}

// repaid reports whether another option is paid for.
func repaid(a, b *authoring.Answer) bool {
	pa, pb := a.Paid(), b.Paid()
	return pa != nil && pb != nil && pa.ID != pb.ID
}

// losses counts what became of the options of a.
func (d *difference) losses(a, b *authoring.Answer) (lost, moved bool) {
	for i := range a.Options {
		id, first := base(a.Options, i)
		if !first {
			continue
		}
		switch after := b.Option(id); {
		case after == nil:
			d.option(id).Lost++
			lost = true
		case after.Price > a.Options[i].Price:
			d.option(id).Dearer++
			moved = true
		case after.Price < a.Options[i].Price:
			d.option(id).Cheaper++
			moved = true
		}
	}
	return lost, moved
}

// gains counts the options of b that a does not have.
func (d *difference) gains(a, b *authoring.Answer) (gained bool) {
	for i := range b.Options {
		if id, first := base(b.Options, i); first && a.Option(id) == nil {
			d.option(id).Gained++
			gained = true
		}
	}
	return gained
}

// sameTax reports whether the lines and the options that are in both carry the same tax.
func sameTax(a, b *authoring.Answer) bool {
	if len(a.Lines) == len(b.Lines) {
		for i := range a.Lines {
			if a.Lines[i].TaxRate != b.Lines[i].TaxRate || a.Lines[i].TotalTaxAmount != b.Lines[i].TotalTaxAmount {
				return false
			}
		}
	} else if a.Decision.Verdict == b.Decision.Verdict {
		return false
	}
	for i := range a.Options {
		o := &a.Options[i]
		for k := range b.Options {
			p := &b.Options[k]
			if p.ID == o.ID && p.Price == o.Price && (p.TaxRate != o.TaxRate || p.TaxAmount != o.TaxAmount) {
				return false
			}
		}
	}
	return true
}

func (d *difference) merge(o *difference) {
	d.changed.merge(&o.changed)
	d.lost.merge(&o.lost)
	d.gained.merge(&o.gained)
	d.tax += o.tax
	d.stopped, d.freed = d.stopped+o.stopped, d.freed+o.freed
	for currency, a := range o.moved {
		d.moved[currency] += a
	}
	for id, from := range o.options {
		to := d.option(id)
		to.Dearer, to.Cheaper, to.Lost, to.Gained = to.Dearer+from.Dearer, to.Cheaper+from.Cheaper, to.Lost+from.Lost, to.Gained+from.Gained
	}
}
