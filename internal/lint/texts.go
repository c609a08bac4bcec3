package lint

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// tellTexts tells texts that lack a language of the file, and names that are too long. A language that most texts lack is
// not meant to be everywhere.
func (l *linter) tellTexts() {
	langs := slices.DeleteFunc(slices.Clone(l.book.Shipping.Languages()), func(lang string) bool { return !l.usual(lang) })
	for i := range l.options {
		o := &l.options[i]
		for _, t := range o.Texts {
			if len(t.Text.Langs) > 0 && t.Text.Langs[0] != "" {
				l.tellMissingText(o, t, langs)
			}
			for j, text := range t.Text.Texts {
				if n := utf8.RuneCountInString(text); t.Word == "name" && n > maxNameLength {
					f := l.r.Warnf(codeLongName, o.At, "the name of `%s` has %d characters", o.ID, n)
					f.Label, f.Help = fmt.Sprintf("it is cut behind %d", maxNameLength), "write a shorter one; what is said at length belongs into description"
					if lang := t.Text.Langs[j]; lang != "" {
						f.Message += " in " + lang
					}
				}
			}
		}
	}
}

// usual reports whether most texts that are written by language have one in lang.
func (l *linter) usual(lang string) bool {
	with, all := 0, 0
	for i := range l.options {
		for _, t := range l.options[i].Texts {
			if len(t.Text.Langs) == 0 || t.Text.Langs[0] == "" {
				continue
			}
			if all++; slices.Contains(t.Text.Langs, lang) || norwegian(lang, t.Text.Langs) {
				with++
			}
		}
	}
	return 2*with > all
}

func (l *linter) tellMissingText(o *shipping.Layout, t shipping.TextLayout, langs []string) {
	var missing []string
	for _, lang := range langs {
		if !slices.Contains(t.Text.Langs, lang) && !norwegian(lang, t.Text.Langs) {
			missing = append(missing, lang)
		}
	}
	if len(missing) == 0 {
		return
	}
	f := l.r.Warnf(codeNoText, o.At, "the %s of `%s` has no text in %s", t.Word, o.ID, strings.Join(missing, ", "))
	f.Label = "buyers there read it in " + t.Text.Langs[0]
	f.Help = "add it, e.g. " + t.Word + ": {" + t.Text.Langs[0] + ": …, " + missing[0] + ": …}"
}

// norwegian reports whether a text in the other of no and nb stands in for a language.
func norwegian(lang string, have []string) bool {
	return lang == "no" && slices.Contains(have, "nb") || lang == "nb" && slices.Contains(have, "no")
}

// tellTwins tells price lists of several rows that stand twice.
func (l *linter) tellTwins() {
	seen := map[string]*shipping.Layout{}
	for i := range l.options {
		o := &l.options[i]
		for j := range o.Prices {
			text := listText(&o.Prices[j])
			if text == "" || o.Off {
				continue
			}
			first, twice := seen[text]
			if !twice {
				seen[text] = o
				continue
			}
			if first.ID == o.ID || first.Prices[0].At == o.Prices[j].At { // from defaults
				continue
			}
			f := l.r.Warnf(codeTwin, o.Prices[j].At, "`%s` has the same price list as `%s`", o.ID, first.ID)
			f.Label, f.Help = "a change has to be made in both", "put it into a CSV file that both name, or under `defaults`"
			f.Cause = &diag.Cause{Place: first.Prices[0].At, Label: "the other one"}
		}
	}
}

// listText writes what a price list says; "" for a short one.
func listText(p *shipping.PriceLayout) string {
	if len(p.Rows) < 2 {
		return ""
	}
	var b strings.Builder
	for _, c := range p.Cols {
		fmt.Fprintf(&b, "%d %v %s|", c.Zone, c.Everywhere, c.Currency)
	}
	eachRow(p, func(_ int, row *shipping.RowLayout) {
		for _, t := range row.When.Terms() {
			b.WriteString(t.String() + ",")
		}
		fmt.Fprint(&b, row.Price.From)
		eachAmount(row, func(a *shipping.AmountLayout) {
			if a.Share { // which one is not known here
				fmt.Fprint(&b, a.At)
			}
			fmt.Fprint(&b, a.Off, a.Money.String(), ";")
		})
	})
	return b.String()
}
