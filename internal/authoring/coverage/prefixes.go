package coverage

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/rules/table"
)

// Prefixes are the beginnings of a country's postcodes by which a cart is offered nothing.
type Prefixes struct {
	Country string      `json:"country"`
	Cart    string      `json:"cart"`
	Length  int         `json:"length"`
	All     int         `json:"all"`            // that there are
	None    int         `json:"none"`           // at which no option is offered
	Ranges  [][2]string `json:"ranges"`         // of those, both ends included
	Partly  []string    `json:"partly"`         // at which some postcodes are offered nothing
	Why     []string    `json:"why,omitempty"`  // what keeps the options away that others get
	Help    string      `json:"help,omitempty"` // which file to mend
}

// MostPrefix is the most characters of a prefix.
const MostPrefix = 6

// By groups the postcodes of the countries that are served by their first n characters, 1 to MostPrefix, and tells for each cart
// those at which nothing is offered, unless that is everywhere. Countries whose postcodes are not all of one length are left out.
func (p *Places) By(ctx context.Context, b *authoring.Book, n int) []Prefixes {
	list := []Prefixes{}
	for _, c := range p.countries(p.served()) {
		if p.Places[c.places[0]].Elsewhere {
			continue
		}
		for k := range p.Carts {
			x, ok := p.prefixes(c, &p.Carts[k], n)
			if !ok || x.None == 0 && len(x.Partly) == 0 || x.None == x.All { // a cart that is sent nowhere there is no gap
				continue
			}
			p.explain(ctx, b, c, &p.Carts[k], &x)
			list = append(list, x)
		}
	}
	return list
}

// prefixes sorts the prefixes of a country; ok is false where they cannot be counted.
func (p *Places) prefixes(c country, cart *CartPlaces, n int) (x Prefixes, ok bool) {
	const served, open = 1, 2
	seen := map[string]int{}
	for _, i := range c.places {
		state := served
		if len(cart.Answers[i].Options) == 0 {
			state = open
		}
		for _, r := range p.Places[i].Ranges {
			if !eachPrefix(r, n, func(text string) { seen[text] |= state }) {
				return x, false
			}
		}
	}
	x = Prefixes{Country: c.code, Cart: cart.Name, Length: n, All: len(seen), Ranges: [][2]string{}, Partly: []string{}}
	before := false
	for _, text := range slices.Sorted(maps.Keys(seen)) {
		switch {
		case seen[text] == served|open:
			x.Partly = append(x.Partly, text)
		case seen[text] == open && before:
			x.Ranges[len(x.Ranges)-1][1] = text
		case seen[text] == open:
			x.Ranges = append(x.Ranges, [2]string{text, text})
		}
		if before = seen[text] == open; before {
			x.None++
		}
	}
	return x, true
}

// eachPrefix calls visit with the first n characters of the codes of a stretch, ascending; false: they are not of one form.
func eachPrefix(r authoring.Range, n int, visit func(string)) bool {
	from, to := strings.ReplaceAll(r.From, " ", ""), strings.ReplaceAll(r.To, " ", "")
	if len(from) < n || len(from) != len(to) {
		return false
	}
	from, to = from[:n], to[:n]
	for i := range n {
		if isDigit(from[i]) != isDigit(to[i]) {
			return false
		}
	}
	at := []byte(from)
	for {
		visit(string(at))
		if string(at) >= to || !following(at) {
			return true
		}
	}
}

// following makes the next prefix of the same form; false: there is none.
func following(at []byte) bool {
	for i := len(at) - 1; i >= 0; i-- {
		switch at[i] {
		case '9':
			at[i] = '0'
		case 'Z':
			at[i] = 'A'
		default:
			at[i]++
			return true
		}
	}
	return false
}

// explain says what keeps the options away that other places of the country get, and which files name their zones.
func (p *Places) explain(ctx context.Context, b *authoring.Book, c country, cart *CartPlaces, x *Prefixes) {
	open := slices.IndexFunc(c.places, func(i int) bool { return len(cart.Answers[i].Options) == 0 })
	if open < 0 {
		return
	}
	place := &p.Places[c.places[open]]
	var files []string
	told := map[string]bool{}
	for _, i := range c.places {
		for _, id := range cart.Answers[i].Options {
			if told[id] {
				continue
			}
			told[id] = true
			if reason := why(ctx, b, place, &cart.cart, cart.Answers[i].Currency, id, p.Now); reason != "" {
				x.Why = append(x.Why, id+": "+reason)
			}
			if part := b.Part(id); part != nil {
				files = zoneFiles(b.Zones(), part.Zones, files)
			}
		}
	}
	if len(files) > 0 {
		x.Help = "add the missing prefixes to a zone of " + strings.Join(files, " or ") + ", or an option for everywhere else"
	}
}

// zoneFiles appends the files that declare zones, side files before the others.
func zoneFiles(zones *table.Zones, ids []table.ZoneID, files []string) []string {
	for _, id := range ids {
		file := zones.Place(id).File
		switch {
		case file == "" || slices.Contains(files, file):
		case strings.HasSuffix(file, ".yaml"):
			files = append(files, file)
		default:
			files = slices.Insert(files, 0, file)
		}
	}
	return files
}

// maxStretches is how many stretches of prefixes a person is shown.
const maxStretches = 12

// PrefixText writes prefixes for a person.
func PrefixText(w io.Writer, list []Prefixes, n int) error {
	var out strings.Builder
	if len(list) == 0 {
		out.WriteString("every prefix of " + authoring.Plural(n, "character", "characters") + " gets an option\n")
	}
	for i := range list {
		x := &list[i]
		what := "prefixes"
		if x.Country == "US" && x.Length < zip {
			what = "ZIP prefixes"
		}
		if x.None > 0 {
			fmt.Fprintf(&out, "%s, %s: %s of %s %s have no option: %s\n", x.Country, x.Cart, authoring.Count(int64(x.None)), authoring.Count(int64(x.All)), what,
				stretchesText(x.Ranges))
		}
		if k := len(x.Partly); k > 0 {
			fmt.Fprintf(&out, "%s, %s: %s of %s %s have none for some of their postcodes: %s\n", x.Country, x.Cart, authoring.Count(int64(k)),
				authoring.Count(int64(x.All)), what, first(x.Partly, maxStretches))
		}
		for _, reason := range x.Why {
			out.WriteString("  " + reason + "\n")
		}
		if x.Help != "" {
			out.WriteString("help: " + x.Help + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func stretchesText(ranges [][2]string) string {
	parts := make([]string, len(ranges))
	for i, r := range ranges {
		if parts[i] = r[0]; r[0] != r[1] {
			parts[i] += "–" + r[1]
		}
	}
	return first(parts, maxStretches)
}

// first writes the first of a list and says how many more there are.
func first(list []string, most int) string {
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return strings.Join(list[:most], ", ") + " and " + strconv.Itoa(len(list)-most) + " more; --format json has all"
}
