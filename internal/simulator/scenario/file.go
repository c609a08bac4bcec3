package scenario

import (
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Suffix is how the name of a scenario file ends.
const Suffix = ".scenario.yaml"

// File is a scenario file.
type File struct {
	Name      string
	Now       time.Time // when it plays; zero: now
	Merchant  string    // id; "": the only one
	Plays     Plays     // what has to be played beside the provider
	Scenarios []Scenario
}

// Scenario is one buyer's story.
type Scenario struct {
	Name  string
	At    diag.Place
	cart  []byte // order as the shop creates it
	quote bool   // the shop asks for a quote of it first
	steps []step
}

// step is one thing that happens, and what is expected after it.
type step struct {
	at     diag.Place
	label  string // as written: the key and its value, short
	do     action
	expect []expectation
}

// parser reads one file.
type parser struct {
	fsys  fs.FS
	name  string
	r     *diag.Report
	plays Plays
}

func rootKeys() []string { return []string{"version", "now", "merchant", "scenarios"} }

func scenarioKeys() []string { return []string{"name", "cart", "data", "quote", "steps"} }

// Parse reads a scenario file; fsys is where the carts lie that it names. It returns nil where the report holds an error.
func Parse(fsys fs.FS, name string, data []byte, r *diag.Report) *File {
	root := diag.Parse(name, data, r)
	p := &parser{fsys: fsys, name: name, r: r}
	if root == nil || !diag.Fields(root, "a scenario file", rootKeys(), r) || !p.version(root) {
		return nil
	}
	f := &File{Name: name, Now: p.moment(root.Get("now"))}
	if m := root.Get("merchant"); m != nil && diag.WantText(m, "merchant", r) {
		f.Merchant = m.Text
	}
	p.scenarios(root, f)
	if r.Failed() {
		return nil
	}
	f.Plays = p.plays
	return f
}

// version tells a file of another version plainly and alone.
func (p *parser) version(root *diag.Node) bool {
	n := diag.Need(root, "a scenario file", "version", p.r)
	if n == nil || !diag.WantText(n, "version", p.r) {
		return false
	}
	if n.Text != "1" {
		f := p.r.Errorf(codeVersion, n.Place, "this file is written for version %s of the format", n.Text)
		f.Label, f.Help = "this program reads version 1", "write `version: 1`"
		return false
	}
	return true
}

func (p *parser) scenarios(root *diag.Node, f *File) {
	list := diag.Need(root, "a scenario file", "scenarios", p.r)
	if list == nil || !diag.WantList(list, "scenarios", p.r) {
		return
	}
	if len(list.Items) == 0 {
		p.r.Errorf(codeEmpty, list.Place, "this file has no scenarios, so it tests nothing").Help = "write a scenario, or remove the file"
	}
	names := map[string]diag.Place{}
	for _, n := range list.Items {
		s, ok := p.scenario(n)
		if !ok {
			continue
		}
		if first, twice := names[s.Name]; twice {
			w := p.r.Warnf(codeTwice, s.At, "two scenarios are named %q", s.Name)
			w.Help, w.Cause = "give this one another name, so that a failure says which of them it is", &diag.Cause{Place: first, Label: "the other one"}
		}
		names[s.Name] = s.At
		f.Scenarios = append(f.Scenarios, s)
	}
}

func (p *parser) scenario(n *diag.Node) (Scenario, bool) {
	if !diag.Fields(n, "a scenario", scenarioKeys(), p.r) {
		return Scenario{}, false
	}
	s := Scenario{At: n.Place}
	if name := diag.Need(n, "a scenario", "name", p.r); name != nil && diag.WantText(name, "the name of a scenario", p.r) {
		s.Name, s.At = strings.TrimSpace(name.Text), name.Place
	}
	s.cart = p.order(diag.Need(n, "a scenario", "cart", p.r), n.Get("data"))
	s.quote = p.yes(n.Get("quote"), "quote")
	steps := diag.Need(n, "a scenario", "steps", p.r)
	if steps == nil || !diag.WantList(steps, "steps", p.r) {
		return s, false
	}
	if len(steps.Items) == 0 {
		p.r.Errorf(codeEmpty, steps.Place, "this scenario has no steps").Help = "write a step, such as - address: SE 118 26"
	}
	expects := 0
	for _, item := range steps.Items {
		if st, ok := p.step(item); ok {
			s.steps = append(s.steps, st)
			expects += len(st.expect)
		}
	}
	if expects == 0 && len(s.steps) > 0 && len(s.steps) == len(steps.Items) {
		p.r.Warnf(codeNothing, s.At, "this scenario expects nothing").Help = "write what has to come of a step, such as expect: {answer: applied}"
	}
	return s, true
}

// moment reads when a file plays, in UTC where no offset is written.
func (p *parser) moment(n *diag.Node) time.Time {
	if n == nil || !diag.WantText(n, "now", p.r) {
		return time.Time{}
	}
	for _, form := range []string{"2006-01-02 15:04 -07:00", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(form, n.Text); err == nil {
			return t
		}
	}
	p.r.Errorf(codeTime, n.Place, "%q is not a moment", n.Text).Help = "write 2026-11-24 09:00 for UTC, or 2026-11-24 09:00 +01:00"
	return time.Time{}
}

// word reads one of several words; "" where it is none of them, which is told.
func (p *parser) word(n *diag.Node, what string, allowed ...string) string {
	if !diag.WantText(n, what, p.r) {
		return ""
	}
	for _, w := range allowed {
		if n.Text == w {
			return w
		}
	}
	f := p.r.Errorf(codeWord, n.Place, "%s is one of %s; found %q", what, strings.Join(allowed, ", "), n.Text)
	if f.Fix = diag.Suggest(n.Text, allowed); f.Fix != "" {
		f.Help = "did you mean " + f.Fix + "?"
	}
	return ""
}

func (p *parser) yes(n *diag.Node, what string) bool {
	return n != nil && p.word(n, what, "yes", "no") == "yes"
}

// number reads a count of at most most.
func (p *parser) number(n *diag.Node, what string, most int) int {
	if !diag.WantText(n, what, p.r) {
		return 0
	}
	v := 0
	if _, err := fmt.Sscanf(n.Text+"\n", "%d\n", &v); err != nil || v < 0 || v > most {
		p.r.Errorf(codeNumber, n.Place, "%s: %q is not a number from 0 to %d", what, n.Text, most)
		return 0
	}
	return v
}

// length reads a length of time such as 30 min, 4 h or 1.5s.
func (p *parser) length(n *diag.Node, what string) time.Duration {
	if !diag.WantText(n, what, p.r) {
		return 0
	}
	text := strings.ReplaceAll(strings.ReplaceAll(n.Text, "min", "m"), " ", "")
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 1000*time.Hour {
		p.r.Errorf(codeTime, n.Place, "%s: %q is not a length of time", what, n.Text).Help = "write 20 min, 4 h or 500 ms"
		return 0
	}
	return d
}
