package checks

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// state is what answering one question needs; it is reused.
type state struct {
	t       *Table
	q       *rules.Query
	facts   table.Facts
	cart    table.Cart
	parties parties
	folded  []byte
	early   bool // the buyer may not have written everything yet
}

// AsksOn implements rules.Early.
func (t *Table) AsksOn(cb rules.Callback) bool {
	for i := range t.checks {
		if t.checks[i].on&setOf(cb) != 0 {
			return true
		}
	}
	return false
}

// Validate implements rules.Validator: the first check that holds decides. It allocates nothing but a decision. A reason
// names the check, its place and the words that held, and nothing of the order. An error is a cart out of range.
//
// Where only the postcode could tell whether a check holds and none is known, nothing is held against the buyer before
// validation; on validation they are asked for it.
func (t *Table) Validate(ctx context.Context, q *rules.Query) (rules.Decision, error) {
	if err := ctx.Err(); err != nil {
		return rules.Decision{}, err
	}
	if !t.AsksOn(q.Callback) {
		return rules.Decision{}, nil
	}
	s := t.pool.Get().(*state)
	defer s.end()
	if err := s.begin(t, q); err != nil {
		return rules.Decision{}, fmt.Errorf("goods: %w", err)
	}
	var waits *check
	for i := range t.checks {
		c := &t.checks[i]
		if c.on&setOf(q.Callback) == 0 {
			continue
		}
		truth := s.holds(c)
		s.tell(c, truth)
		switch {
		case truth == table.Yes:
			return s.decide(c), nil
		case truth == table.Maybe && waits == nil && !s.early:
			waits = c
		}
	}
	if waits != nil {
		return rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.AddressError, TextKey: rules.TextPostcode},
			Reasons: []rules.Reason{{Rule: "postcode", File: waits.at.File, Line: waits.at.Line, Detail: "check `" + waits.id + "` needs a postcode"}}}, nil
	}
	return rules.Decision{}, nil
}

// begin reads the question.
func (s *state) begin(t *Table, q *rules.Query) error {
	s.t, s.q, s.early = t, q, q.Callback != rules.Validation
	now := q.Now.In(t.location())
	day, clock, weekday := table.DateOf(now)
	d := &q.Destination
	region := d.Region
	if rest, ok := strings.CutPrefix(region, d.Country); ok && strings.HasPrefix(rest, "-") {
		region = rest[1:]
	}
	s.facts = table.Facts{Query: q, Zones: t.scope.Zones, Where: t.scope.Zones.Locate(d.Country, region, d.Postcode),
		Cart: &s.cart, Currency: table.Currency(q.Currency), Day: day, Clock: clock, Weekday: uint8(weekday)}
	s.parties = partiesOf(q.Order)
	return s.cart.Fill(q, &t.cart)
}

// end lets go of everything that belongs to the question.
func (s *state) end() {
	t := s.t
	clear(s.folded[:cap(s.folded)])
	*s = state{cart: s.cart, folded: s.folded[:0]}
	t.pool.Put(s)
}

func (t *Table) location() *time.Location {
	if t.scope.Location == nil {
		return time.UTC
	}
	return t.scope.Location
}

// holds asks everything that a check names.
func (s *state) holds(c *check) table.Truth {
	if len(c.missing) > 0 && !s.missing(c) || !s.matches(c) || c.minAge > 0 && !s.young(c.minAge) {
		return table.No
	}
	truth, _ := c.when.When(&s.facts)
	if truth == table.No {
		return table.No
	}
	t, _ := c.unless.Unless(&s.facts)
	return min(truth, t)
}

// missing reports whether one of the members is not there. Before validation only an address that has a street counts
// as written, and what the customer has yet to say is not missing.
func (s *state) missing(c *check) bool {
	for _, n := range c.missing {
		if s.early && (n.member.ofCustomer() || !s.parties.filled()) {
			continue
		}
		if n.member.blank(&s.parties) {
			return true
		}
	}
	return false
}

// matches reports whether every member fits one of its patterns; a member that is not there fits none.
func (s *state) matches(c *check) bool {
	for i := range c.matches {
		if s.fitting(&c.matches[i]) < 0 {
			return false
		}
	}
	return true
}

// fitting is the first pattern that fits; -1: none.
func (s *state) fitting(m *match) int {
	parts := m.member.parts(&s.parties)
	s.folded = fold(s.folded[:0], parts[:]...)
	if len(s.folded) == 0 {
		return -1
	}
	for i := range m.patterns {
		if m.patterns[i].fits(s.folded) {
			return i
		}
	}
	return -1
}

// young reports whether the customer has not reached an age on the file's day. Without a birth date nobody is old
// enough, but before validation it may still come.
func (s *state) young(years int) bool {
	born, err := time.Parse(time.DateOnly, s.parties.customer.DateOfBirth)
	if err != nil {
		return !s.early
	}
	y, m, d := s.q.Now.In(s.t.location()).Date()
	by, bm, bd := born.Date()
	by += years
	switch { // who was born on 29 February is a year older on 1 March
	case y != by:
		return y < by
	case m != bm:
		return m < bm
	default:
		return d < bd
	}
}

// decide is what a check that holds says.
func (s *state) decide(c *check) rules.Decision {
	why := rules.Reason{Rule: rules.CheckRule + c.id, File: c.at.File, Line: c.at.Line, Detail: c.words()}
	if c.to != "" {
		return rules.Decision{Verdict: rules.Redirected, Location: c.to, Reasons: []rules.Reason{why}}
	}
	return rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: c.kind, Text: c.text.In(s.q.Language, s.t.scope.Languages)},
		Reasons: []rules.Reason{why}}
}
