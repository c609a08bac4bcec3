package shipping

import (
	"cmp"
	"slices"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// noOption is what a buyer is told where nothing can be offered.
type noOption struct {
	kind rules.RejectKind
	text table.Text
	at   diag.Place
}

// list reads what becomes of the options together.
func (l *loader) list(root *diag.Node) {
	l.zoneNames()
	if n := root.Get("preselect"); n != nil {
		l.preselect(n)
	}
	if n := root.Get("max_options"); n != nil {
		count, ok := l.scope.Count(n)
		if ok && (count < 1 || count > 1000) {
			f := l.r.Errorf("E115", n.Place, "`max_options` is from 1 to 1000")
			f.Help = "leave it out to offer all"
		}
		l.t.maxOptions, l.t.maxAt = int(count), n.Place
	}
	if n := root.Get("sort"); n != nil {
		w, ok := l.word(n, "sort", "price")
		l.t.sortByPrice = ok && w == "price"
	}
}

func (l *loader) preselect(n *diag.Node) {
	w, ok := l.scalar(n, "preselect", "cheapest")
	if !ok {
		return
	}
	switch w {
	case "first":
		l.t.preselect = rules.PreselectFirst
	case "cheapest":
		l.t.preselect = rules.PreselectCheapest
	case "none":
		l.t.preselect = rules.PreselectNone
	default:
		l.t.preselect, l.t.preselectID = rules.PreselectID, w
		if !slices.Contains(l.t.OptionIDs(), w) {
			if s := diag.Suggest(w, []string{"first", "cheapest", "none"}); s != "" {
				f := l.r.Errorf(codeOption, n.Place, "there is no option `%s`", w)
				f.Help, f.Fix = "did you mean "+s+"?", s
				return
			}
			l.unknownOption(n)
		}
	}
}

func (l *loader) noOption(root *diag.Node) {
	l.t.none.kind, l.t.none.at = rules.UnsupportedShippingAddress, root.Place
	n := root.Get("no_option")
	if n == nil || !diag.Fields(n, "`no_option`", []string{"error", "text"}, l.r) {
		return
	}
	l.t.none.at = n.Place
	if v := n.Get("error"); v != nil {
		w, ok := l.word(v, "error", string(rules.UnsupportedShippingAddress), string(rules.AddressError),
			string(rules.ApprovalFailed))
		if ok {
			l.t.none.kind = rules.RejectKind(w)
		}
	}
	if v := n.Get("text"); v != nil {
		l.t.none.text, _ = l.scope.Text(v)
	}
}

// trim applies sure, one_of, hides, sort and max_options to the options that have a price.
func (s *state) trim() {
	s.sure()
	s.oneOf()
	s.hide()
	if s.t.sortByPrice {
		slices.SortStableFunc(s.picks, func(a, b pick) int { return cmp.Compare(a.price, b.price) })
	}
	if most := s.t.maxOptions; most > 0 && len(s.picks) > most {
		for _, p := range s.picks[most:] {
			s.tr.dropped(p.option, "max_options: there are enough options before it", s.t.maxAt)
		}
		s.picks = s.picks[:most]
	}
}

// sure keeps the options that are certain; only where there are none, those that are possible. A postcode that cannot
// exist in the country is no address: nothing is offered there until the buyer mends it.
func (s *state) sure() {
	if s.facts.Where.Odd {
		s.keep(func(p pick) bool {
			s.tr.dropped(p.option, "the postcode cannot exist in the country", s.t.options[p.option].at)
			return false
		})
		return
	}
	if !slices.ContainsFunc(s.picks, func(p pick) bool { return p.truth == table.Yes }) {
		for _, p := range s.picks {
			s.tr.possible(p.option)
		}
		return
	}
	s.keep(func(p pick) bool {
		if p.truth == table.Yes {
			return true
		}
		s.tr.dropped(p.option, "the postcode decides and is not known", s.t.options[p.option].at)
		return false
	})
}

// oneOf keeps the first option of each group.
func (s *state) oneOf() {
	if s.t.groups == 0 {
		return
	}
	clear(s.leaders)
	s.keep(func(p pick) bool {
		o := &s.t.options[p.option]
		if o.group == 0 {
			return true
		}
		if first := s.leaders[o.group-1]; first > 0 {
			s.tr.droppedFor(p.option, "one_of: the first of the group is ", s.t.options[first-1].id, s.t.options[first-1].at)
			return false
		}
		s.leaders[o.group-1] = p.option + 1
		return true
	})
}

// hide takes away what options in the list hide; an option that is hidden hides nothing.
func (s *state) hide() {
	for i := 0; i < len(s.picks); i++ {
		by := &s.t.options[s.picks[i].option]
		if len(by.hides) == 0 {
			continue
		}
		self := s.picks[i].option
		s.keep(func(p pick) bool {
			if !slices.Contains(by.hides, p.option) {
				return true
			}
			s.tr.droppedFor(p.option, "hidden by ", by.id, by.hidesAt)
			return false
		})
		i = slices.IndexFunc(s.picks, func(p pick) bool { return p.option == self })
	}
}

// keep drops the picks for which test is false.
func (s *state) keep(test func(pick) bool) {
	kept := s.picks[:0]
	for _, p := range s.picks {
		if test(p) {
			kept = append(kept, p)
		}
	}
	s.picks = kept
}
