package tax

import (
	"cmp"
	"maps"
	"slices"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Row is a line of the file that can decide about tax: a destination, a rate, an area, the reverse charge; with sales tax a state,
// its rate, its word for freight, an exemption, a fee. Rows of data files and rate files are not counted.
type Row struct {
	Kind  string // e.g. "rate of food in SE"
	Place diag.Place
}

// Rows lists the rows in the order of the file, each once.
func (t *Table) Rows() []Row {
	rows := rowList{file: t.file, at: map[diag.Place]bool{}}
	if t.sales != nil {
		t.sales.listRows(&rows)
	} else {
		t.listRows(&rows)
	}
	slices.SortStableFunc(rows.list, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Col, b.Place.Col))
	})
	return rows.list
}

// rowList collects the rows of one file.
type rowList struct {
	file string
	at   map[diag.Place]bool
	list []Row
}

func (l *rowList) add(kind string, at diag.Place) {
	if at.File != l.file || at.Line == 0 || l.at[at] {
		return
	}
	l.at[at] = true
	l.list = append(l.list, Row{kind, at})
}

func (t *Table) listRows(l *rowList) {
	dest := func(d *destination) {
		if d != nil {
			l.add("destination "+d.key, d.at)
		}
	}
	dest(t.star)
	dest(t.union)
	for _, code := range slices.Sorted(maps.Keys(t.places)) {
		p := t.places[code]
		dest(p.dest)
		t.listCard(l, p.card)
		for i := range p.regions {
			dest(p.regions[i].dest)
			t.listCard(l, p.regions[i].card)
		}
	}
	for _, a := range t.areas {
		if a.effect {
			l.add("area "+a.name, a.at)
		}
		for _, key := range slices.Sorted(maps.Keys(a.cards)) {
			t.listCard(l, a.cards[key])
		}
	}
	if t.b2b.reverse {
		l.add("reverse charge", t.b2b.at)
	}
}

// listCard lists the rates that the file itself gives; nil has none.
func (t *Table) listCard(l *rowList, c *card) {
	if c == nil {
		return
	}
	for i, s := range c.classes {
		name := standard
		if i > 0 {
			name = t.classes.Name(table.ClassID(i - 1))
		}
		for k := range s {
			l.add("rate of "+name+" in "+c.place, s[k].at)
		}
	}
}

func (s *sales) listRows(l *rowList) {
	for _, st := range s.sorted() {
		state := "US-" + st.code
		l.add("collect in "+state, st.at)
		for i, at := range st.fallback.Places {
			if st.fallback.Values[i] != 0 { // a rate of nothing decides about no amount
				l.add("rate of "+state, at)
			}
		}
		for _, at := range st.freight.Places {
			l.add("freight in "+state, at)
		}
		for _, x := range st.exempt {
			l.add("exemption in "+state, x.at)
		}
		for _, x := range st.fees {
			for _, at := range x.amount.Places {
				l.add("fee "+x.id, at)
			}
		}
	}
}

// Decides calls visit with the place of each row that decides about an order's VAT: its destination, the area it is in, the rate of
// each line and of freight. Of sales tax the story says it, see rules.Trace.
func (t *Table) Decides(q *rules.Query, visit func(diag.Place)) {
	if t.sales != nil {
		return
	}
	p := t.locate(q)
	if p.dest == nil {
		return
	}
	visit(p.dest.at)
	if p.area != nil && p.area.effect {
		visit(p.area.at)
	}
	if p.reverse {
		visit(t.b2b.at)
		return
	}
	day, _, _ := table.DateOf(q.Now.In(t.loc))
	tags := q.LineTags()
	for i := range q.Lines {
		if l := &q.Lines[i]; l.Rated() && l.Kind() != order.Discount {
			why := t.rate(&p, l, t.classes.In(q, l, tags.Of(i)).First(), day)
			visit(why.at)
		}
	}
	if rule := t.freight.of(&p); p.card != nil && !rule.free && len(q.Lines) > 0 && anyCharged(q, &p) {
		visit(p.card.of(rule.class).on(day).at)
	}
}
