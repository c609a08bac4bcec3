package publication_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/publication"
)

var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// days is so many days after monday.
func days(n int) time.Time { return monday.AddDate(0, 0, n) }

// made is a history in which publication n is published on day at[n-1].
func made(entries ...publication.Entry) publication.History {
	for i := range entries {
		entries[i].Number = int64(i + 1)
		if entries[i].At.IsZero() {
			entries[i].At = days(i)
		}
	}
	return entries
}

func TestHistory(t *testing.T) {
	t.Parallel()
	type entry = publication.Entry
	const serving, waiting, replaced, back, never = publication.Serving, publication.Waiting, publication.Replaced, publication.RolledBack, publication.Never
	for name, tt := range map[string]struct {
		h       publication.History
		at      time.Time
		serving int64
		next    time.Time
		states  []publication.State
	}{
		"nothing":                          {nil, days(1), 0, time.Time{}, []publication.State{}},
		"the last one":                     {made(entry{}, entry{}), days(2), 2, time.Time{}, []publication.State{replaced, serving}},
		"one that waits":                   {made(entry{}, entry{Start: days(9)}), days(2), 1, days(9), []publication.State{serving, waiting}},
		"its start":                        {made(entry{}, entry{Start: days(9)}), days(9), 2, time.Time{}, []publication.State{replaced, serving}},
		"the first one waits":              {made(entry{Start: days(9)}), days(2), 0, days(9), []publication.State{waiting}},
		"two that wait":                    {made(entry{}, entry{Start: days(9)}, entry{Start: days(12)}), days(3), 1, days(9), []publication.State{serving, waiting, waiting}},
		"one that waits comes later":       {made(entry{}, entry{Start: days(9)}, entry{Start: days(5)}), days(3), 1, days(5), []publication.State{serving, never, waiting}},
		"one at once replaces what waits":  {made(entry{}, entry{Start: days(9)}, entry{}), days(10), 3, time.Time{}, []publication.State{replaced, never, serving}},
		"the same start: the later one":    {made(entry{Start: days(9)}, entry{Start: days(9)}), days(9), 2, time.Time{}, []publication.State{never, serving}},
		"gone back":                        {made(entry{}, entry{}, entry{Again: 1}), days(3), 3, time.Time{}, []publication.State{replaced, back, serving}},
		"gone back to the folder":          {made(entry{}, entry{Folder: true}), days(3), 2, time.Time{}, []publication.State{back, serving}},
		"the folder again":                 {made(entry{Folder: true}, entry{Folder: true}), days(3), 2, time.Time{}, []publication.State{replaced, serving}},
		"gone back before its start":       {made(entry{}, entry{Start: days(9)}, entry{Again: 1}), days(3), 3, time.Time{}, []publication.State{replaced, back, serving}},
		"going back waits":                 {made(entry{}, entry{}, entry{Again: 1, Start: days(9)}), days(3), 2, days(9), []publication.State{replaced, serving, waiting}},
		"at once, after one has come":      {made(entry{}, entry{Start: days(2)}, entry{At: days(4)}), days(5), 3, time.Time{}, []publication.State{replaced, replaced, serving}},
		"at once, whatever the clock says": {made(entry{At: days(30)}), days(2), 1, time.Time{}, []publication.State{serving}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, ok := tt.h.InForce(tt.at)
			if e.Number != tt.serving || ok != (tt.serving > 0) {
				t.Errorf("serving %d, %v; want %d", e.Number, ok, tt.serving)
			}
			if next, ok := tt.h.Next(tt.at); !next.Equal(tt.next) || ok == tt.next.IsZero() {
				t.Errorf("next %v, %v; want %v", next, ok, tt.next)
			}
			if d := cmp.Diff(tt.states, tt.h.States(tt.at)); d != "" {
				t.Error(d)
			}
		})
	}
}

// history draws one in which times run on.
func history(t *rapid.T) publication.History {
	var h publication.History
	for i := range rapid.IntRange(0, 80).Draw(t, "publications") {
		e := publication.Entry{Number: int64(i + 1), At: days(i), Size: rapid.Int64Range(1, publication.MaxArchive).Draw(t, "size")}
		if rapid.Bool().Draw(t, "waits") {
			e.Start = days(i + rapid.IntRange(1, 100).Draw(t, "days"))
		}
		h = append(h, e)
	}
	return h
}

// TestHistoryRuns: whoever switches at every Next serves at any instant what InForce says, never goes back in numbers, and one
// publication serves, or the folder.
func TestHistoryRuns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := history(t)
		at := days(rapid.IntRange(0, 200).Draw(t, "day"))
		last, _ := h.InForce(at)
		waits := len(h.Waits(at))
		for next, ok := h.Next(at); ok; next, ok = h.Next(next) {
			if !next.After(at) {
				t.Fatalf("%v after %v", next, at)
			}
			before, _ := h.InForce(next.Add(-1))
			now, _ := h.InForce(next)
			if before.Number != last.Number || now.Number <= last.Number {
				t.Fatalf("at %v: %d, then %d and %d", next, last.Number, before.Number, now.Number)
			}
			waits--
			last, at = now, next
		}
		if waits != 0 {
			t.Fatalf("%d of those that wait never serve", waits)
		}
		serving := 0
		for _, s := range h.States(at) {
			if s == publication.Serving {
				serving++
			}
		}
		if _, ok := h.InForce(at); (serving == 1) != ok || serving > 1 {
			t.Fatalf("%d serve", serving)
		}
	})
}

// TestSurplus: what serves, what waits and all after it stays; of the rest no more than fits.
func TestSurplus(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := history(t)
		at := days(rapid.IntRange(0, 200).Draw(t, "day"))
		gone := h.Surplus(at)
		kept := h[len(gone):]
		serving, _ := h.InForce(at)
		for _, e := range gone {
			if e.Number >= serving.Number {
				t.Fatalf("publication %d goes, and %d serves", e.Number, serving.Number)
			}
		}
		var size int64
		for i, e := range kept {
			size += e.Size
			needed := e.Number >= serving.Number
			if !needed && len(kept)-i > publication.MaxKept {
				t.Fatalf("%d are kept", len(kept))
			}
		}
		if len(gone) > 0 && len(kept) < publication.MaxKept && size+gone[len(gone)-1].Size <= publication.MaxBytes {
			t.Fatalf("%d go although there is room", len(gone))
		}
		if again := kept.Surplus(at); len(again) > 0 {
			t.Fatalf("%d go in a second round", len(again))
		}
	})
}
