package table_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// node parses a YAML value that stands behind "v: " on the first line of t.yaml; its column is 4.
func node(t testing.TB, value string, r *diag.Report) *diag.Node {
	t.Helper()
	root := diag.Parse("t.yaml", []byte("v: "+value+"\n"), r)
	if root == nil || root.Get("v") == nil {
		t.Fatalf("%q does not parse: %v", value, r.Findings())
	}
	return root.Get("v")
}

func newScope() *table.Scope {
	return &table.Scope{
		Currency: "SEK", Location: time.UTC, Languages: []string{"sv", "nb", "en"}, Report: &diag.Report{},
	}
}

// told writes the findings as "col-end code: message [help]".
func told(r *diag.Report) string {
	var b strings.Builder
	for _, f := range r.Findings() {
		fmt.Fprintf(&b, "%d:%d-%d %s %s [%s]\n", f.Line, f.Col, f.EndCol, f.Code, f.Message, f.Help)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
