package table

import (
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Clock is minutes since midnight, 0 to 1440.
type Clock int16

// endOfDay is 24:00.
const endOfDay Clock = 24 * 60

// String writes the time as 08:05.
func (c Clock) String() string {
	digits := [5]byte{'0' + byte(c/600), '0' + byte(c/60%10), ':', '0' + byte(c%60/10), '0' + byte(c%10)}
	return string(digits[:])
}

// Clock parses "14:00", from 00:00 to 24:00.
func (s *Scope) Clock(n *diag.Node) (Clock, bool) {
	w, ok := s.scalar(n, "a time", "14:00")
	if !ok {
		return 0, false
	}
	return s.clock(w)
}

func (s *Scope) clock(w raw) (Clock, bool) {
	hour, minute, colon := strings.Cut(w.text, ":")
	if !colon || len(hour) < 1 || len(hour) > 2 || len(minute) != 2 || !allDigits(hour) || !allDigits(minute) {
		if right := meantClock(w.text); right != "" {
			s.tellFix("E113", w, right, "`%s` is not a time as it is written here: hours, a colon, minutes", w.text)
			return 0, false
		}
		s.tell("E113", w, "write it as hours:minutes, e.g. 08:00 or 14:30", "`%s` is not a time", w.text)
		return 0, false
	}
	h, m := smallInt(hour), smallInt(minute)
	if m > 59 || h > 24 || h == 24 && m > 0 {
		s.tell("E113", w, "write a time from 00:00 to 24:00", "there is no `%s`: a day has 24 hours of 60 minutes", w.text)
		return 0, false
	}
	return Clock(h*60 + m), true
}

// meantClock rewrites 14.00, 1400, 14, 2pm, 14h and 14:00:00.
func meantClock(text string) string {
	text = strings.ToLower(strings.ReplaceAll(text, " ", ""))
	bare, half := strings.TrimSuffix(text, "m"), byte(0)
	if n := len(bare); n > 1 && n < len(text) && (bare[n-1] == 'a' || bare[n-1] == 'p') {
		text, half = bare[:n-1], bare[n-1]
	}
	text = strings.TrimSuffix(strings.Replace(strings.TrimSuffix(text, ":00"), ".", ":", 1), "h")
	hour, minute, colon := strings.Cut(text, ":")
	switch {
	case !colon && len(hour) == 4:
		hour, minute = hour[:2], hour[2:]
	case !colon:
		minute = "00"
	}
	if !allDigits(hour) || !allDigits(minute) || len(hour) > 2 || len(minute) != 2 || smallInt(minute) > 59 {
		return ""
	}
	h, ok := hour24(smallInt(hour), half)
	if !ok {
		return ""
	}
	return Clock(h*60 + smallInt(minute)).String()
}

// hour24 turns an hour of half a day ('a', 'p') or of a whole one (0) into 0 to 23.
func hour24(h int, half byte) (int, bool) {
	switch {
	case half == 0:
		return h, h < 24
	case h == 0 || h > 12:
		return 0, false
	case half == 'p':
		return h%12 + 12, true
	default:
		return h % 12, true
	}
}

// Window is a stretch of the day: from From on until To is reached (at To it is over, so 08:00 to 14:00 and 14:00 to 20:00
// never both hold). Where To is before From it goes over midnight: 22:00 to 06:00 holds from 22:00 on and before 06:00.
type Window struct{ From, To Clock }

// Holds reports whether c lies in the window.
func (w Window) Holds(c Clock) bool {
	if w.From < w.To {
		return w.From <= c && c < w.To
	}
	return w.From <= c || c < w.To
}

// String writes the window as "08:00 to 14:00".
func (w Window) String() string { return w.From.String() + " to " + w.To.String() }

// Window parses "08:00 to 14:00".
func (s *Scope) Window(n *diag.Node) (Window, bool) {
	const example = "08:00 to 14:00"
	w, ok := s.scalar(n, "a time of the day", example)
	if !ok {
		return Window{}, false
	}
	from, to, ok := s.ends(w, example)
	if !ok {
		return Window{}, false
	}
	a, okA := s.clock(from)
	b, okB := s.clock(to)
	if okA && okB && a%endOfDay == b%endOfDay && (a != 0 || b != endOfDay) {
		s.tell("E114", w, "write e.g. "+example+"; the whole day is 00:00 to 24:00", "`%s` begins when it ends", w.text)
		return Window{}, false
	}
	return Window{a, b}, okA && okB
}

// ends parts "a to b" and tells a range that is written with a dash.
func (s *Scope) ends(w raw, example string) (from, to raw, ok bool) {
	parts := w.split(" to ")
	if len(parts) == 2 {
		return parts[0], parts[1], true
	}
	if dash := w.split("-", "\u2013", "\u2014"); len(parts) == 1 && len(dash) == 2 && dash[0].text != "" && dash[1].text != "" {
		s.tellFix("E114", w, dash[0].text+" to "+dash[1].text, "`%s` is written with a dash", w.text)
		return from, to, false
	}
	s.tell("E119", w, "write it like "+example, "`%s` is not a range", w.text)
	return from, to, false
}

// Days parses "mon to fri", "sat to mon" (over the week's end), "mon" or a list of them; bit i is time.Weekday(i).
func (s *Scope) Days(n *diag.Node) (days uint8, ok bool) {
	if n.Kind != diag.List {
		return s.dayRange(n)
	}
	ok = true
	for _, item := range n.Items {
		d, good := s.dayRange(item)
		if good && days&d != 0 {
			s.tell("E116", nodeRaw(item), "keep one of them", "`%s` stands twice", item.Text)
			good = false
		}
		days, ok = days|d, ok && good
	}
	if len(n.Items) == 0 {
		s.tell(diag.CodeShape, nodeRaw(n), "write e.g. mon to fri", "there is no day in the list")
		return 0, false
	}
	return days, ok
}

func (s *Scope) dayRange(n *diag.Node) (uint8, bool) {
	w, ok := s.scalar(n, "a day of the week", "mon to fri")
	if !ok {
		return 0, false
	}
	if !strings.ContainsAny(w.text, " -\u2013") {
		d, good := s.day(w)
		return 1 << d, good
	}
	from, to, ok := s.ends(w, "mon to fri")
	if !ok {
		return 0, false
	}
	a, okA := s.day(from)
	b, okB := s.day(to)
	if !okA || !okB {
		return 0, false
	}
	days := uint8(1) << a
	for d := a; d != b; {
		d = (d + 1) % 7
		days |= 1 << d
	}
	return days, true
}

func dayNames() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

func (s *Scope) day(w raw) (time.Weekday, bool) {
	for i, name := range dayNames() {
		if w.text == name {
			return time.Weekday(i), true
		}
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if low := strings.ToLower(w.text); len(low) >= 3 && strings.HasPrefix(strings.ToLower(d.String()), strings.TrimSuffix(low, ".")) {
			s.tellFix("E113", w, dayNames()[d], "`%s` is not a day as it is written here", w.text)
			return 0, false
		}
	}
	s.tell("E113", w, "write mon, tue, wed, thu, fri, sat or sun", "`%s` is not a day of the week", w.text)
	return 0, false
}

// daysText writes a set of days, from Monday on: "mon, tue".
func daysText(days uint8) string {
	var names []string
	for i := range 7 {
		if d := (i + 1) % 7; days&(1<<d) != 0 {
			names = append(names, dayNames()[d])
		}
	}
	return strings.Join(names, ", ")
}
