package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/kvitto/kvitto/configs"
)

// verdict is how a check ended.
type verdict string

// The verdicts.
const (
	isFine    verdict = "ok"
	isWarned  verdict = "warning"
	isFailed  verdict = "failed"
	isSkipped verdict = "skipped"
)

// checked is one line of the chart. None of its texts has a secret in it.
type checked struct {
	Status   verdict `json:"status"`
	Area     string  `json:"area"`
	Merchant string  `json:"merchant,omitempty"`
	Check    string  `json:"check"`
	Looked   string  `json:"looked_at"`
	Found    string  `json:"found"`
	Do       string  `json:"do,omitempty"`
}

// chart collects what was found. Text is written line by line, because some checks take a while; JSON at the end.
type chart struct {
	out    io.Writer
	json   bool
	hide   []string // secrets, each followed by what is shown in its place
	all    []checked
	counts map[verdict]int
	fault  error // of out
}

// shortSecret is the least length that is looked for in texts: shorter ones are words.
const shortSecret = 8

func newChart(out io.Writer, asJSON bool, secrets []string) *chart {
	c := &chart{out: out, json: asJSON, all: []checked{}, counts: map[verdict]int{}}
	c.conceal(secrets...)
	return c
}

// conceal has further secrets masked wherever they stand.
func (c *chart) conceal(secrets ...string) {
	for _, s := range secrets {
		if len(s) >= shortSecret {
			c.hide = append(c.hide, s, masked(s))
		}
	}
}

// masked shows which secret is meant, not what it is.
func masked(secret string) string {
	if len(secret) < 2*shortSecret {
		return "…"
	}
	return secret[:4] + "…"
}

// note takes a line. What others have said is made printable.
func (c *chart) note(l checked) {
	hide := strings.NewReplacer(c.hide...)
	for _, text := range []*string{&l.Looked, &l.Found, &l.Do} {
		*text = printable(hide.Replace(*text))
	}
	c.counts[l.Status]++
	c.all = append(c.all, l)
	if c.json || c.fault != nil {
		return
	}
	who := ""
	if l.Merchant != "" {
		who = l.Merchant + ": "
	}
	_, c.fault = fmt.Fprintf(c.out, "%-8s %-13s %s%s: %s: %s\n", l.Status, l.Area, who, l.Check, l.Looked, l.Found)
	if l.Do != "" && c.fault == nil {
		_, c.fault = fmt.Fprintf(c.out, "%22s -> %s\n", "", l.Do)
	}
}

// end writes the sum, and all of it where it is JSON.
func (c *chart) end() error {
	if c.fault == nil && c.json {
		enc := json.NewEncoder(c.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		c.fault = enc.Encode(map[string]any{"checks": c.all, "ok": c.counts[isFine], "warnings": c.counts[isWarned],
			"failed": c.counts[isFailed], "skipped": c.counts[isSkipped]})
	} else if c.fault == nil {
		_, c.fault = fmt.Fprintf(c.out, "%d checks: %d ok, %d warnings, %d failed, %d skipped\n", len(c.all),
			c.counts[isFine], c.counts[isWarned], c.counts[isFailed], c.counts[isSkipped])
	}
	if c.fault == nil && c.counts[isFailed] > 0 {
		return errFindings
	}
	return c.fault
}

// about begins the lines about one thing.
type about struct {
	c              *chart
	area, merchant string
}

func (d *doctor) about(area string, m *configs.Merchant) about {
	a := about{c: d.chart, area: area}
	if m != nil {
		a.merchant = m.ID
	}
	return a
}

// note takes a line; do is what to do about it, "" for nothing.
func (a about) note(v verdict, check, looked, found, do string) {
	a.c.note(checked{Status: v, Area: a.area, Merchant: a.merchant, Check: check, Looked: looked, Found: found, Do: do})
}

// skip takes a line about what was not looked at.
func (a about) skip(check, looked, why string) { a.note(isSkipped, check, looked, why, "") }

// plainCause is a cause in one line.
func plainCause(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
