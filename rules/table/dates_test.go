package table_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"pgregory.net/rapid"
)

func TestDateOf(t *testing.T) {
	t.Parallel()
	stockholm := zone(t, "Europe/Stockholm")
	tests := []struct {
		at    time.Time
		date  string
		clock string
		day   time.Weekday
	}{
		{time.Date(2026, 3, 31, 21, 59, 59, 0, time.UTC), "2026-03-31", "23:59", time.Tuesday},
		{time.Date(2026, 3, 31, 22, 0, 0, 0, time.UTC), "2026-04-01", "00:00", time.Wednesday},
		{time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), "1970-01-01", "01:00", time.Thursday},
	}
	for _, tt := range tests {
		date, clock, day := table.DateOf(tt.at.In(stockholm))
		if date.String() != tt.date || clock.String() != tt.clock || day != tt.day || date.Weekday() != tt.day {
			t.Errorf("%v is %v %v %v, want %v %v %v", tt.at, date, clock, day, tt.date, tt.clock, tt.day)
		}
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("no time zones here: %v", err)
	}
	return loc
}

func day(t testing.TB, text string) table.Date {
	t.Helper()
	s := newScope()
	d, ok := s.DateText(text, diag.Place{File: "t"})
	if !ok {
		t.Fatal(told(s.Report))
	}
	return d
}

func TestDated(t *testing.T) {
	t.Parallel()
	s := newScope()
	d, ok := s.DatedMoneyList(node(t, "{2027-01-01: [59.00, 6.00 EUR], 2026-01-01: 49.00}", s.Report))
	if !ok {
		t.Fatal(told(s.Report))
	}
	tests := []struct{ day, want string }{
		{"2025-12-31", ""}, {"2026-01-01", "49.00 SEK"}, {"2026-12-31", "49.00 SEK"}, {"2027-01-01", "59.00 SEK, 6.00 EUR"},
		{"2099-01-01", "59.00 SEK, 6.00 EUR"},
	}
	for _, tt := range tests {
		v, ok := d.At(day(t, tt.day))
		if v.String() != tt.want || ok != (tt.want != "") {
			t.Errorf("on %s it is %q, want %q", tt.day, v, tt.want)
		}
	}
	if d.Places[1].Col != 17 {
		t.Errorf("the later value stands at %v, want column 17", d.Places[1])
	}
	always, _ := s.DatedMoneyList(node(t, "49.00", s.Report))
	if v, ok := always.At(0); !ok || v.String() != "49.00 SEK" {
		t.Errorf("a value without dates is %q on any day", v)
	}
	var none table.Dated[int]
	if _, ok := none.At(0); ok {
		t.Error("the zero Dated has a value")
	}
}

func TestDatedFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"{2026-02-30: 49.00, 2027-01-01: x}", "1:5-15 E105 there is no `2026-02-30`: February 2026 has 28 days [write a day from 01 to 28]\n" +
			"1:36-37 E119 `x` is not an amount of money [write it like 49.00 or 4.90 EUR]"},
		{"{2026-01-01: 79,00}", "1:17-22 E108 `79,00` is written with a decimal comma [write 79.00]"},
		{"{}", "1:4-6 E005 there is no value in the map [write e.g. {2026-01-01: 49.00}]"},
	}
	for _, tt := range tests {
		s := newScope()
		if _, ok := s.DatedMoneyList(node(t, tt.in, s.Report)); ok || told(s.Report) != tt.want {
			t.Errorf("%s: told\n%s\nwant\n%s", tt.in, told(s.Report), tt.want)
		}
	}
}

func TestCalendars(t *testing.T) {
	t.Parallel()
	s := newScope()
	all := s.Calendars(yaml(t, "sweden: {closed: [2027-01-01, 2026-12-24 to 2026-12-26]}\nempty: {closed: []}\n", s.Report))
	if s.Report.Failed() {
		t.Fatal(told(s.Report))
	}
	for text, want := range map[string]bool{"2026-12-23": false, "2026-12-24": true, "2026-12-25": true, "2026-12-26": true, "2026-12-27": false, "2027-01-01": true} {
		if got := all["sweden"].Closed(day(t, text)); got != want {
			t.Errorf("closed on %s: %v, want %v", text, got, want)
		}
	}
	if last, ok := all["sweden"].Last(); !ok || last.String() != "2027-01-01" {
		t.Errorf("the last closed day is %v", last)
	}
	if _, ok := all["empty"].Last(); ok {
		t.Error("an empty calendar has a last day")
	}
	var none *table.Calendar
	if none.Closed(0) {
		t.Error("a nil calendar is closed")
	}
}

func TestCalendarFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"a: {closed: [2026-12-24, 2026-12-24]}", "1:26-36 E116 2026-12-24 stands twice [keep one of them]"},
		{"a: {closed: [2026-12-24 to 2026-12-01]}", "1:14-38 E114 `2026-12-24 to 2026-12-01` is not a range of days [write the earlier day first, at most two years apart]"},
		{"a: {closed: [24/12/2026]}", "1:14-24 E105 `24/12/2026` is not a date [write it as year-month-day, e.g. 2026-01-31]"},
		{"a: {open: [2026-12-24]}", "1:4-24 E016 a calendar needs `closed` []\n1:5-9 E004 unknown key `open` in a calendar [allowed are closed]"},
	}
	for _, tt := range tests {
		s := newScope()
		s.Calendars(yaml(t, tt.in, s.Report))
		if got := told(s.Report); got != tt.want {
			t.Errorf("%s: told\n%s\nwant\n%s", tt.in, got, tt.want)
		}
	}
}

func TestTextIn(t *testing.T) {
	t.Parallel()
	s := newScope()
	both, _ := s.Text(node(t, "{en: Home, nb: Hjem}", s.Report))
	plain, _ := s.Text(node(t, "PostNord", s.Report))
	tests := []struct {
		text table.Text
		lang string
		want string
	}{
		{both, "nb", "Hjem"}, {both, "no", "Hjem"}, {both, "en", "Home"}, {both, "fi", "Hjem"}, {both, "", "Hjem"},
		{plain, "sv", "PostNord"}, {table.Text{}, "sv", ""},
	}
	for _, tt := range tests {
		if got := tt.text.In(tt.lang, s.Languages); got != tt.want {
			t.Errorf("in %q it is %q, want %q", tt.lang, got, tt.want)
		}
	}
	if got := both.In("fi", []string{"da"}); got != "Home" {
		t.Errorf("without a language of the file it is %q, want the first", got)
	}
	if both.Empty() || !(table.Text{}).Empty() {
		t.Error("only the zero Text is empty")
	}
}

func TestInstants(t *testing.T) {
	t.Parallel()
	stockholm := zone(t, "Europe/Stockholm")
	tests := []struct {
		name, cond, from, to string
		want                 []string
	}{
		{"from", "{from: 2026-11-24}", "2026-11-23T10:00Z", "2026-11-24T10:00Z", []string{"2026-11-23T23:00Z"}},
		{"the end is in", "{from: 2026-11-24}", "2026-11-23T22:00Z", "2026-11-23T23:00Z", []string{"2026-11-23T23:00Z"}},
		{"the beginning is not", "{from: 2026-11-24}", "2026-11-23T23:00Z", "2026-11-24T23:00Z", nil},
		{"until", "{until: 2026-11-24}", "2026-11-23T10:00Z", "2026-11-25T10:00Z", []string{"2026-11-24T23:00Z"}},
		{"days", "{days: mon}", "2026-11-23T10:00Z", "2026-11-25T10:00Z", []string{"2026-11-23T23:00Z", "2026-11-24T23:00Z"}},
		{"time", "{time: 08:00 to 14:00}", "2026-11-23T10:00Z", "2026-11-24T10:00Z", []string{"2026-11-23T13:00Z", "2026-11-24T07:00Z"}},
		{"no clock", "{max_items: 3}", "2026-11-23T10:00Z", "2027-11-24T10:00Z", nil},
		{"clocks go back", "{time: 02:30 to 14:00}", "2026-10-24T22:00Z", "2026-10-25T06:00Z",
			[]string{"2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z"}},
		{"clocks go forward", "{time: 02:30 to 14:00}", "2026-03-28T23:00Z", "2026-03-29T02:00Z",
			[]string{"2026-03-29T00:30Z", "2026-03-29T01:00Z", "2026-03-29T01:30Z"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScope()
			c, ok := s.Condition(node(t, tt.cond, s.Report), "a test", nil)
			if !ok {
				t.Fatal(told(s.Report))
			}
			in := table.NewInstants(minute(t, tt.from), minute(t, tt.to), stockholm)
			c.Instants(in)
			var got []string
			for _, at := range in.Times() {
				got = append(got, at.UTC().Format("2006-01-02T15:04Z"))
			}
			if d := cmp.Diff(got, tt.want); d != "" {
				t.Errorf("(-got +want)\n%s", d)
			}
		})
	}
}

func minute(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04Z", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDatedInstants(t *testing.T) {
	t.Parallel()
	s := newScope()
	d, _ := s.DatedMoneyList(node(t, "{2026-01-01: 1.00, 2027-01-01: 2.00}", s.Report))
	in := table.NewInstants(minute(t, "2026-06-01T00:00Z"), minute(t, "2030-01-01T00:00Z"), nil)
	d.Instants(in)
	want := []time.Time{minute(t, "2027-01-01T00:00Z")}
	if got := in.Times(); !slices.EqualFunc(got, want, time.Time.Equal) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestInstantsMissNothing walks minute by minute over a change of the clocks and looks whether every change of an answer was
// announced.
func TestInstantsMissNothing(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{zone(t, "Europe/Stockholm"), zone(t, "America/Sao_Paulo"), zone(t, "Australia/Lord_Howe"), time.UTC}
	rapid.Check(t, func(t *rapid.T) {
		loc := rapid.SampledFrom(zones).Draw(t, "zone")
		// in these weeks clocks change in one of the zones, in Sao Paulo at midnight
		begin := rapid.SampledFrom([]string{"2026-10-24T00:00Z", "2026-03-28T00:00Z", "2018-11-03T00:00Z", "2018-02-17T00:00Z", "2026-10-03T00:00Z"}).Draw(t, "week")
		from, _ := time.Parse("2006-01-02T15:04Z", begin)
		to := from.Add(48 * time.Hour)
		window := table.Window{From: table.Clock(rapid.IntRange(0, 1439).Draw(t, "from")), To: table.Clock(rapid.IntRange(1, 1440).Draw(t, "to"))}
		first, _, _ := table.DateOf(from)
		c := table.NewCondition(
			table.Term{Word: table.WordTime, Window: window},
			table.Term{Word: table.WordFrom, Limit: int64(first) + rapid.Int64Range(-1, 3).Draw(t, "day")},
		)
		in := table.NewInstants(from, to, loc)
		c.Instants(in)
		times := in.Times()
		for at := from; at.Before(to); at = at.Add(time.Minute) {
			next := at.Add(time.Minute)
			if holdsAt(&c, at.In(loc)) != holdsAt(&c, next.In(loc)) && !slices.ContainsFunc(times, next.Equal) {
				t.Fatalf("the answer changes at %v; announced are %v", next.In(loc), times)
			}
		}
	})
}
