package importer

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// standard is the class of goods that are of no other.
const standard = "standard"

// taxes is what a source says about taxes.
type taxes struct {
	sales   bool // sales tax of the USA, not VAT
	vat     []vatCountry
	areas   []vatArea
	classes []string // but standard, in the order in which they come
	freight map[string]string
	states  []salesState
	rates   [][]string // rows of the rate file
}

// vatCountry is the rates of a country by class.
type vatCountry struct {
	code  string
	rates map[string][]vatPeriod
}

// vatArea is a part of a country with rates of its own.
type vatArea struct {
	name  string
	areas []area
	less  []string
	rates map[string][]vatPeriod
}

// vatPeriod is a rate from a day on, in hundredths of a per cent.
type vatPeriod struct {
	from string // 2026-01-31; "": always
	rate int64
}

// basis reads a per cent with at most two decimals.
func (d *draft) basis(c table.Cell) (int64, bool) {
	x, ok := number(strings.TrimSpace(strings.TrimSuffix(c.Text, "%")))
	if !ok || x.Cmp(big.NewRat(100, 1)) > 0 {
		d.bad(c, "write a per cent such as 25 or 5.5", "`%s` is not a per cent", c.Text)
		return 0, false
	}
	n, ok := whole(times(x, big.NewRat(100, 1)))
	if !ok {
		d.beyond(c.Place, "VAT has at most two decimals", "the rate `%s` is more exact than the checkout can carry and is left out", c.Text)
	}
	return n, ok
}

// percentText writes hundredths of a per cent.
func percentText(n int64) string {
	text := fmt.Sprintf("%d.%02d", n/100, n%100)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + "%"
}

// addClass notes a class of goods.
func (t *taxes) addClass(name string) {
	if name != standard && !slices.Contains(t.classes, name) {
		t.classes = append(t.classes, name)
	}
}

// flowRates writes the rates of a country or an area inside { }.
func (t *taxes) flowRates(rates map[string][]vatPeriod) string {
	var parts []string
	for _, class := range append([]string{standard}, t.classes...) {
		list := rates[class]
		switch {
		case len(list) == 0:
		case len(list) == 1 && list[0].from == "":
			parts = append(parts, class+": "+percentText(list[0].rate))
		default:
			var dated []string
			for _, p := range list {
				dated = append(dated, cmpText(p.from, "1970-01-01")+": "+percentText(p.rate))
			}
			parts = append(parts, class+": {"+strings.Join(dated, ", ")+"}")
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// taxFiles writes tax.yaml and its side files; where the source says nothing it is the least that an author has to complete.
func (d *draft) taxFiles() []File {
	switch t := d.book.tax; {
	case t == nil:
		return d.leastTax()
	case t.sales:
		return d.salesFiles(t)
	default:
		return []File{{"tax.yaml", d.vatFile(t)}}
	}
}

// leastTax is a file that an author has to complete.
func (d *draft) leastTax() []File {
	d.note("tax.yaml is not from the source, which says nothing about taxes: complete it before it goes live")
	var w bytes.Buffer
	home := d.home()
	fmt.Fprintf(&w, "# The source says nothing about taxes. COMPLETE THIS FILE before it goes live: classes, other countries, freight.\n")
	fmt.Fprintf(&w, "version: 1\nmode: vat\nhome: %s\n", home)
	if charges(home) {
		fmt.Fprintf(&w, "data: vat-rates.yaml\ndestinations:\n  %s: charge                         # the rates of that country\n", home)
	} else {
		w.WriteString("destinations:\n")
	}
	w.WriteString("  \"*\": none                          # everywhere else: no VAT\n")
	return []File{{"tax.yaml", w.Bytes()}}
}

// vatFile writes a tax.yaml of VAT.
func (d *draft) vatFile(t *taxes) []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "# Imported from %s (%s); what was converted or left out stands in %s.\n", oneLine(d.source), d.kind, reportFile)
	fmt.Fprintf(&w, "version: 1\nmode: vat\nhome: %s\n", d.home())
	if len(t.classes) > 0 {
		w.WriteString("\nclasses:                             # the goods need these tags\n")
		for _, c := range t.classes {
			fmt.Fprintf(&w, "  %s: {tags: [%s]}\n", c, c)
		}
	}
	w.WriteString("\ndestinations:\n")
	for _, c := range t.vat {
		fmt.Fprintf(&w, "  %s: charge\n", c.code)
	}
	w.WriteString("  \"*\": none\n\nrates:\n")
	for _, c := range t.vat {
		fmt.Fprintf(&w, "  %s: %s\n", c.code, t.flowRates(c.rates))
	}
	if len(t.areas) > 0 {
		w.WriteString("\nzones:\n")
		for _, a := range t.areas {
			z := zone{areas: a.areas, less: a.less}
			fmt.Fprintf(&w, "  %s: {%s}\n", a.name, z.flow())
		}
		w.WriteString("areas:\n")
		for _, a := range t.areas {
			fmt.Fprintf(&w, "  %s: %s\n", a.name, t.flowRates(a.rates))
		}
	}
	if len(t.freight) > 0 {
		var parts []string
		for _, c := range t.vat {
			if word := t.freight[c.code]; word != "" {
				parts = append(parts, c.code+": "+word)
			}
		}
		fmt.Fprintf(&w, "\nshipping_tax: {%s, \"*\": split}\n", strings.Join(parts, ", "))
	}
	return w.Bytes()
}

// leastShipping is an option for a source that says nothing about freight.
func (d *draft) leastShipping() {
	if len(d.book.options) > 0 {
		return
	}
	d.book.options = []option{{id: "parcel", name: "Parcel", remark: "The source says nothing about freight. COMPLETE THIS before it goes live.",
		price: major(0, d.currency())}}
	d.note("shipping.yaml is not from the source, which says nothing about freight: complete it before it goes live")
}

// taxCart is a piece of goods of a class on a day.
func taxCart(class, day string) question {
	if class == standard {
		class = ""
	}
	return question{goods: [2]goods{{tag: class, pieces: 1, total: 1_000_000, grams: 1000}}, day: day}
}

// daysAround are a day on which a rate begins and the one before.
func daysAround(from string, now time.Time) []string {
	t, err := time.Parse(time.DateOnly, from)
	if err != nil || t.Year() < 1971 {
		return []string{now.Format(time.DateOnly)}
	}
	return []string{from, t.AddDate(0, 0, -1).Format(time.DateOnly), now.Format(time.DateOnly)}
}

// placeCell is a cell of a node, for those who read cells.
func placeCell(n *diag.Node) table.Cell { return table.Cell{Text: n.Text, Place: n.Place} }
