package tax_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/rules/table"
)

// dated is a value by day as the manual explains it: it holds until the next.
type dated[T any] struct {
	days   []table.Date
	values []T
}

// on returns the value of a day; ok is false before the first. A first day at the horizon means ever since.
func (d dated[T]) on(day, horizon table.Date) (v T, ok bool) {
	if len(d.days) > 0 && d.days[0] <= horizon && day < d.days[0] {
		return d.values[0], true
	}
	for i := range d.values {
		if len(d.days) == 0 || d.days[i] <= day {
			v, ok = d.values[i], true
		}
	}
	return v, ok
}

// yaml writes it as a map.
func (d dated[T]) yaml(text func(T) string) string {
	if len(d.days) == 0 {
		return text(d.values[0])
	}
	var parts []string
	for i, day := range d.days {
		parts = append(parts, fmt.Sprintf("%s: %s", day, text(d.values[i])))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// entry is a rate in per cent, or a slot.
type entry struct {
	slot string
	rate int
}

func (e entry) String() string {
	if e.slot != "" {
		return e.slot
	}
	return fmt.Sprintf("%d%%", e.rate)
}

func dayOf(y int, m time.Month, d int) table.Date {
	day, _, _ := table.DateOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	return day
}

// drawDays draws ascending days around the horizon.
func drawDays(t *rapid.T, horizon table.Date, most int) []table.Date {
	all := rapid.SliceOfNDistinct(rapid.IntRange(0, 40), 1, most, rapid.ID).Draw(t, "days")
	slices.Sort(all)
	days := make([]table.Date, len(all))
	for i, n := range all {
		days[i] = horizon + table.Date(n)*30
	}
	return days
}

// shopModel is a shop with two classes in a country with three slots.
type shopModel struct {
	horizon table.Date
	slots   map[string]dated[int]
	classes map[string]dated[entry]
}

func drawShop(t *rapid.T) shopModel {
	m := shopModel{horizon: dayOf(2024, 1, 1), slots: map[string]dated[int]{}, classes: map[string]dated[entry]{}}
	for _, name := range []string{"standard", "reduced_1", "reduced_2"} {
		d := dated[int]{days: drawDays(t, m.horizon, 4)}
		for range d.days {
			d.values = append(d.values, rapid.IntRange(0, 30).Draw(t, "rate"))
		}
		m.slots[name] = d
	}
	for _, name := range []string{"food", "books"} {
		d := dated[entry]{values: []entry{drawEntry(t)}}
		if rapid.Bool().Draw(t, "dated") {
			d.days, d.values = drawDays(t, m.horizon, 4), nil
			for range d.days {
				d.values = append(d.values, drawEntry(t))
			}
		}
		m.classes[name] = d
	}
	return m
}

func drawEntry(t *rapid.T) entry {
	if slot := rapid.SampledFrom([]string{"", "reduced_1", "reduced_2", "standard"}).Draw(t, "slot"); slot != "" {
		return entry{slot: slot}
	}
	return entry{rate: rapid.IntRange(0, 30).Draw(t, "rate")}
}

// standard is the standard rate of a day; before the first, the first.
func (m shopModel) standard(day table.Date) int {
	d := m.slots["standard"]
	if v, ok := d.on(day, m.horizon); ok {
		return v
	}
	return d.values[0]
}

// rate is the rate of a class on a day.
func (m shopModel) rate(class string, day table.Date) int {
	e, ok := m.classes[class].on(day, m.horizon)
	switch {
	case !ok:
		return m.standard(day)
	case e.slot == "":
		return e.rate
	case e.slot == "standard":
		return m.standard(day)
	}
	if v, ok := m.slots[e.slot].on(day, m.horizon); ok {
		return v
	}
	return m.standard(day)
}

// early reports whether a class is set to a slot by date before the slot has a rate.
func (m shopModel) early() bool {
	for _, d := range m.classes {
		for i, day := range d.days {
			if e := d.values[i]; e.slot != "" && m.slots[e.slot].days[0] > max(day, m.horizon) {
				return true
			}
		}
	}
	return false
}

func (m shopModel) files() (taxFile, data string) {
	number := func(n int) string { return fmt.Sprint(n) }
	data = "version: 1\nkind: vat-rates\nhorizon: 2024-01-01\ncountries:\n  SE:\n    eu: yes\n"
	for _, name := range []string{"standard", "reduced_1", "reduced_2"} {
		data += "    " + name + ": " + m.slots[name].yaml(number) + "\n"
	}
	taxFile = "version: 1\nmode: vat\nhome: SE\ndata: d.yaml\nclasses: {food: {tags: [food]}, books: {tags: [book]}}\ndestinations: {SE: charge}\n" +
		"rates:\n  SE:\n    food: " + m.classes["food"].yaml(entry.String) + "\n    books: " + m.classes["books"].yaml(entry.String) + "\n"
	return taxFile, data
}

func TestRatesEqualModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawShop(t)
		text, data := m.files()
		compiled, r := load(text, map[string]string{"d.yaml": data})
		if m.early() {
			if compiled != nil || r.Findings()[0].Code != "E401" {
				t.Fatalf("a slot before its first rate:\n%s%s", text, data)
			}
			return
		}
		if compiled == nil {
			t.Fatalf("%s\n%s%s", brief(r), text, data)
		}
		utc := compiled.At(time.UTC)
		last := ""
		for n := range 60 {
			day := m.horizon + table.Date(n*25) - 100
			now := time.Unix(int64(day)*24*60*60, 0)
			got := rates(t, utc, query("SE", now, "SEK", goods(1, "food"), goods(1, "book"), goods(1)))
			want := fmt.Sprintf("%d %d %d", m.rate("food", day)*100, m.rate("books", day)*100, m.standard(day)*100)
			if got != want {
				t.Fatalf("%s: got %s, want %s\n%s%s", day, got, want, text, data)
			}
			if last != "" && got != last && len(utc.Changes(now.AddDate(0, 0, -25), now)) == 0 {
				t.Fatalf("%s: changed without being told\n%s%s", day, text, data)
			}
			last = got
		}
	})
}
