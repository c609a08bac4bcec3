package coverage

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Codes are the real postcodes of a list, those together that the tables cannot tell apart.
type Codes struct {
	File   string
	groups []codeGroup
}

// codeGroup are postcodes that get the same answers.
type codeGroup struct {
	place  authoring.Place
	codes  []string
	people int64 // inhabitants of all
	each   []int64
}

// sameCodes is what the tables see of a postcode.
type sameCodes struct {
	country, region string
	freight, tax    table.Where
}

// ReadCodes reads a list with the column postcode, and inhabitants, country and region where it has them; home is the country of
// lines that name none. Faults are errors in r, and then the result is nil.
func ReadCodes(fsys fs.FS, file, home string, b *authoring.Book, r *diag.Report) *Codes {
	sheet, ok := table.ReadSheet(fsys, table.Source{File: file, At: diag.Place{File: file, Line: 1, Col: 1}}, r)
	if !ok {
		return nil
	}
	l := &codeList{sheet: sheet, home: home, b: b, r: r, at: map[sameCodes]int{}, seen: map[string]bool{}, out: &Codes{File: file}}
	if sheet.Column("postcode") < 0 {
		f := r.Errorf("E302", sheet.Head[0].Place, "there is no column `postcode`")
		f.Help = "the head is e.g. postcode,inhabitants; country and region may be columns too"
		return nil
	}
	for _, row := range sheet.Rows {
		l.row(row)
	}
	if r.Failed() {
		return nil
	}
	return l.out
}

// codeList is a list while it is read.
type codeList struct {
	sheet *table.Sheet
	home  string
	b     *authoring.Book
	r     *diag.Report
	at    map[sameCodes]int
	seen  map[string]bool
	out   *Codes
}

func (l *codeList) cell(row []table.Cell, column string) table.Cell {
	if i := l.sheet.Column(column); i >= 0 {
		return row[i]
	}
	return table.Cell{}
}

func (l *codeList) row(row []table.Cell) {
	code := l.cell(row, "postcode")
	country := cmp.Or(strings.ToUpper(l.cell(row, "country").Text), l.home)
	region := strings.TrimPrefix(strings.ToUpper(l.cell(row, "region").Text), country+"-")
	if !table.KnownCountry(country) {
		l.r.Errorf("E216", l.cell(row, "country").Place, "there is no country `%s`", country).Help = "write a code of two letters, such as SE"
		return
	}
	place := authoring.Place{Country: country, Region: region, Postcode: code.Text, Ranges: []authoring.Range{{From: code.Text, To: code.Text}}}
	w := l.b.Where(&place)
	if code.Text == "" || w.Odd {
		f := l.r.Errorf("E212", code.Place, "`%s` is not a complete postcode of %s", code.Text, country)
		f.Help = "a list has whole postcodes, one on each line; a spreadsheet that takes zeros away at the front stores them as text"
		return
	}
	people, ok := l.people(l.cell(row, "inhabitants"))
	id := country + " " + region + " " + strings.ReplaceAll(code.Text, " ", "")
	if !ok || l.seen[id] {
		return
	}
	l.seen[id] = true
	key := sameCodes{country, region, w, l.b.TaxWhere(&place)}
	i, known := l.at[key]
	if !known {
		i = len(l.out.groups)
		l.at[key], l.out.groups = i, append(l.out.groups, codeGroup{place: place})
	}
	g := &l.out.groups[i]
	g.codes, g.each, g.people = append(g.codes, code.Text), append(g.each, people), g.people+people
}

// people reads how many live at a postcode; an empty cell is nobody.
func (l *codeList) people(c table.Cell) (int64, bool) {
	text := strings.NewReplacer(" ", "", "\u00a0", "").Replace(c.Text)
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	const most = 1_000_000_000
	if err != nil || n < 0 || n > most {
		l.r.Errorf("E103", c.Place, "`%s` is not a number of inhabitants", c.Text).Help = "write a whole number, such as 1250"
		return 0, false
	}
	return n, true
}

// CodeGaps is what real postcodes of a country are offered.
type CodeGaps struct {
	Country string    `json:"country"`
	Codes   int64     `json:"postcodes"`
	People  int64     `json:"inhabitants"`
	Carts   []CodeGap `json:"carts"`
	Never   int64     `json:"never"` // postcodes that are offered nothing, whatever is in the cart
}

// CodeGap is one cart.
type CodeGap struct {
	Cart   string   `json:"cart"`
	Codes  int64    `json:"without"` // postcodes that are offered nothing
	People int64    `json:"inhabitants_without"`
	Which  []string `json:"which"` // those with the most inhabitants first
}

// AskCodes asks about real postcodes; the arguments are those of Ask.
func AskCodes(ctx context.Context, b *authoring.Book, list *Codes, carts []Cart, currency string, p *Places, merge bool) ([]CodeGaps, error) {
	currencies := b.Currencies()
	if currency != "" {
		currencies = []string{currency}
	}
	real := &Places{Now: p.Now}
	for i := range list.groups {
		real.Places = append(real.Places, list.groups[i].place)
	}
	all, err := real.ask(ctx, b, carts, currencies)
	if err != nil {
		return nil, err
	}
	real.tell(carts, all, merge)
	var gaps []CodeGaps
	for i := range list.groups {
		code := list.groups[i].place.Country
		if !slices.ContainsFunc(gaps, func(g CodeGaps) bool { return g.Country == code }) {
			gaps = append(gaps, list.gaps(code, real))
		}
	}
	slices.SortFunc(gaps, func(a, b CodeGaps) int { return strings.Compare(a.Country, b.Country) })
	return gaps, nil
}

// gaps sums up a country.
func (l *Codes) gaps(country string, p *Places) CodeGaps {
	out := CodeGaps{Country: country}
	never := p.Gaps()
	for i := range l.groups {
		if g := &l.groups[i]; g.place.Country == country {
			out.Codes, out.People = out.Codes+int64(len(g.codes)), out.People+g.people
			if slices.Contains(never, i) {
				out.Never += int64(len(g.codes))
			}
		}
	}
	for k := range p.Carts {
		gap := CodeGap{Cart: p.Carts[k].Name, Which: []string{}}
		people := map[string]int64{}
		for i := range l.groups {
			g := &l.groups[i]
			if g.place.Country != country || len(p.Carts[k].Answers[i].Options) > 0 || p.Carts[k].Answers[i].Currency == "" {
				continue
			}
			gap.Codes, gap.People, gap.Which = gap.Codes+int64(len(g.codes)), gap.People+g.people, append(gap.Which, g.codes...)
			for n, code := range g.codes {
				people[code] = g.each[n]
			}
		}
		slices.SortFunc(gap.Which, func(a, b string) int { return cmp.Or(cmp.Compare(people[b], people[a]), strings.Compare(a, b)) })
		out.Carts = append(out.Carts, gap)
	}
	return out
}

// CodesText writes them for a person.
func CodesText(w io.Writer, file string, list []CodeGaps) error {
	const most = 8
	var out strings.Builder
	for i := range list {
		g := &list[i]
		fmt.Fprintf(&out, "%s: %s of %s%s\n", g.Country, authoring.Plural(int(g.Codes), "postcode", "postcodes"), file, inhabitants(", ", g.People, ""))
		var rows [][]string
		for _, c := range g.Carts {
			text := "all get an option"
			if c.Codes > 0 {
				text = authoring.Count(c.Codes) + " get none" + inhabitants(" (", c.People, ")") + ": " + first(c.Which, most)
			}
			rows = append(rows, []string{"  " + c.Cart, text})
		}
		if len(rows) > 0 {
			align(&out, rows)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func inhabitants(before string, n int64, after string) string {
	if n == 0 {
		return ""
	}
	return before + authoring.Count(n) + " inhabitants" + after
}
