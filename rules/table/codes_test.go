package table_test

import (
	"regexp"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// TestEveryCodeIsTold has a slip for each code; E303 and E304 are told by those who know the columns.
func TestEveryCodeIsTold(t *testing.T) {
	t.Parallel()
	value := func(kind, in string) func(*table.Scope) {
		return func(s *table.Scope) { parsers()[kind](s, node(t, in, s.Report)) }
	}
	cond := func(in string) func(*table.Scope) {
		return func(s *table.Scope) { s.Condition(node(t, in, s.Report), "a test", nil) }
	}
	pipe := func(in string) func(*table.Scope) {
		return func(s *table.Scope) { table.PipeTable(yaml(t, in, s.Report).Get("t"), s.Report) }
	}
	side := func(in string) func(*table.Scope) {
		return func(s *table.Scope) { csvOf(in, s.Report) }
	}
	book := func(sheet string, cells map[string]any) func(*table.Scope) {
		return func(s *table.Scope) { readBook(t, workbookOf(t, cells), sheet, s.Report) }
	}
	class := func(in string) func(*table.Scope) {
		return func(s *table.Scope) { table.CompileClasses(yaml(t, in, s.Report), s.Report) }
	}
	var many string
	for i := range table.MaxClasses + 1 {
		many += string(rune('a'+i%26)) + string(rune('a'+i/26)) + ": {tags: t}\n"
	}
	slips := map[string]func(*table.Scope){
		"E101": value("weight", "5"), "E102": value("weight", "5 stone"), "E103": value("money", "5.001"),
		"E104": value("money", "-5"), "E105": value("date", "2026-02-30"), "E106": cond("{from: 2026-01-02, until: 2026-01-01}"),
		"E107": value("money", "5 XYZ"), "E108": value("money", "5,00"), "E109": value("text", "{xx: a}"),
		"E110": value("vat", "101"), "E111": value("vat", "5.001"), "E112": value("money", "5 000"),
		"E113": value("clock", "25:00"), "E114": value("range", "3 to 1"), "E115": value("count", "9999999999999999999"),
		"E116": value("names", "[a, a]"), "E117": value("yesno", "perhaps"), "E119": value("money", "much"),
		"E201": cond("{class: x}"), "E203": cond("{to: x}"), "E207": class(many), "E208": class("a: {}"),
		"E301": pipe("t: |\n  a|b\n  1\n"), "E302": pipe("t: |\n  a|a\n  1|2\n"), "E305": pipe("t: |\n  a|b\n"),
		"E306": side("a,b\n\"1,2\n"), "E307": pipe("t: a"),
		"E023": side("PK\x03\x04"), "W301": func(s *table.Scope) { csvOf("a,b\n\xe5,1\n", s.Report) },
		"E024": book("Other", map[string]any{"A1": "a", "A2": 1}), "E118": book("", map[string]any{"A1": "a", "A2": 1, "B1": "b", "B2": "=1+1"}),
		"W302": book("", map[string]any{"A1": "a", "A2": fixedNumber(1.005)}),
	}
	slips["W501"] = func(s *table.Scope) {
		table.NewUses().TellZones(table.CompileZones(table.ZonesSource{Zones: yaml(t, "a: {SE: all}", s.Report)}, s.Report), "", "%s", s.Report)
	}
	slips["W502"] = func(s *table.Scope) {
		table.NewUses().TellClasses(table.CompileClasses(yaml(t, "a: {tags: a}", s.Report), s.Report), "", "%s", s.Report)
	}
	slips["W503"] = func(s *table.Scope) {
		s.Uses = table.NewUses()
		s.Calendars(yaml(t, "a: {closed: [2026-12-24]}", s.Report))
		s.Uses.TellCalendars(s.Report)
	}
	form := regexp.MustCompile(`^[EW][0-9]{3}$`)
	last := ""
	for _, c := range table.Codes() {
		if !form.MatchString(c.Code) || c.Code <= last || c.Meaning == "" {
			t.Errorf("the catalogue is not in order at %q: %q", c.Code, c.Meaning)
		}
		last = c.Code
		slip, ok := slips[c.Code]
		if c.Code == "E303" || c.Code == "E304" {
			continue
		}
		if !ok {
			t.Errorf("no slip for %s", c.Code)
			continue
		}
		s := newScope()
		slip(s)
		if f := s.Report.Findings(); len(f) != 1 || f[0].Code != c.Code || (f[0].Severity != diag.Error) != (c.Code[0] == 'W') {
			t.Errorf("%s: told\n%s", c.Code, told(s.Report))
		}
	}
}
