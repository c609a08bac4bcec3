package rulestest_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// TestSplitIsExact: the lines of a made-up cart sum up to what was asked for.
func TestSplitIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.Int64Range(1, 1000).Draw(t, "pieces")
		grams := rapid.Int64Range(0, 100_000).Draw(t, "grams")
		total := order.Amount(rapid.Int64Range(0, 100_000_000).Draw(t, "total"))
		discount := order.Amount(rapid.Int64Range(0, 1000).Draw(t, "discount"))
		lines := rulestest.Split(pieces, grams, total, discount)
		var n, g int64
		var sum order.Amount
		for _, l := range lines {
			n, g = n+l.Quantity, g+l.Quantity*l.Grams
			sum += order.Amount(l.Quantity)*l.Price - l.Discount
		}
		if n != pieces || g != grams || sum != total || len(lines) > 3 {
			t.Fatalf("%+v: %d pieces, %d g, %d; want %d, %d, %d", lines, n, g, sum, pieces, grams, total)
		}
	})
}

func TestInstants(t *testing.T) {
	t.Parallel()
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, want string }{
		{"2026-11-23 10:00", "2026-11-23T09:00:00Z"},
		{"2026-11-23T10:00", "2026-11-23T09:00:00Z"},
		{"2026-07-23 10:00:30", "2026-07-23T08:00:30Z"},
		{" 2026-11-23 10:00+00:00 ", "2026-11-23T10:00:00Z"},
		{"2026-11-23 10:00 -05:00", "2026-11-23T15:00:00Z"},
		{"2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"},
		{"2026-10-25 02:30", "2026-10-25T00:30:00Z"},        // twice that night: the first
		{"2026-10-25 02:30 +01:00", "2026-10-25T01:30:00Z"}, // the second
		{"2026-03-29 02:30", "0001-01-01T00:00:00Z"},        // skipped
		{"2026-11-23", ""},
		{"2026-11-23 25:00", ""},
		{"2026-02-30 10:00", ""},
		{"23.11.2026 10:00", ""},
		{"2026-11-23 9:00", ""},
		{"now", ""},
	} {
		got, ok := rulestest.ParseInstant(tt.text, loc)
		text := ""
		if ok {
			text = got.UTC().Format(time.RFC3339)
		}
		if text != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, text, tt.want)
		}
	}
}

// TestFiles: tests of folders below count, hidden folders and other rulebooks do not.
func TestFiles(t *testing.T) {
	t.Parallel()
	empty := &fstest.MapFile{}
	got, err := rulestest.Files(fstest.MapFS{"b.test.yaml": empty, "a.test.yaml": empty, "shipping.yaml": empty, "notes.yaml": empty,
		"tests/c.test.yaml": empty, ".old/d.test.yaml": empty, "other/shipping.yaml": empty, "other/e.test.yaml": empty,
		"folder.test.yaml/x": empty})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"a.test.yaml", "b.test.yaml", "tests/c.test.yaml"}, got); d != "" {
		t.Error(d)
	}
}
