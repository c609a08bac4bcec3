package rulestest

import (
	"io/fs"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// testCase is one case: a question or several that differ in the address or in a row of its table.
type testCase struct {
	name  string
	at    diag.Place
	runs  []run
	empty bool // expects nothing
}

// run is one question with what is expected of the answer.
type run struct {
	in    input
	label string // tells the run from the others of its case; "" where it is the only one
	at    diag.Place
	want  expectation
	sheet *table.Sheet // of a case with a table; nil else
	row   int          // its row, from 0
}

// parser reads one test file. Values are read once for each run, because an amount without a code is in the currency of
// the run; what is told about them is told once.
type parser struct {
	fsys     fs.FS
	file     string
	s        *Subject
	r        *diag.Report
	root     *diag.Node
	defaults *diag.Node
	seen     map[told]bool
	names    map[string]diag.Place // of the cases so far
	orders   map[string]*recorded
}

// told is a finding that has been told.
type told struct {
	at            diag.Place
	code, message string
}

func newParser(fsys fs.FS, file string, s *Subject, r *diag.Report) *parser {
	return &parser{fsys: fsys, file: file, s: s, r: r, seen: map[told]bool{}, names: map[string]diag.Place{}, orders: map[string]*recorded{}}
}

func rootKeys() []string { return []string{"version", "rules", "now", "defaults", "cases"} }

func inputKeys() []string {
	return []string{"now", "to", "currency", "language", "customer", "group", "coupon", "tag", "cart", "discounts", "choose"}
}

func caseKeys() []string {
	return append([]string{"name", "each_to", "order", "option", "table", "expect"}, inputKeys()...)
}

// parse reads the whole file; ok is false where it has a fault.
func (p *parser) parse() (cases []testCase, ok bool) {
	data, ok := diag.ReadFile(p.fsys, p.file, diag.MaxYAML, diag.Place{}, p.r)
	if !ok {
		return nil, false
	}
	if p.root = diag.Parse(p.file, data, p.r); p.root == nil {
		return nil, false
	}
	if !diag.Fields(p.root, "a test file", rootKeys(), p.r) || !p.version() {
		return nil, false
	}
	p.rules()
	if p.defaults = p.root.Get("defaults"); p.defaults != nil {
		diag.Fields(p.defaults, "defaults", inputKeys(), p.r)
	}
	return p.cases(), !p.r.Failed()
}

// cases reads the cases. A file without one would pass whatever the tables say.
func (p *parser) cases() (cases []testCase) {
	list := diag.Need(p.root, "a test file", "cases", p.r)
	if list == nil || !diag.WantList(list, "cases", p.r) {
		return nil
	}
	if len(list.Items) == 0 {
		f := p.r.Errorf(codeNoCases, list.Place, "this file has no cases, so it tests nothing")
		f.Help = "write a case, such as {name: to Stockholm, to: SE 113 51, expect: {with: [id of an option]}}, or remove the file"
	}
	for _, n := range list.Items {
		if c, ok := p.testCase(n); ok {
			cases = append(cases, c)
		}
	}
	return cases
}

// version tells a file of another version plainly and alone.
func (p *parser) version() bool {
	r := p.r
	n := diag.Need(p.root, "a test file", "version", r)
	if n == nil || !diag.WantText(n, "version", r) {
		return false
	}
	if n.Text != "1" {
		f := r.Errorf(codeVersion, n.Place, "this file is written for version %s of the format", n.Text)
		f.Label, f.Help = "this program reads version 1", "write `version: 1`"
		return false
	}
	return true
}

// rules checks that the files under test are there; which ones they are is up to the rulebook.
func (p *parser) rules() {
	r := p.r
	n := p.root.Get("rules")
	if n == nil {
		return
	}
	s := table.Scope{Report: r}
	names, ok := s.Names(n)
	if !ok {
		return
	}
	for _, name := range names {
		if !fs.ValidPath(name.Text) {
			r.Errorf(diag.CodeOutside, name.Place, "%q is not a name inside the folder", name.Text)
			continue
		}
		if _, err := fs.Stat(p.fsys, name.Text); err != nil {
			f := r.Errorf(diag.CodeNoFile, name.Place, "there is no file %q", name.Text)
			f.Help = "`rules` names the files under test, usually [shipping.yaml, tax.yaml]"
		}
	}
}

// testCase reads one case.
func (p *parser) testCase(n *diag.Node) (testCase, bool) {
	r := p.r
	if !diag.Fields(n, "a test case", caseKeys(), r) {
		return testCase{}, false
	}
	c := testCase{at: n.Place}
	if key, name := n.Entry("name"); name == nil {
		diag.Need(n, "a test case", "name", r)
	} else if diag.WantText(name, "the name of a test case", r) {
		c.name, c.at = strings.TrimSpace(name.Text), key.Place
		p.named(name, c.name)
	}
	if !p.together(n) {
		return c, false
	}
	switch {
	case n.Get("table") != nil:
		p.table(n, &c)
	default:
		p.single(n, &c)
	}
	return c, true
}

// named tells an empty name, and warns of one that an earlier case has.
func (p *parser) named(n *diag.Node, name string) {
	if name == "" {
		p.r.Errorf(diag.CodeShape, n.Place, "the name of a test case has no value").Help = "say in a few words what the case is about"
		return
	}
	first, twice := p.names[name]
	if !twice {
		p.names[name] = n.Place
		return
	}
	f := p.r.Warnf(codeTwice, n.Place, "two cases are named %q", name)
	f.Help = "give this one another name, so that a failure says which of them it is"
	f.Cause = &diag.Cause{Place: first, Label: "the other one"}
}

// together tells keys of a case that contradict each other.
func (p *parser) together(n *diag.Node) bool {
	r := p.r
	ok := true
	clash := func(a, b, help string) {
		ka, _ := n.Entry(a)
		kb, _ := n.Entry(b)
		if ka == nil || kb == nil {
			return
		}
		f := r.Errorf(codeTogether, kb.Place, "`%s` and `%s` do not go together", a, b)
		f.Help = help
		f.Cause = &diag.Cause{Place: ka.Place, Label: "the other one"}
		ok = false
	}
	clash("to", "each_to", "write one address under `to`, or several under `each_to`")
	for _, key := range []string{"to", "each_to", "currency", "language", "customer", "tag", "cart", "discounts"} {
		clash("order", key, "the recorded order says this itself; leave `"+key+"` out, or make up an order without `order`")
	}
	clash("expect", "table", "the last columns of the table say what is expected")
	if key, v := n.Entry("option"); v != nil && n.Get("table") == nil {
		f := r.Errorf(codeTogether, key.Place, "`option` goes with `table` only")
		f.Help = "expect an option under `expect`: with: [{id: " + v.Text + ", price: 49.00}]"
		ok = false
	}
	if key, v := n.Entry("each_to"); v != nil && n.Get("table") != nil {
		f := r.Errorf(codeTogether, key.Place, "`each_to` and `table` do not go together")
		f.Help = "give the table a column `to`"
		ok = false
	}
	return ok
}

// single reads a case without a table: one run, or one for each address.
func (p *parser) single(n *diag.Node, c *testCase) {
	r := p.r
	src := source{node: n, p: p}
	expect := n.Get("expect")
	c.empty = expect == nil || expect.Kind == diag.Map && len(expect.Keys) == 0
	each := n.Get("each_to")
	if each == nil {
		c.add(p.run(src, expect, "", n.Place))
		return
	}
	if !diag.WantList(each, "each_to", r) {
		return
	}
	if len(each.Items) == 0 {
		r.Errorf(diag.CodeShape, each.Place, "there is no address in the list").Help = "write e.g. [SE 981 31, SE 620 10]"
	}
	for _, to := range each.Items {
		src.cells = map[string]*diag.Node{"to": to}
		c.add(p.run(src, expect, "to "+to.Text, to.Place))
	}
}

func (c *testCase) add(r run, ok bool) {
	if ok {
		c.runs = append(c.runs, r)
	}
}

// run reads input and expectation of one question.
func (p *parser) run(src source, expect *diag.Node, label string, at diag.Place) (run, bool) {
	b := builder{p: p, src: src, r: new(diag.Report)}
	in, ok := b.input()
	want, good := b.expect(expect)
	p.collect(b.r)
	return run{in: in, label: label, at: at, want: want}, ok && good
}

// collect takes over findings, each once.
func (p *parser) collect(from *diag.Report) {
	for _, f := range from.Findings() {
		key := told{f.Place, f.Code, f.Message}
		if p.seen[key] {
			continue
		}
		p.seen[key] = true
		*p.r.Errorf(f.Code, f.Place, "") = f // a builder tells errors only
	}
}
