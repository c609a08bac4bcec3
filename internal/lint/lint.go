// Package lint takes a second look at a rulebook: what is wrong with it although every file can be read.
//
// Its one rule: it never cries wolf. A warning about reach is told only where no order whatever could prove it false.
package lint

import (
	"io/fs"
	"time"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// Options of Check.
type Options struct {
	rulebook.Options
	Now time.Time // the day on which something is old, over or far away
}

// Check reads a rulebook with its test files and tells everything that is wrong, errors and warnings. It returns nil where
// there is an error in the rulebook itself: what needs a whole rulebook is then not looked for. Warnings that a comment
// allows are left out. The error is one of reading the folder.
func Check(fsys fs.FS, o Options, r *diag.Report) (*rulebook.Rulebook, error) {
	b := rulebook.LoadFS(fsys, o.Options, r)
	if b == nil {
		return nil, allow(fsys, r)
	}
	l := newLinter(b, o.Now, r)
	if err := l.tests(fsys); err != nil {
		return b, err
	}
	l.look()
	return b, allow(fsys, r)
}

// linter is a rulebook while it is looked at.
type linter struct {
	book    *rulebook.Rulebook
	r       *diag.Report
	options []shipping.Layout
	places  *places
	reaches []*reach // by option; nil: it is off
	today   table.Date
	asked   []asked // by the tests
	known   map[toldAt]bool
}

// toldAt is a finding on a line: some are told once only.
type toldAt struct {
	code, file string
	line       int
}

// first reports whether a code is told on a line for the first time, and notes that it is.
func (l *linter) first(code string, at diag.Place) bool {
	if l.known == nil {
		l.known = map[toldAt]bool{}
		for _, f := range l.r.Findings() {
			l.known[toldAt{f.Code, f.File, f.Line}] = true
		}
	}
	key := toldAt{code, at.File, at.Line}
	was := l.known[key]
	l.known[key] = true
	return !was
}

func newLinter(b *rulebook.Rulebook, now time.Time, r *diag.Report) *linter {
	today, _, _ := table.DateOf(now.In(b.Shipping.Location()))
	return &linter{book: b, r: r, options: b.Shipping.Layouts(), places: newPlaces(b.Shipping.Zones()), today: today}
}

// look goes through everything that needs a whole rulebook.
func (l *linter) look() {
	l.reaches = make([]*reach, len(l.options))
	for i := range l.options {
		if !l.options[i].Off {
			l.reaches[i] = l.reachOf(&l.options[i])
		}
	}
	for _, r := range l.reaches {
		if r != nil {
			r.tell()
		}
	}
	l.tellList()
	l.tellPlaces()
	l.tellCountries()
	l.tellTime()
	l.tellTexts()
	l.tellTwins()
	l.tellChanges()
}

// tell tells what is wrong with one option. Where it can never be offered, that is the one cause of all else.
func (r *reach) tell() {
	if r.tellNever() {
		return
	}
	r.tellWords()
	for i, l := range r.lists {
		r.tellRows(&r.o.Prices[i], l)
		r.tellColumns(&r.o.Prices[i], l)
		r.tellGaps(&r.o.Prices[i], l)
		r.tellMissing(&r.o.Prices[i], l)
		r.tellFalling(&r.o.Prices[i])
	}
	r.tellFree()
	r.tellSilentMoney()
}

// asked is a question of a test with the sentences about its goods.
type asked struct {
	day   table.Date
	goods []rules.Step
}

// tests runs the test files for what is wrong with them; whether they pass is not asked.
func (l *linter) tests(fsys fs.FS) error {
	s, err := l.book.Subject(rules.Options{})
	if err != nil {
		return err
	}
	s.Traced = func(q *rules.Query, t *rules.Trace) {
		day, _, _ := table.DateOf(q.Now.In(l.book.Shipping.Location()))
		l.asked = append(l.asked, asked{day, t.Goods})
	}
	files, err := rulestest.Files(fsys)
	if err != nil {
		return err
	}
	for _, file := range files {
		own := new(diag.Report)
		rulestest.Run(fsys, file, s, own)
		l.r.Add(own, diag.Place{}, "")
	}
	return nil
}
