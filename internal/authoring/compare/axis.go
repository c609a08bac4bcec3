package compare

import (
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/table"
)

// point is a question while its parts are put together.
type point struct {
	q        authoring.Question
	place    *authoring.Place
	grams    int64
	total    order.Amount
	pieces   int64
	sides    [3]int64
	marks    []table.Sample // what the goods are; several: some of each
	unweighd bool
	off      bool // with a discount
	more     order.LineType
	none     bool // there is no such point of time
}

// question makes the cart.
func (p *point) question() *authoring.Question {
	marks := p.marks
	if len(marks) == 0 {
		marks = []table.Sample{{}}
	}
	n := int64(len(marks))
	pieces := max(p.pieces, n)
	p.q.Goods = p.q.Goods[:0]
	for i, mark := range marks {
		g := authoring.Goods{Pieces: pieces / n, Grams: p.grams / n, Total: p.total / order.Amount(n), Sides: p.sides, Mark: mark}
		if i == 0 {
			g.Pieces, g.Grams, g.Total = pieces-pieces/n*(n-1), p.grams-p.grams/n*(n-1), p.total-p.total/order.Amount(n)*order.Amount(n-1)
		}
		if p.unweighd {
			g.Grams = 0
		}
		p.q.Goods = append(p.q.Goods, g)
	}
	if p.q.Off = 0; p.off {
		p.q.Off = p.total / 10
	}
	if p.more != "" {
		p.q.Goods = append(p.q.Goods, authoring.Goods{Pieces: 1, Total: p.total / 2, Kind: p.more})
	}
	return &p.q
}

// axis is one fact with the cells between which answers can change.
type axis struct {
	word  string
	cells []cell
	text  func(cells []int) string // several cells in words
	high  bool                     // cells have two ends that have to be tried
}

// cell is a range of values between which no limit lies. high sets its other end.
type cell struct {
	text      string
	low, high func(*point)
}

// bare reports whether an axis may be left unsaid where an option is offered in some of its cells only: who reads that a price
// changes wants to know where and at which weight, not that bulky goods never had that option.
func (a *axis) bare() bool { return a.word != "to" && a.word != "weight" && a.word != "total" }

// words joins the texts of cells.
func (a *axis) words(cells []int) string {
	if len(cells) == len(a.cells) {
		return ""
	}
	if a.text != nil {
		return a.text(cells)
	}
	parts := make([]string, len(cells))
	for i, c := range cells {
		parts[i] = a.cells[c].text
	}
	return strings.Join(parts, " or ")
}

// ordered makes an axis of the cells of cuts. both asks for both ends of each cell.
func ordered(word string, cuts []authoring.Cut, base int64, both bool, set func(*point, int64)) axis {
	a := axis{word: word, high: both}
	for i := range len(cuts) + 1 {
		low, high := authoring.Ends(cuts, i, 1)
		if len(cuts) == 0 && !both {
			high = base
		}
		c := cell{low: func(p *point) { set(p, high) }, high: func(p *point) { set(p, low) }}
		a.cells = append(a.cells, c)
	}
	a.text = func(cells []int) string {
		var parts []string
		for i := 0; i < len(cells); {
			j := i
			for j+1 < len(cells) && cells[j+1] == cells[j]+1 {
				j++
			}
			parts = append(parts, authoring.Between(cuts, cells[i], cells[j]))
			i = j + 1
		}
		return strings.Join(parts, " or ")
	}
	return a
}

// named is an axis of nothing and of each name.
func named(word, none string, names []string, set func(*point, string)) axis {
	a := axis{word: word, cells: []cell{{text: none, low: func(p *point) { set(p, "") }}}}
	for _, name := range names {
		a.cells = append(a.cells, cell{text: word + " " + name, low: func(p *point) { set(p, name) }})
	}
	return a
}

// placeAxis are the places that differ in some respect; like says for each place which of its kind it is.
func placeAxis(places []authoring.Place, key func(p *authoring.Place) string) axis {
	a := axis{word: "to"}
	index := map[string]int{}
	of := make([]int, len(places)) // cell of each place
	for i := range places {
		p := &places[i]
		k := key(p)
		at, seen := index[k]
		if !seen {
			at = len(a.cells)
			index[k] = at
			a.cells = append(a.cells, cell{low: func(pt *point) { pt.place = p; p.Address(&pt.q) }})
		}
		of[i] = at
	}
	a.text = func(cells []int) string {
		return authoring.Names(places, func(i int) bool { return slices.Contains(cells, of[i]) }, "")
	}
	return a
}

// dateAxis are the stretches of time between days on which something begins or ends.
func dateAxis(now time.Time, days []time.Time, loc *time.Location) axis {
	a := axis{word: "when"}
	starts := append([]time.Time{now}, days...)
	for i, t := range starts {
		if i > 0 {
			t = t.In(loc).Add(12 * time.Hour) // the middle of the first day, whatever the clocks do in the night
			if i+1 < len(starts) && !t.Before(starts[i+1]) {
				t = starts[i]
			}
		}
		a.cells = append(a.cells, cell{low: func(p *point) { p.q.Now = t }})
	}
	day := func(i int) string { return starts[i].In(loc).Format(time.DateOnly) }
	a.text = func(cells []int) string {
		var parts []string
		for i := 0; i < len(cells); {
			j := i
			for j+1 < len(cells) && cells[j+1] == cells[j]+1 {
				j++
			}
			text := "from " + day(cells[i])
			if cells[i] == 0 {
				text = "until " + starts[cells[j]+1].In(loc).AddDate(0, 0, -1).Format(time.DateOnly)
			} else if cells[j]+1 < len(starts) {
				text += " until " + starts[cells[j]+1].In(loc).AddDate(0, 0, -1).Format(time.DateOnly)
			}
			parts = append(parts, text)
			i = j + 1
		}
		return strings.Join(parts, " or ")
	}
	return a
}

// weekAxis are the seven days of the week, behind the dates.
func weekAxis(days []time.Time, loc *time.Location) axis {
	a := axis{word: "days"}
	for w := range 7 {
		day := time.Weekday((w + 1) % 7)
		a.cells = append(a.cells, cell{text: strings.ToLower(day.String()[:3]), low: func(p *point) {
			from := p.q.Now.In(loc)
			to := from.AddDate(0, 0, (int(day)-int(from.Weekday())+7)%7)
			for _, d := range days {
				if d.After(from) && !to.Before(d) {
					p.none = true // this stretch of time has no such day
				}
			}
			p.q.Now = to
		}})
	}
	return a
}

// clockAxis are the times of a day between the limits of windows.
func clockAxis(clocks []table.Clock, loc *time.Location) axis {
	a := axis{word: "time"}
	slices.Sort(clocks)
	clocks = slices.Compact(clocks)
	if len(clocks) == 0 || clocks[0] != 0 {
		clocks = append([]table.Clock{0}, clocks...)
	}
	for i, c := range clocks {
		end := "24:00"
		if i+1 < len(clocks) {
			end = clocks[i+1].String()
		}
		a.cells = append(a.cells, cell{text: c.String() + "–" + end, low: func(p *point) {
			t := p.q.Now.In(loc)
			p.q.Now = time.Date(t.Year(), t.Month(), t.Day(), int(c)/60, int(c)%60, 0, 0, loc)
		}})
	}
	return a
}
