package table

import (
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Condition parses the condition words among the keys of n (a map that may also hold keys named in other, which are skipped;
// all further keys are E004). A nil n is the empty condition. All faults are told; ok is false if there is one in a
// condition word.
func (s *Scope) Condition(n *diag.Node, what string, other []string) (Condition, bool) {
	if n == nil {
		return Condition{}, true
	}
	if !diag.Fields(n, what, append(s.WordNames(), other...), s.Report) {
		return Condition{}, false
	}
	var c Condition
	good := true
	for i, key := range n.Keys {
		w, known := s.Word(key.Text)
		if !known || slices.Contains(other, key.Text) {
			continue
		}
		term, ok := s.Term(w, n.Values[i], key.Place)
		good = good && ok
		c.terms = append(c.terms, term)
	}
	return c, good && s.checkDates(c) && s.checkBounds(c)
}

// Conditions parses a map or a list of maps. An empty one of either is told: it would hold always.
func (s *Scope) Conditions(n *diag.Node, what string) (Conditions, bool) {
	if n == nil {
		return nil, true
	}
	items := n.Items
	if n.Kind != diag.List {
		items = []*diag.Node{n}
	}
	good := len(items) > 0
	if !good {
		s.tellNoCondition(n, what)
	}
	cs := make(Conditions, 0, len(items))
	for _, item := range items {
		if item.Kind == diag.Map && len(item.Keys) == 0 {
			s.tellNoCondition(item, what)
			good = false
		}
		c, ok := s.Condition(item, what, nil)
		good = good && ok
		cs = append(cs, c)
	}
	return cs, good
}

// tellNoCondition tells what would hold always, and so stop every order or take an option away from everybody.
func (s *Scope) tellNoCondition(n *diag.Node, what string) {
	s.tell(diag.CodeShape, nodeRaw(n), "write a condition, e.g. {max_weight: 20 kg}", "%s holds no condition", what)
}

// checkDates tells an until before its from.
func (s *Scope) checkDates(c Condition) bool {
	from, until := c.Term(WordFrom), c.Term(WordUntil)
	if from == nil || until == nil || from.Limit <= until.Limit {
		return true
	}
	f := s.tell("E106", raw{at: until.ValueAt}, "write a later day for until, or exchange the two",
		"until %s is before from %s", Date(until.Limit), Date(from.Limit))
	f.Cause = &diag.Cause{Place: from.ValueAt, Label: "it begins here"}
	return false
}

// checkBounds tells a lower limit above its upper one: nothing would ever fit.
func (s *Scope) checkBounds(c Condition) bool {
	for _, pair := range [...][2]Word{{WordMinWeight, WordMaxWeight}, {WordMinItems, WordMaxItems}, {WordMinTotal, WordMaxTotal}} {
		low, high := c.Term(pair[0]), c.Term(pair[1])
		if low == nil || high == nil || !low.above(high) {
			continue
		}
		f := s.tell("E114", raw{at: low.ValueAt}, "exchange the two limits", "`%s` is above `%s`", low.Word, high.Word)
		f.Label = "nothing is within both"
		f.Cause = &diag.Cause{Place: high.ValueAt, Label: "the upper limit"}
		return false
	}
	return true
}

// above reports whether a lower limit is above an upper one, for money in a currency that both name.
func (t *Term) above(high *Term) bool {
	for _, m := range t.Money {
		if most, ok := high.Money.In(m.Currency); ok && m.Amount > most {
			return true
		}
	}
	return t.Limit > high.Limit
}

// Term parses the value of a condition word. at is where the word stands; the cells of a table give the cell's own place.
func (s *Scope) Term(w Word, n *diag.Node, at diag.Place) (t Term, ok bool) {
	t = Term{Word: w, Place: at, ValueAt: nodeRaw(n).at}
	switch w {
	case WordTo, WordNotTo:
		if t.Zones, t.Labels, ok = s.zoneNames(n); ok && len(t.Zones) > 1 {
			t.whole = s.Zones.covered(t.Zones)
		}
	case WordMinTotal, WordMaxTotal, WordMinTaxable:
		t.Money, ok = s.MoneyList(n)
	case WordMinItems, WordMaxItems:
		t.Limit, ok = s.Count(n)
	case WordMinWeight, WordMaxWeight, WordMaxItemWeight:
		var v Weight
		v, ok = s.Weight(n)
		t.Limit = int64(v)
	case WordMaxItemLength, WordMaxItemGirth:
		var v Length
		v, ok = s.Length(n)
		t.Limit = int64(v)
	case WordMaxItemSize:
		t.Size, ok = s.Size(n)
	case WordClass, WordOnlyClass, WordNoClass:
		t.Classes, t.Labels, ok = s.classNames(n)
	case WordFrom, WordUntil:
		var v Date
		v, ok = s.Date(n)
		t.Limit = int64(v)
	case WordDays:
		t.Days, ok = s.Days(n)
	case WordTime:
		t.Window, ok = s.Window(n)
	default:
		t.Names, ok = s.wordNames(w, n)
	}
	return t, ok
}

// wordNames reads the values of words that compare with a text of the order.
func (s *Scope) wordNames(w Word, n *diag.Node) ([]string, bool) {
	nodes, ok := s.Names(n)
	if !ok {
		return nil, false
	}
	names := make([]string, 0, len(nodes))
	for _, node := range nodes {
		v := nodeRaw(node)
		good := true
		switch w {
		case WordCustomer:
			good = s.oneOf(v, []string{"person", "organization"}, "a kind of customer")
		case WordMethod:
			good = s.oneOf(v, shippingMethods(), "a shipping method")
		case WordCurrency:
			_, good = s.currencyCode(v)
		case WordLanguage:
			_, good = s.languageCode(v)
		}
		ok = ok && good
		names = append(names, v.text)
	}
	return names, ok
}

func (s *Scope) oneOf(w raw, names []string, what string) bool {
	if slices.Contains(names, w.text) {
		return true
	}
	s.tellWord("E117", w, names, "`%s` is not %s", w.text, what)
	return false
}

// Method parses a KCO shipping method.
func (s *Scope) Method(n *diag.Node) (string, bool) {
	w, ok := s.scalar(n, "a shipping method", "Home")
	return w.text, ok && s.oneOf(w, shippingMethods(), "a shipping method")
}

// Zone parses the name of a zone, also in the head of a table.
func (s *Scope) Zone(n *diag.Node) (ZoneID, bool) {
	w, ok := s.scalar(n, "the name of a zone", "sweden")
	if !ok {
		return 0, false
	}
	id, ok := s.Zones.ID(w.text)
	if ok {
		s.Uses.Zone(id)
		return id, true
	}
	names := s.Zones.Names()
	f := s.tell("E203", w, "", "there is no zone `%s`", w.text)
	f.Label = "not declared under `zones`"
	if near := diag.Suggest(w.text, names); near != "" {
		nearID, _ := s.Zones.ID(near)
		f.Fix, f.Help = near, "did you mean `"+near+"`?"
		f.Cause = &diag.Cause{Place: s.Zones.Place(nearID), Label: "a zone with a similar name"}
	} else {
		f.Help = declared("zones", names)
	}
	return 0, false
}

// Class parses the name of a class.
func (s *Scope) Class(n *diag.Node) (ClassID, bool) {
	w, ok := s.scalar(n, "the name of a class", "bulky")
	if !ok {
		return NoClass, false
	}
	id, ok := s.Classes.ID(w.text)
	if ok {
		s.Uses.Classes(1 << id)
		return id, true
	}
	names := s.Classes.Names()
	f := s.tell("E201", w, "", "there is no class `%s`", w.text)
	f.Label = "not declared under `classes`"
	if near := diag.Suggest(w.text, names); near != "" {
		f.Fix, f.Help = near, "did you mean `"+near+"`?"
		if nearID, _ := s.Classes.ID(near); s.Classes.Place(nearID).File != "" {
			f.Cause = &diag.Cause{Place: s.Classes.Place(nearID), Label: "a class with a similar name"}
		}
	} else {
		f.Help = declared("classes", names)
	}
	return NoClass, false
}

// declared lists what there is, at most a dozen.
func declared(what string, names []string) string {
	if len(names) == 0 {
		return "declare it under `" + what + "`; there are none yet"
	}
	const most = 12
	list := strings.Join(names[:min(len(names), most)], ", ")
	if len(names) > most {
		list += " and " + fixed(int64(len(names)-most), 0, 0) + " more"
	}
	return "declared are " + list
}

func (s *Scope) zoneNames(n *diag.Node) ([]ZoneID, []string, bool) {
	nodes, good := s.Names(n)
	if !good {
		return nil, nil, false
	}
	ids, labels := make([]ZoneID, 0, len(nodes)), make([]string, 0, len(nodes))
	for _, node := range nodes {
		id, ok := s.Zone(node)
		good = good && ok
		ids, labels = append(ids, id), append(labels, nodeRaw(node).text)
	}
	return ids, labels, good
}

func (s *Scope) classNames(n *diag.Node) (set ClassSet, labels []string, good bool) {
	nodes, good := s.Names(n)
	if !good {
		return 0, nil, false
	}
	for _, node := range nodes {
		id, ok := s.Class(node)
		if good = good && ok; ok {
			set |= 1 << id
		}
		labels = append(labels, nodeRaw(node).text)
	}
	return set, labels, good
}
