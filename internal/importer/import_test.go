package importer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/importer"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

var day = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// imported is what came of a source.
type imported struct {
	*importer.Result
	report *diag.Report
}

// run imports a text.
func run(t testing.TB, kind, name, text string, change func(*importer.Options)) imported {
	t.Helper()
	o := importer.Options{Currency: "SEK", Now: day, Shipped: configs.FS()}
	if change != nil {
		change(&o)
	}
	r := new(diag.Report)
	res, err := importer.Import(t.Context(), fstest.MapFS{name: {Data: []byte(text)}}, name, kind, o, r)
	if err != nil {
		t.Fatal(err)
	}
	return imported{res, r}
}

// withoutVAT keeps tax.yaml from needing the rates of the data file, which take long to read.
func withoutVAT(o *importer.Options) { o.Home = "JP" }

// file is one that was written.
func (i imported) file(t testing.TB, name string) string {
	t.Helper()
	at := slices.IndexFunc(i.Files, func(f importer.File) bool { return f.Name == name })
	if at < 0 {
		t.Fatalf("no file %s", name)
	}
	return string(i.Files[at].Data)
}

// short are the findings, one a line.
func (i imported) short(t testing.TB) string {
	t.Helper()
	var w strings.Builder
	if err := i.report.Short(&w); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// left are the entries that were left out.
func (i imported) left() string {
	var w strings.Builder
	for _, l := range i.Left {
		w.WriteString(l.Place.String() + ": " + l.Why + "\n")
	}
	return w.String()
}

// sound demands that all rows are priced equally, that the rulebook has no error and that its own test passes.
func (i imported) sound(t testing.TB) {
	t.Helper()
	if i.Result == nil {
		t.Fatalf("nothing was imported:\n%s", i.short(t))
	}
	if fault := i.fault(t); fault != "" {
		t.Error(fault)
	}
}

// fault says what is wrong with a rulebook that was made, "" where nothing is.
func (i imported) fault(t testing.TB) string {
	t.Helper()
	if i.Proof.Rows == 0 || i.Proof.Equal != i.Proof.Rows {
		return fmt.Sprintf("%d of %d rows equal: %+v\n%s", i.Proof.Equal, i.Proof.Rows, i.Proof.Differences, i.file(t, "shipping.yaml"))
	}
	fsys := fstest.MapFS{}
	for _, f := range i.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	r := new(diag.Report)
	b := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, r)
	if b == nil {
		return fmt.Sprintf("the rulebook does not load: %+v", r.Findings())
	}
	test, ok := fsys["import.test.yaml"]
	if !ok {
		return ""
	}
	subject, err := b.Subject(rules.Options{})
	if err != nil {
		return err.Error()
	}
	res := rulestest.Run(fsys, "import.test.yaml", subject, r)
	switch {
	case res == nil || r.Failed():
		return fmt.Sprintf("the test cannot be run: %+v\n%s", r.Findings(), test.Data)
	case res.Failed > 0 || res.Passed == 0:
		return fmt.Sprintf("%d cases of the generated test pass, %d fail: %+v\n%s\n%s", res.Passed, res.Failed, res.Cases, test.Data, i.file(t, "shipping.yaml"))
	}
	return ""
}

// equal compares texts.
func equal(t testing.TB, what, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimLeft(want, "\n"), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
