package importer

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Limits of what is written into shipping.yaml itself; what is longer goes into side files.
const (
	maxInline     = 8  // postcodes of a zone
	maxInlineRows = 12 // rows of a price list
)

// Names of the files.
const (
	zoneFile   = "zones/postcodes.csv"
	reportFile = "import-report.txt"
	testFile   = "import.test.yaml"
)

// files writes the whole folder but its report.
func (d *draft) files() []File {
	var side []File
	text := d.shipping(&side)
	out := append([]File{{"shipping.yaml", text}}, side...)
	out = append(out, d.taxFiles()...)
	if test := d.tests(); test != nil {
		out = append(out, File{testFile, test})
	}
	return out
}

// shipping writes shipping.yaml; side files are added to side.
func (d *draft) shipping(side *[]File) []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "# Imported from %s (%s); what was converted or left out stands in %s.\n", oneLine(d.source), d.kind, reportFile)
	fmt.Fprintf(&w, "version: 1\ncurrency: %s\ntime_zone: %s\nlanguages: [%s]\nprices: %s\n", d.currency(), zoneOfHome(d.home()), languageOf(d.home()), d.pricesWith())
	if d.weighs() {
		w.WriteString("item_weight_if_missing: 0 g         # as in the source; better: what a piece usually weighs\n")
	}
	for _, l := range d.book.top {
		w.WriteString(l + "\n")
	}
	d.writeZones(&w, side)
	if len(d.book.classes) > 0 {
		w.WriteString("\nclasses:\n")
		for _, c := range d.book.classes {
			fmt.Fprintf(&w, "  %s: {tags: [%s]}\n", c.name, plain(c.tag))
		}
	}
	w.WriteString("\noptions:\n")
	for i := range d.book.options {
		d.book.options[i].write(&w, side)
	}
	return w.Bytes()
}

// pricesWith says whether freight is with tax.
func (d *draft) pricesWith() string {
	if d.book.tax != nil && d.book.tax.sales {
		return "exclude tax"
	}
	return "include tax"
}

// weighs reports whether a rule looks at the weight.
func (d *draft) weighs() bool {
	for _, o := range d.book.options {
		if o.list != nil && slices.ContainsFunc(o.list.head, func(h string) bool { return strings.HasSuffix(h, "_weight") }) {
			return true
		}
		for _, l := range o.lines {
			if strings.Contains(l, "_weight") || strings.Contains(l, "kg") || strings.Contains(l, " g") {
				return true
			}
		}
	}
	return false
}

// writeZones writes zones in the order in which they came; those of many postcodes go into one file.
func (d *draft) writeZones(w *bytes.Buffer, side *[]File) {
	var rows [][]string
	var inline bytes.Buffer
	for _, z := range d.book.zones {
		long := 0
		for _, a := range z.areas {
			if a.from != "" {
				long++
			}
		}
		if long <= maxInline {
			fmt.Fprintf(&inline, "  %s: {%s}\n", z.name, z.flow())
			continue
		}
		for _, a := range z.areas {
			from, to := a.pattern(), ""
			if a.to != "" {
				from, to = a.from, a.to
			}
			rows = append(rows, []string{a.key(), from, to, z.name})
		}
		if len(z.less) > 0 {
			fmt.Fprintf(&inline, "  %s: {except: %s}\n", z.name, listOf(z.less))
		}
	}
	if inline.Len() > 0 {
		w.WriteString("\nzones:\n" + inline.String())
	}
	if len(rows) > 0 {
		w.WriteString("\nzone_files: [" + zoneFile + "]\n")
		*side = append(*side, File{zoneFile, sheetOf([]string{"country", "from", "to", "zone"}, rows)})
	}
}

// flow writes the places of a zone inside { }.
func (z *zone) flow() string {
	var parts []string
	for i := 0; i < len(z.areas); {
		key := z.areas[i].key()
		var codes []string
		for ; i < len(z.areas) && z.areas[i].key() == key; i++ {
			codes = append(codes, plain(z.areas[i].pattern()))
		}
		if slices.Contains(codes, "all") {
			parts = append(parts, key+": all")
		} else {
			parts = append(parts, key+": ["+strings.Join(codes, ", ")+"]")
		}
	}
	if len(z.less) > 0 {
		parts = append(parts, "except: "+listOf(z.less))
	}
	return strings.Join(parts, ", ")
}

// listOf writes one name, or several in [ ].
func listOf(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// write writes an option; its price list goes into a side file where it is long.
func (o *option) write(w *bytes.Buffer, side *[]File) {
	if o.remark != "" {
		fmt.Fprintf(w, "  # %s\n", oneLine(o.remark))
	}
	fmt.Fprintf(w, "  - id: %s\n    name: %s\n", o.id, plain(noBraces(o.name)))
	if o.method != "" {
		fmt.Fprintf(w, "    method: %s\n", o.method)
	}
	if len(o.to) > 0 {
		fmt.Fprintf(w, "    to: %s\n", listOf(o.to))
	}
	if o.list == nil {
		fmt.Fprintf(w, "    price: %s\n", o.price)
	}
	for _, l := range o.lines {
		fmt.Fprintf(w, "    %s\n", l)
	}
	switch {
	case o.list == nil:
	case len(o.list.rows) <= maxInlineRows && len(o.list.head) <= maxInline:
		w.WriteString("    price:\n      table: |\n")
		o.list.pipes(w)
	default:
		name := "rates/" + o.id + ".csv"
		fmt.Fprintf(w, "    price: {csv: %s}\n", name)
		*side = append(*side, File{name, sheetOf(o.list.head, o.list.rows)})
	}
	w.WriteByte('\n')
}

// pipes writes a list with its columns lined up.
func (l *priceList) pipes(w *bytes.Buffer) {
	pipeTable(w, "        ", append([][]string{l.head}, l.rows...))
}

func pipeTable(w *bytes.Buffer, indent string, lines [][]string) {
	widths := make([]int, len(lines[0]))
	for _, row := range lines {
		for i, c := range row {
			widths[i] = max(widths[i], len(c))
		}
	}
	for _, row := range lines {
		w.WriteString(indent)
		for i, c := range row {
			if i > 0 {
				w.WriteString(" | ")
			}
			if i == len(row)-1 {
				w.WriteString(c)
			} else {
				fmt.Fprintf(w, "%-*s", widths[i], c)
			}
		}
		w.WriteByte('\n')
	}
}

// sheetOf writes a CSV file.
func sheetOf(head []string, rows [][]string) []byte {
	var w bytes.Buffer
	c := csv.NewWriter(&w)
	_ = c.Write(head)    // a buffer takes everything
	_ = c.WriteAll(rows) // the same
	return w.Bytes()
}

// plainText is text that YAML reads as it stands, also inside [ ] and { }.
var plainText = regexp.MustCompile(`^[\pL\pN*][\pL\pN *._/%+-]*$`)

// plain writes a text for YAML, in quotes where they are needed.
func plain(text string) string {
	if plainText.MatchString(text) && strings.TrimSpace(text) == text && !strings.HasPrefix(text, "*") && text != "null" {
		return text
	}
	return strconv.Quote(text)
}

// noBraces keeps texts from looking like placeholders.
func noBraces(text string) string {
	return strings.NewReplacer("{", "(", "}", ")").Replace(text)
}

// oneLine makes a text fit into a remark.
func oneLine(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 {
			return ' '
		}
		return c
	}, text)
}
