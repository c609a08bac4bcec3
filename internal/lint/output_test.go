package lint_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/rules/diag"
)

// odd is a report with everything that formats have to cope with.
func odd() *diag.Report {
	r := new(diag.Report)
	f := r.Errorf("E203", diag.Place{File: "a b/shipping.yaml", Line: 3, Col: 5, EndCol: 9}, "100 %% of: `x`, y\n::error::forged")
	f.Label, f.Help, f.Fix, f.Notes = "why", "do this\nor that", "z", []string{"costs"}
	f.Cause = &diag.Cause{Place: diag.Place{File: "a b/shipping.yaml", Line: 1, Col: 1}, Label: "here"}
	r.Warnf("W302", diag.Place{File: "x.xlsx", Line: 7, Col: 3, Cell: "sheet P, cell C7"}, "rounded")
	return r
}

// TestGitHub: one line for each finding, whatever its text.
func TestGitHub(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := lint.GitHub(&out, odd()); err != nil {
		t.Fatal(err)
	}
	want := "::error file=a b/shipping.yaml,line=3,col=5,endColumn=9,title=E203::100 %25 of: `x`, y%0A::error::forged%0Awhy%0Ahelp: do this%0Ahelp: or that%0Anote: costs\n" +
		"::warning file=x.xlsx,title=W302::sheet P, cell C7: rounded\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// TestSARIF: the members that code hosts read.
func TestSARIF(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := lint.SARIF(&out, odd()); err != nil {
		t.Fatal(err)
	}
	var log map[string]any
	if err := json.Unmarshal([]byte(out.String()), &log); err != nil {
		t.Fatal(err)
	}
	run := log["runs"].([]any)[0].(map[string]any)
	results := run["results"].([]any)
	first := results[0].(map[string]any)
	place := map[string]any{"artifactLocation": map[string]any{"uri": "a%20b/shipping.yaml"}, "region": map[string]any{"startLine": 3.0, "startColumn": 5.0, "endColumn": 9.0}}
	if diff := cmp.Diff([]any{map[string]any{"physicalLocation": place}}, first["locations"]); diff != "" {
		t.Error(diff)
	}
	if first["level"] != "error" || first["ruleId"] != "E203" || first["fixes"] == nil || first["relatedLocations"] == nil {
		t.Errorf("%v", first)
	}
	if second := results[1].(map[string]any); second["level"] != "warning" || second["ruleIndex"] != 1.0 {
		t.Errorf("%v", second)
	}
	rules := run["tool"].(map[string]any)["driver"].(map[string]any)["rules"].([]any)
	if len(rules) != 2 || rules[0].(map[string]any)["shortDescription"].(map[string]any)["text"] != "the zone is not declared" {
		t.Errorf("%v", rules)
	}
	out.Reset()
	if err := lint.SARIF(&out, new(diag.Report)); err != nil || !strings.Contains(out.String(), `"results": []`) {
		t.Error(err, out.String())
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	if _, ok := lint.Page("../page"); ok || lint.Meaning("E999") != "" {
		t.Error("a page that is none")
	}
	if text, ok := lint.Page("W310"); !ok || !strings.Contains(text, "never charged") {
		t.Error(text)
	}
}
