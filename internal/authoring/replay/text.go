package replay

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/internal/authoring"
)

// maxReasons is how many kinds of orders without an option a report names.
const maxReasons = 6

// Text writes the result for a person; named also lists the orders that are named in it.
func (r *Result) Text(w io.Writer, named bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s orders   %s with options   %s without\n", authoring.Count(r.Orders), authoring.Count(r.With), authoring.Count(r.Without))
	for _, n := range []struct {
		n    int64
		text string
	}{{r.Empty, "with nothing to ship"}, {r.Unreadable, "that cannot be read"}, {r.Failed, "that the tables could not answer"}} {
		if n.n > 0 {
			fmt.Fprintf(&b, "%s %s\n", authoring.Count(n.n), n.text)
		}
	}
	r.options(&b)
	r.reasons(&b)
	if r.Compared != nil {
		r.Compared.text(&b, r.Orders)
	}
	if t := r.Times; t != nil {
		fmt.Fprintf(&b, "Slowest evaluation %s, median %s, of the tables alone, without reading the order\n",
			t.Slowest.Round(tick), t.Median)
	}
	r.named(&b, named)
	_, err := io.WriteString(w, b.String())
	return err
}

// options writes the table of options.
func (r *Result) options(b *strings.Builder) {
	rows := [][]string{{"", "offered", "cheapest", "paid", "free", "least", "median", "most price"}}
	for i := range r.Options {
		o := &r.Options[i]
		row := []string{o.ID, authoring.Count(o.Offered), authoring.Count(o.Cheapest), authoring.Count(o.Paid), percent(o.Free, o.Offered), "–", "–", "–"}
		for k, p := range o.Prices {
			if k > 0 {
				row = []string{"", "", "", "", ""}
			}
			rows = append(rows, append(row[:5:5], authoring.Major(p.Least, p.Currency), authoring.Major(p.Median, p.Currency), authoring.Money(p.Most, p.Currency)))
		}
		if len(o.Prices) == 0 {
			rows = append(rows, row)
		}
	}
	align(b, rows)
}

// align writes columns: the first to the left, the others to the right.
func align(b *strings.Builder, rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line.WriteString(cell + pad)
				continue
			}
			line.WriteString("   " + pad + cell)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

func percent(n, of int64) string {
	switch {
	case of == 0 || n == 0:
		return "–"
	case n*100 < of:
		return "< 1 %"
	default:
		return fmt.Sprintf("%d %%", n*100/of)
	}
}

func (r *Result) reasons(b *strings.Builder) {
	if len(r.Reasons) == 0 {
		return
	}
	var parts []string
	rest := r.Without
	for i, why := range r.Reasons {
		if i == maxReasons {
			parts = append(parts, authoring.Count(rest)+" others")
			break
		}
		parts = append(parts, authoring.Count(why.Orders)+" "+why.Text)
		rest -= why.Orders
	}
	fmt.Fprintf(b, "Without an option: %s\n", strings.Join(parts, "; "))
}

// Text is the summary in a sentence: "1 204 of 10 000 orders change, +3 612.00 SEK freight, 17 lose an option".
func (c *Compared) Text(orders int64) string {
	if c.Changed == 0 {
		return fmt.Sprintf("none of %s orders changes", authoring.Count(orders))
	}
	text := fmt.Sprintf("%s of %s orders change", authoring.Count(c.Changed), authoring.Count(orders))
	for _, m := range c.Moved {
		sign := ""
		if m.Amount > 0 {
			sign = "+"
		}
		text += ", " + sign + authoring.Money(m.Amount, m.Currency) + " freight"
	}
	for _, n := range []struct {
		n    int64
		text string
	}{{c.Lost, "lose an option"}, {c.Gained, "gain an option"}, {c.Tax, "are taxed otherwise"}, {c.Stopped, "are stopped by a check"}, {c.Freed, "are no longer stopped"}} {
		if n.n > 0 {
			text += ", " + authoring.Count(n.n) + " " + n.text
		}
	}
	return text
}

func (c *Compared) text(b *strings.Builder, orders int64) {
	fmt.Fprintf(b, "Compared: %s\n", c.Text(orders))
	for _, o := range c.Options {
		var parts []string
		for _, n := range []struct {
			n    int64
			text string
		}{{o.Dearer, "dearer"}, {o.Cheaper, "cheaper"}, {o.Lost, "no longer offered"}, {o.Gained, "newly offered"}} {
			if n.n > 0 {
				parts = append(parts, authoring.Count(n.n)+" "+n.text)
			}
		}
		fmt.Fprintf(b, "  %s: %s\n", o.ID, strings.Join(parts, ", "))
	}
}

// named lists orders. What cannot be read is always told.
func (r *Result) named(b *strings.Builder, all bool) {
	tell := func(head string, list []Named) {
		for _, n := range list {
			if n.Text == "" {
				fmt.Fprintf(b, "  %s: %s\n", head, n.Name)
				continue
			}
			fmt.Fprintf(b, "  %s: %s: %s\n", head, n.Name, n.Text)
		}
	}
	tell("cannot be read", r.Named.Unreadable)
	tell("no answer", r.Named.Failed)
	if !all {
		if len(r.Named.Without)+len(r.Named.Changed) > 0 {
			b.WriteString("--list names the orders\n")
		}
		return
	}
	tell("without an option", r.Named.Without)
	tell("loses an option", r.Named.Lost)
	tell("changes", r.Named.Changed)
}
