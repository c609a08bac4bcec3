package coverage

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/internal/authoring"
)

// Text writes who gets what for a person: a table of carts and countries, then the places that get less than the rest of their
// country, and those that get nothing.
func (p *Places) Text(ctx context.Context, w io.Writer, b *authoring.Book) error {
	var out strings.Builder
	served := p.served()
	p.grid(&out, served)
	p.exceptions(ctx, &out, b, served)
	p.gaps(&out, b, served)
	_, err := io.WriteString(w, out.String())
	return err
}

// country is the places of a country, by index.
type country struct {
	code   string
	places []int
}

func (p *Places) countries(served map[string]bool) []country {
	var list []country
	for i := range p.Places {
		code := p.Places[i].Country
		switch {
		case !served[code]:
		case len(list) > 0 && list[len(list)-1].code == code:
			list[len(list)-1].places = append(list[len(list)-1].places, i)
		default:
			list = append(list, country{code, []int{i}})
		}
	}
	return list
}

// grid writes the table; countries with the same answers share a column.
func (p *Places) grid(out *strings.Builder, served map[string]bool) {
	var heads [][]string
	var columns [][]string
	for _, c := range p.countries(served) {
		head := c.code
		if p.Places[c.places[0]].Elsewhere {
			head = "others"
		}
		column := make([]string, len(p.Carts))
		for i := range p.Carts {
			column[i] = p.Carts[i].cell(c.places)
		}
		if k := slices.IndexFunc(columns, func(o []string) bool { return slices.Equal(o, column) }); k >= 0 {
			heads[k] = append(heads[k], head)
			continue
		}
		heads, columns = append(heads, []string{head}), append(columns, column)
	}
	if len(heads) == 0 {
		out.WriteString("no place gets an option, whatever is in the cart\n")
		return
	}
	rows := [][]string{{"cart"}}
	var legend string
	for _, list := range heads {
		text := strings.Join(list, ", ")
		if len(list) > maxHead {
			text = list[0] + " and " + authoring.Count(int64(len(list)-1)) + " more"
			legend += text + ": " + strings.Join(list[1:], ", ") + "\n"
		}
		rows[0] = append(rows[0], text)
	}
	for i := range p.Carts {
		row := []string{p.Carts[i].Name}
		for _, column := range columns {
			row = append(row, column[i])
		}
		rows = append(rows, row)
	}
	align(out, rows)
	out.WriteString(legend)
}

// maxHead is the most countries in the head of a column.
const maxHead = 5

// cell says how many options the places of a country get: "all, 2–3 options".
func (c *CartPlaces) cell(places []int) string {
	least, most, none := -1, 0, 0
	if !slices.ContainsFunc(places, func(i int) bool { return c.Answers[i].Currency != "" }) {
		return "–" // a value in another currency
	}
	for _, i := range places {
		n := len(c.Answers[i].Options)
		if most = max(most, n); n > 0 && (least < 0 || n < least) {
			least = n
		}
		if n == 0 {
			none++
		}
	}
	how := strconv.Itoa(most)
	if least < most {
		how = fmt.Sprintf("%d–%d", least, most)
	}
	switch {
	case none == len(places):
		return "none"
	case none > 0:
		return "some places, " + how
	default:
		return "all, " + how
	}
}

// align writes columns to the left; the last is not padded.
func align(out *strings.Builder, rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell)+3))
		}
		out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// maxExceptions is how many places with fewer options are told.
const maxExceptions = 40

// exceptions tells the places that get less than most of their country.
func (p *Places) exceptions(ctx context.Context, out *strings.Builder, b *authoring.Book, served map[string]bool) {
	type told struct {
		text  string
		carts []string
	}
	var list []told
	for _, c := range p.countries(served) {
		for k := range p.Carts {
			cart := &p.Carts[k]
			full := cart.fullest(c.places)
			for _, i := range c.places {
				text := p.exception(ctx, b, cart, full, i)
				if text == "" {
					continue
				}
				if at := slices.IndexFunc(list, func(t told) bool { return t.text == text }); at >= 0 {
					list[at].carts = append(list[at].carts, cart.Name)
				} else {
					list = append(list, told{text, []string{cart.Name}})
				}
			}
		}
	}
	if len(list) > 0 {
		out.WriteString("\nPlaces with fewer options than the rest of their country:\n")
	}
	for i, t := range list {
		if i == maxExceptions {
			fmt.Fprintf(out, "  and %d more; --format json has all\n", len(list)-i)
			return
		}
		fmt.Fprintf(out, "  %s\n      with %s\n", t.text, strings.Join(t.carts, "; "))
	}
}

// fullest is the place of a country with the most options.
func (c *CartPlaces) fullest(places []int) int {
	best := places[0]
	for _, i := range places {
		if len(c.Answers[i].Options) > len(c.Answers[best].Options) {
			best = i
		}
	}
	return best
}

// exception tells what place i misses that the fullest place has; "" where that is nothing.
func (p *Places) exception(ctx context.Context, b *authoring.Book, c *CartPlaces, full, i int) string {
	have := c.Answers[i].Options
	var missing []string
	for _, id := range c.Answers[full].Options {
		if !slices.Contains(have, id) {
			text := id
			if reason := why(ctx, b, &p.Places[i], &c.cart, c.Answers[full].Currency, id, p.Now); reason != "" {
				text += ": " + reason
			}
			missing = append(missing, text)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	got := "only `" + strings.Join(have, "`, `") + "`"
	if len(have) == 0 {
		got = "no option"
	}
	return fmt.Sprintf("%s: %s   (%s)", p.Places[i].Name(), got, strings.Join(missing, "; "))
}

// gaps tells the places without any option, whatever is in the cart.
func (p *Places) gaps(out *strings.Builder, b *authoring.Book, served map[string]bool) {
	open := p.OpenPlaces()
	for i := range open {
		place := &open[i]
		fmt.Fprintf(out, "\nGap: %s gets no option, whatever is in the cart%s\n", place.Name(), codes(place.Ranges))
	}
	var never []string
	for i := range p.Places {
		code := p.Places[i].Country
		if !served[code] && !p.Places[i].Elsewhere && b.Names(code) && !slices.Contains(never, code) {
			never = append(never, code)
		}
	}
	if len(never) > 0 {
		fmt.Fprintf(out, "\nNo option anywhere in %s: the tables name them, and no option goes there\n", strings.Join(never, ", "))
	}
}

// zip is how many digits of a ZIP+4 are the ZIP.
const zip = 5

// codes counts the postcodes of stretches where they are numbers; of a ZIP+4 those of five digits.
func codes(ranges []authoring.Range) string {
	sum := int64(0)
	for _, r := range ranges {
		if len(r.From) == zip+4 && len(r.To) == zip+4 {
			r.From, r.To = r.From[:zip], r.To[:zip]
		}
		from, err1 := strconv.ParseInt(r.From, 10, 64)
		to, err2 := strconv.ParseInt(r.To, 10, 64)
		if err1 != nil || err2 != nil || len(r.From) != len(r.To) {
			return ""
		}
		sum += to - from + 1
	}
	return ": " + authoring.Plural(int(sum), "code", "codes")
}
