package rulestest_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// BenchmarkRun is a whole test file: what a save costs while tables are written.
func BenchmarkRun(b *testing.B) {
	dir := filepath.Join("..", "..", "configs", "examples", "nordic")
	s, fsys := subject(b, dir), os.DirFS(dir)
	b.ReportAllocs()
	for b.Loop() {
		if res := rulestest.Run(fsys, "nordic.test.yaml", s, new(diag.Report)); res == nil || res.Failed > 0 {
			b.Fatal("nordic fails")
		}
	}
}

// BenchmarkExplain is one question.
func BenchmarkExplain(b *testing.B) {
	s := shop(b)
	b.ReportAllocs()
	for b.Loop() {
		if x := rulestest.Explain(s, rulestest.Asked{To: "SE 621 57", Cart: "4 kg, 700.00"}, noon(), new(diag.Report)); x == nil {
			b.Fatal("not explained")
		}
	}
}
