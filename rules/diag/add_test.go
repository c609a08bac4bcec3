package diag_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
)

// TestAdd joins two reports: findings, their source lines and their paths; what lacks a place or a code gets one.
func TestAdd(t *testing.T) {
	t.Parallel()
	var all, own diag.Report
	at := diag.Place{File: "kvitto.yaml", Line: 3, Col: 12}
	all.Errorf("E206", at, "the host's own")
	n := diag.Parse("acme.yaml", []byte("limits:\n  most: x\n"), &own)
	own.Errorf("E218", n.Get("limits").Get("most").Place, "no number")
	own.Warnf("", diag.Place{}, "nowhere")
	all.Add(&own, at, "E218")
	var got []string
	for _, f := range all.Findings() {
		got = append(got, fmt.Sprintf("%v %v [%s] %s %s", f.Severity, f.Place, f.Code, f.Message, f.Path))
	}
	want := "error acme.yaml:2:9 [E218] no number limits.most\nerror kvitto.yaml:3:12 [E206] the host's own \n" +
		"warning kvitto.yaml:3:12 [E218] nowhere "
	if strings.Join(got, "\n") != want {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
	var shown strings.Builder
	if err := all.Render(&shown, false); err != nil || !strings.Contains(shown.String(), "2 |   most: x") {
		t.Errorf("rendered: %v\n%s\nwant the line of the other report", err, shown.String())
	}
}

// TestAddKeepsCounting: the cap on findings holds for both together, and an error is not lost by it.
func TestAddKeepsCounting(t *testing.T) {
	t.Parallel()
	var all, own diag.Report
	for i := range diag.MaxFindings {
		all.Warnf("W1", diag.Place{File: "a", Line: i + 1, Col: 1}, "one")
		own.Warnf("W1", diag.Place{File: "b", Line: i + 1, Col: 1}, "one")
	}
	own.Errorf("E1", diag.Place{File: "b"}, "dropped")
	all.Add(&own, diag.Place{}, "")
	if !all.Failed() || len(all.Findings()) != diag.MaxFindings || all.Dropped() != diag.MaxFindings+1 {
		t.Errorf("failed %v, %d kept, %d dropped; want true, %d, %d", all.Failed(), len(all.Findings()), all.Dropped(), diag.MaxFindings, diag.MaxFindings+1)
	}
}
