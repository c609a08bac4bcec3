package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// Anatomy is what a check is made of, for those who analyse a rulebook. Nothing in it may be changed.
type Anatomy struct {
	ID         string
	Conditions []*table.Condition // of when and unless
	Zones      []table.ZoneID     // that they look at
	Cart       table.CartRules
	Says       []Saying
}

// Saying is a key of a check that is no condition, in words: what it asks of members, and what the buyer is told.
type Saying struct{ Key, Text string }

// Anatomy lists all checks in file order; texts are told in each of the languages.
func (t *Table) Anatomy(languages []string) []Anatomy {
	list := make([]Anatomy, len(t.checks))
	for i := range t.checks {
		list[i] = t.checks[i].anatomy(t, languages)
	}
	return list
}

func (c *check) anatomy(t *Table, languages []string) Anatomy {
	a := Anatomy{ID: c.id, Cart: t.cart}
	for _, list := range []table.Conditions{c.when, c.unless} {
		for i := range list {
			a.Conditions = append(a.Conditions, &list[i])
			for _, term := range list[i].Terms() {
				for _, id := range term.Zones {
					if !slices.Contains(a.Zones, id) {
						a.Zones = append(a.Zones, id)
					}
				}
			}
		}
	}
	a.say("missing", names(c.missing))
	for i := range c.matches {
		var texts []string
		for _, p := range c.matches[i].patterns {
			texts = append(texts, p.text)
		}
		a.say("matches "+string(c.matches[i].member), strings.Join(texts, " or "))
	}
	if c.minAge > 0 {
		a.say("min_age", strconv.Itoa(c.minAge))
	}
	var on []string
	for _, name := range callbackNames() {
		if c.on&setOf(rules.Callback(name)) != 0 {
			on = append(on, name)
		}
	}
	a.say("on", strings.Join(on, ", "))
	a.say("redirect", c.to)
	a.say("error", string(c.kind))
	for _, lang := range languages {
		a.say("text in "+lang, c.text.In(lang, languages))
	}
	return a
}

func (a *Anatomy) say(key, text string) {
	if text != "" {
		a.Says = append(a.Says, Saying{key, text})
	}
}

// Ask asks the conditions of every check, not its members, about an order and tells what came of each: check is an index into
// Anatomy. An error is a cart out of range.
func (t *Table) Ask(ctx context.Context, q *rules.Query, visit func(check int, truth table.Truth)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := t.pool.Get().(*state)
	defer s.end()
	if err := s.begin(t, q); err != nil {
		return fmt.Errorf("goods: %w", err)
	}
	for i := range t.checks {
		when, _ := t.checks[i].when.When(&s.facts)
		unless, _ := t.checks[i].unless.Unless(&s.facts)
		visit(i, min(when, unless))
	}
	return nil
}
