package tax_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const swedishFood = header + "destinations: {SE: charge}\nrates: {SE: {food: {2024-01-01: reduced_1, 2026-04-01: reduced_2, 2028-01-01: reduced_1}}}\n"

func TestChanges(t *testing.T) {
	t.Parallel()
	table := sound(t, swedishFood)
	noon := func(day string) time.Time { return at(t, day+" 12:00") }
	got := table.Changes(noon("2026-03-01"), noon("2026-05-01"))
	if len(got) != 1 || got[0].Format(time.RFC3339) != "2026-04-01T00:00:00+02:00" {
		t.Errorf("got %v", got)
	}
	midnight := at(t, "2026-04-01 00:00")
	if got := table.Changes(midnight.Add(-time.Nanosecond), midnight); len(got) != 1 {
		t.Errorf("the end belongs to it: got %v", got)
	}
	if got := table.Changes(midnight, midnight.Add(time.Hour)); len(got) != 0 {
		t.Errorf("the beginning does not: got %v", got)
	}
}

// TestChangesAreAll asks a year of days at noon: the answer differs from the day before just where Changes says so.
func TestChangesAreAll(t *testing.T) {
	t.Parallel()
	table := sound(t, swedishFood)
	last, told := "", 0
	for day := at(t, "2025-12-31 12:00"); day.Year() < 2028 || day.YearDay() < 10; day = day.AddDate(0, 0, 1) {
		got := rates(t, table, query("SE", day, "SEK", goods(1, "food"), goods(1)))
		if last != "" && got != last {
			told++
			if len(table.Changes(day.AddDate(0, 0, -1), day)) == 0 {
				t.Errorf("%s: %s after %s, and no change is told", day, got, last)
			}
		}
		last = got
	}
	if told != 2 {
		t.Errorf("%d changes", told)
	}
}

func TestRateChanges(t *testing.T) {
	t.Parallel()
	table := sound(t, header+"destinations: {SE: charge, FI: charge, DK: none, EE: home_rate}\n"+
		"rates: {SE: {food: {2024-01-01: reduced_1, 2026-04-01: reduced_2}}, FI: {food: reduced_1}, CA-ON: {standard: 13%}}\n")
	var got []string
	for _, c := range table.RateChanges() {
		got = append(got, fmt.Sprintf("%s %s %s %d to %d %s", c.Place, c.Class, c.Day, c.From, c.To, c.At.File))
	}
	want := []string{"FI standard 2024-09-01 2400 to 2550 vat-rates.yaml", "FI food 2026-01-01 1400 to 1350 tax.yaml",
		"SE food 2026-04-01 1200 to 600 tax.yaml"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	table := sound(t, swedishFood)
	now := time.Date(2026, 3, 31, 22, 30, 0, 0, time.UTC) // half past midnight in Stockholm
	var got []string
	for _, loc := range []*time.Location{stockholm(), time.UTC, nil, time.FixedZone("east", 2*60*60)} {
		got = append(got, rates(t, table.At(loc), query("SE", now, "SEK", goods(1, "food"))))
	}
	if diff := cmp.Diff([]string{"600", "1200", "1200", "600"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestChangesWithoutMidnight is about a place where summer time began at midnight on such a day.
func TestChangesWithoutMidnight(t *testing.T) {
	t.Parallel()
	santiago, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Skip(err)
	}
	table := sound(t, header+"destinations: {SE: charge}\nrates: {SE: {food: {2024-01-01: 6%, 2026-09-06: 7%}}}\n").At(santiago)
	from := time.Date(2026, 9, 1, 0, 0, 0, 0, santiago)
	got := table.Changes(from, from.AddDate(0, 0, 10))
	if len(got) != 1 || got[0].Format("2006-01-02 15:04") != "2026-09-06 01:00" {
		t.Errorf("got %v", got)
	}
}
