package rulestest

import (
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// instantExample is how a point of time is written.
const instantExample = "2026-11-23 10:00, or with an offset 2026-11-23 10:00 +01:00"

// instant reads a point of time: in the time zone of the file, or with an offset.
func (b *builder) instant(n *diag.Node) time.Time {
	if !diag.WantText(n, "`now`", b.r) {
		return time.Time{}
	}
	t, ok := parseInstant(n.Text, b.p.s.location())
	switch {
	case !ok:
		f := b.r.Errorf(codeInstant, n.Place, "`%s` is not a point of time", n.Text)
		f.Help = "write it like " + instantExample
		if _, err := time.Parse(time.DateOnly, strings.TrimSpace(n.Text)); err == nil {
			f.Fix = strings.TrimSpace(n.Text) + " 00:00"
		}
	case t.IsZero():
		f := b.r.Errorf(codeInstant, n.Place, "there is no `%s` in %s: clocks were put forward", n.Text, b.p.s.location())
		f.Help = "write a time before or after that hour, or one with an offset"
	}
	return t
}

// parseInstant reads date and time of the day, seconds and an offset if there are some. The zero time is one that the
// zone skips. Of a time that the zone has twice it takes the first.
func parseInstant(text string, loc *time.Location) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if len(text) < len("2006-01-02 15:04") || text[10] != ' ' && text[10] != 'T' {
		return time.Time{}, false
	}
	text = text[:10] + " " + text[11:]
	for _, layout := range [...]string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		for _, offset := range [...]string{"Z07:00", " Z07:00"} {
			if t, err := time.Parse(layout+offset, text); err == nil && t.Year() > 0 {
				return t, true
			}
		}
		t, err := time.ParseInLocation(layout, text, loc)
		if err != nil || len(text) != len(layout) || t.Year() == 0 {
			continue
		}
		if t.Format(layout) != text {
			return time.Time{}, true
		}
		if first := t.Add(-time.Hour); first.Format(layout) == text {
			return first, true
		}
		return t, true
	}
	return time.Time{}, false
}
