package compare

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/internal/authoring"
)

// maxLines is how many changes of one thing a person is shown.
const maxLines = 25

// Text writes the changes for a person: what is new or gone, then line by line what an order pays before and after.
func (r *Report) Text(w io.Writer) error {
	var out strings.Builder
	if r.Empty() {
		out.WriteString("no difference: every order gets the same answer\n")
	}
	rows := [][3]string{}
	for i := 0; i < len(r.Changes); {
		j := i
		for j < len(r.Changes) && r.Changes[j].head() == r.Changes[i].head() {
			j++
		}
		rows = append(rows, block(r.Changes[i:j])...)
		i = j
	}
	align(&out, rows)
	for _, id := range r.Partly {
		fmt.Fprintf(&out, "note: %s has so many limits that not all their combinations were tried\n", id)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&out, "note: %s\n", note)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// head is what changes are told under.
func (c *Change) head() string {
	switch c.Kind {
	case KindTax:
		return "! tax of " + c.Option
	case KindList:
		return c.Sign + " " + c.Option
	case KindCheck:
		return c.Sign + " check " + c.Option
	default:
		return c.Sign + " " + c.Option
	}
}

// block are the lines of one head; most of all what most questions answer.
func block(list []Change) [][3]string {
	list = slices.Clone(list)
	var rows [][3]string
	for i := range list {
		c := &list[i]
		head := ""
		if i == 0 {
			head = c.head()
		}
		if i == maxLines && len(list) > maxLines+1 {
			return append(rows, [3]string{"", fmt.Sprintf("and %d more; --format json has all", len(list)-i), ""})
		}
		where := c.Where
		if where == "" {
			where = "everywhere"
		}
		rows = append(rows, [3]string{head, where, c.values()})
	}
	return rows
}

// values writes both sides: "59.00 → 62.00 SEK".
func (c *Change) values() string {
	if c.Kind == KindCheck && c.Sign != "~" {
		return map[string]string{"+": "new: it can stop orders", "-": "gone: it stops no order any more"}[c.Sign]
	}
	if c.Before.Text != "" || c.After.Text != "" || c.Kind != KindPrice {
		return word(c.Before.Text) + " → " + word(c.After.Text)
	}
	switch {
	case c.Moves != 0:
		sign := ""
		if c.Moves > 0 {
			sign = "+"
		}
		return sign + authoring.Money(c.Moves, c.Before.Currency) + ", as " + authoring.Major(c.Before.Amount, c.Before.Currency) + " → " +
			authoring.Major(c.After.Amount, c.After.Currency)
	case c.Before.Offered && c.After.Offered:
		return authoring.Major(c.Before.Amount, c.Before.Currency) + " → " + authoring.Money(c.After.Amount, c.After.Currency)
	case c.Before.Offered && c.Sign == "-":
		return authoring.Money(c.Before.Amount, c.Before.Currency)
	case c.Before.Offered:
		return authoring.Money(c.Before.Amount, c.Before.Currency) + " → no longer offered"
	case c.Sign == "+":
		return authoring.Money(c.After.Amount, c.After.Currency)
	default:
		return "not offered → " + authoring.Money(c.After.Amount, c.After.Currency)
	}
}

func word(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// align writes three columns.
func align(out *strings.Builder, rows [][3]string) {
	const widest = 90 // of the second column; what is longer stands by itself
	var width [2]int
	for _, row := range rows {
		width[0] = max(width[0], utf8.RuneCountInString(row[0]))
		if n := utf8.RuneCountInString(row[1]); n <= widest {
			width[1] = max(width[1], n)
		}
	}
	for _, row := range rows {
		pad := func(i int) string { return strings.Repeat(" ", max(width[i]-utf8.RuneCountInString(row[i]), 0)+3) }
		out.WriteString(strings.TrimRight(row[0]+pad(0)+row[1]+pad(1)+row[2], " ") + "\n")
	}
}
