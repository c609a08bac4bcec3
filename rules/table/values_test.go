package table_test

import (
	"fmt"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// parsers reads a value of each kind and writes it back.
func parsers() map[string]func(*table.Scope, *diag.Node) (fmt.Stringer, bool) {
	return map[string]func(*table.Scope, *diag.Node) (fmt.Stringer, bool){
		"money":   func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Money(n)) },
		"moneys":  func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.MoneyList(n)) },
		"weight":  func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Weight(n)) },
		"length":  func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Length(n)) },
		"size":    func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Size(n)) },
		"density": func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Density(n)) },
		"vat":     func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Percent(n, 2)) },
		"sales":   func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Percent(n, 4)) },
		"date":    func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Date(n)) },
		"clock":   func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Clock(n)) },
		"window":  func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return str(s.Window(n)) },
		"days":    func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return plain(s.Days(n)) },
		"count":   func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return plain(s.Count(n)) },
		"yesno":   func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return plain(s.YesNo(n)) },
		"range": func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) {
			from, to, ok := s.CountRange(n)
			return text(fmt.Sprint(from, "..", to)), ok
		},
		"text": func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return plain(s.Text(n)) },
		"names": func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) {
			nodes, ok := s.Names(n)
			return text(fmt.Sprint(len(nodes))), ok
		},
		"currency": func(s *table.Scope, n *diag.Node) (fmt.Stringer, bool) { return plain(s.CurrencyOf(n)) },
	}
}

type text string

func (t text) String() string { return string(t) }

func str[T fmt.Stringer](v T, ok bool) (fmt.Stringer, bool) { return v, ok }

func plain[T any](v T, ok bool) (fmt.Stringer, bool) { return text(fmt.Sprint(v)), ok }

func TestValues(t *testing.T) {
	t.Parallel()
	tests := []struct{ kind, in, want string }{
		{"money", "49.00", "49.00 SEK"},
		{"money", "49", "49.00 SEK"},
		{"money", "0", "0.00 SEK"},
		{"money", "4.9 EUR", "4.90 EUR"},
		{"money", "4.90EUR", "4.90 EUR"},
		{"money", "'4.90 EUR'", "4.90 EUR"},
		{"money", "500 JPY", "500 JPY"},
		{"money", "0.125 KWD", "0.125 KWD"},
		{"money", "9999999999999.99", "9999999999999.99 SEK"},
		{"moneys", "599.00", "599.00 SEK"},
		{"moneys", "[599.00, 69.00 EUR]", "599.00 SEK, 69.00 EUR"},
		{"weight", "500 g", "500 g"},
		{"weight", "1.5 kg", "1.5 kg"},
		{"weight", "1.5kg", "1.5 kg"},
		{"weight", "1.001 kg", "1.001 kg"},
		{"weight", "1000 g", "1 kg"},
		{"weight", "2 lb", "2 lb"},
		{"weight", "16 oz", "1 lb"},
		{"weight", "8 oz", "226.796185 g"},
		{"weight", "1 oz", "28.349524 g"},
		{"weight", "0 g", "0 g"},
		{"length", "150 cm", "150 cm"},
		{"length", "1.2 m", "120 cm"},
		{"length", "80 mm", "8 cm"},
		{"length", "10 in", "25.4 cm"},
		{"size", "40 x 60 x 40.5 cm", "60 x 40.5 x 40 cm"},
		{"size", "400x600x400 mm", "60 x 40 x 40 cm"},
		{"size", "40 × 60 × 20 cm", "60 x 40 x 20 cm"},
		{"density", "280 kg/m3", "280 kg/m3"},
		{"density", "5000 cm3/kg", "200 kg/m3"},
		{"density", "6000 cm³/kg", "166.667 kg/m3"},
		{"density", "139 in3/lb", "199.136 kg/m3"},
		{"density", "10 lb/ft3", "160.185 kg/m3"},
		{"vat", "25", "25 %"},
		{"vat", "25%", "25 %"},
		{"vat", "25.5 %", "25.5 %"},
		{"vat", "100", "100 %"},
		{"sales", "8.875 %", "8.875 %"},
		{"sales", "0.0001", "0.0001 %"},
		{"date", "2026-01-01", "2026-01-01"},
		{"date", "2024-02-29", "2024-02-29"},
		{"date", "1970-01-01", "1970-01-01"},
		{"clock", "14:00", "14:00"},
		{"clock", "\"14:00\"", "14:00"},
		{"clock", "9:05", "09:05"},
		{"clock", "24:00", "24:00"},
		{"window", "08:00 to 14:00", "08:00 to 14:00"},
		{"window", "00:00 to 24:00", "00:00 to 24:00"},
		{"days", "mon to fri", "62"},
		{"days", "sat to mon", "67"},
		{"days", "[mon, wed]", "10"},
		{"days", "[mon to tue, sun]", "7"},
		{"count", "3", "3"},
		{"range", "3", "3..3"},
		{"range", "1 to 3", "1..3"},
		{"yesno", "yes", "true"},
		{"yesno", "false", "false"},
		{"text", "Hem", "{[] [Hem]}"},
		{"text", "{sv: Hem, en: Home}", "{[sv en] [Hem Home]}"},
		{"names", "[a, b]", "2"},
		{"names", "a", "1"},
		{"currency", "SEK", "SEK"},
	}
	for _, tt := range tests {
		t.Run(tt.kind+" "+tt.in, func(t *testing.T) {
			t.Parallel()
			s := newScope()
			v, ok := parsers()[tt.kind](s, node(t, tt.in, s.Report))
			if !ok || v.String() != tt.want || s.Report.Failed() {
				t.Errorf("got %q, %v, want %q\n%s", v, ok, tt.want, told(s.Report))
			}
		})
	}
}

func TestValueFaults(t *testing.T) {
	t.Parallel()
	tests := []struct{ kind, in, want string }{
		{"weight", "5", "1:4-5 E101 `5` has no unit [write 5 kg or 5 g]"},
		{"weight", "5 kilograms", "1:6-15 E102 `kilograms` is not a unit of weight; did you mean `kg`? [write kg]"},
		{"weight", "5 cm", "1:6-8 E102 `cm` is not a unit of weight [write one of kg, g, lb, oz, mg, t]"},
		{"weight", "1,5 kg", "1:4-10 E108 `1,5 kg` is written with a decimal comma [write 1.5 kg]"},
		{"weight", "1,500 kg", "1:4-12 E112 `1,500 kg` has a comma [write 1500 kg if the comma parts thousands, 1.500 kg if not]"},
		{"weight", "-5 kg", "1:4-9 E104 `-5 kg` is negative; a weight cannot be [write it without the minus]"},
		{"weight", "9999999999999999 kg", "1:4-20 E115 `9999999999999999 kg` is too large [write a smaller number]"},
		{"weight", "99999999999999999999 kg", "1:4-24 E115 `99999999999999999999` is too large, or has too many digits [write a smaller number]"},
		{"weight", "heavy", "1:4-9 E119 `heavy` is not a weight [write it like 5 kg]"},
		{"weight", "[5 kg]", "1:4-10 E005 a list stands where a weight is wanted [write one value, e.g. 1.5 kg]"},
		{"weight", "", "1:3-4 E005 there is no value; a weight is wanted here [write it like 1.5 kg]"},
		{"weight", ".5 kg", "1:4-6 E119 `.5` has no digit on one side of its point [write 0.5]"},
		{"weight", "5. kg", "1:4-6 E119 `5.` has no digit on one side of its point [write 5]"},
		{"weight", "1.2.3 kg", "1:4-9 E119 `1.2.3` is not a number [write it like 49.00 or 49]"},
		{"length", "5 feets", "1:6-11 E102 `feets` is not a unit of length [write one of cm, m, mm, in, ft]"},
		{"size", "60 x 40 cm", "1:4-14 E119 `60 x 40 cm` has 2 sides, not three [write three sides, e.g. 60 x 40 x 40 cm]"},
		{"size", "60 cm x 40 x 40 cm", "1:7-9 E102 `cm` stands in the middle of a size [write the unit once, at the end: 60 x 40 x 40 cm]"},
		{"size", "60 x 40 x 40", "1:14-16 E101 `40` has no unit [write 40 cm or 40 m]"},
		{"size", "60 x 0 x 40 cm", "1:9-10 E104 a side of 0 holds nothing [write how long the side is]"},
		{"density", "280", "1:4-7 E101 `280` has no unit [write it like 280 kg/m3 or 5000 cm3/kg]"},
		{"density", "280 kg", "1:8-10 E102 `kg` is not a unit of density [write it like 280 kg/m3 or 5000 cm3/kg]"},
		{"density", "0 kg/m3", "1:4-5 E104 a density cannot be 0 [write it like 280 kg/m3 or 5000 cm3/kg]"},
		{"money", "79,00", "1:4-9 E108 `79,00` is written with a decimal comma [write 79.00]"},
		{"money", "79,00 NOK", "1:4-13 E108 `79,00 NOK` is written with a decimal comma [write 79.00 NOK]"},
		{"money", "1 000.00", "1:4-12 E112 `1 000.00` has signs between the thousands [write 1000.00]"},
		{"money", "1,000.00", "1:4-12 E112 `1,000.00` has signs between the thousands [write 1000.00]"},
		{"money", "1.000,00", "1:4-12 E112 `1.000,00` has signs between the thousands [write 1000.00]"},
		{"money", "1'000", "1:4-9 E112 `1'000` has signs between the thousands [write 1000]"},
		{"money", "1.000.000", "1:4-13 E112 `1.000.000` has signs between the thousands [write 1000000]"},
		{"money", "49.005", "1:4-10 E103 `49.005` has 3 decimals; SEK has 2 decimals [write 49.00, or 49005 if the point parts thousands]"},
		{"money", "49.00 JPY", "1:4-9 E103 `49.00` has 2 decimals; JPY has none [write 49]"},
		{"money", "-49", "1:4-7 E104 `-49` is negative; an amount of money cannot be [write 49; prices and supplements only add, " +
			"and what shall cost less has a price row of its own]"},
		{"money", "49 kr", "1:7-9 E107 `kr` is not a currency [write a code of three capital letters, e.g. SEK or EUR]"},
		{"money", "49 eur", "1:7-10 E107 `eur` is not a currency [write EUR]"},
		{"money", "49 €", "1:7-8 E107 `€` is not a currency [write EUR]"},
		{"money", "EUR 49", "1:4-10 E119 `EUR 49` has its currency in front of the amount [write 49 EUR]"},
		{"money", "49:-", "1:4-8 E119 `49:-` is written as on a price tag [write 49]"},
		{"money", "'79,00'", "1:5-10 E108 `79,00` is written with a decimal comma [write 79.00]"},
		{"money", "free", "1:4-8 E119 `free` is not an amount of money [write it like 49.00 or 4.90 EUR]"},
		{"money", "x 5", "1:4-7 E119 `x 5` is not an amount of money [write it like 49.00 or 4.90 EUR]"},
		{"moneys", "[599,00, 69.00 EUR]", "1:5-11 E108 `599,00` is written with a decimal comma [write 599.00]"},
		{"moneys", "[599,00, 1,499.00 EUR]", "1:5-11 E108 `599,00` is written with a decimal comma [write 599.00]\n" +
			"1:13-25 E112 `1,499.00` has a comma between its thousands [write 1499.00 EUR; if these are two amounts, put a space behind the comma]"},
		{"moneys", "[1,500]", "1:5-10 E112 `1,500` has a comma [write 1500 if the comma parts thousands, 1.500 if not]"},
		{"moneys", "[129.00, 12,90 EUR]", "1:13-22 E108 `12,90` is written with a decimal comma [write 12.90 EUR]"},
		{"money", "0123", "1:4-8 E119 `0123` begins with a 0 [write 123]"},
		{"money", "00", "1:4-6 E119 `00` begins with a 0 [write 0]"},
		{"money", "00.50 EUR", "1:4-9 E119 `00.50` begins with a 0 [write 0.50]"},
		{"weight", "05 kg", "1:4-6 E119 `05` begins with a 0 [write 5]"},
		{"vat", "06%", "1:4-6 E119 `06` begins with a 0 [write 6]"},
		{"money", "8%", "1:4-6 E119 `8%` is a share, and does not say of what [write 8% of goods]"},
		{"money", "8 % of total", "1:4-16 E119 `8 % of total` is a share, and does not say of what [write 8 % of goods]"},
		{"moneys", "[1.00, 2.00]", "1:11-15 E116 there are two amounts in SEK [keep one of them]"},
		{"moneys", "[]", "1:4-6 E005 there is no amount in the list [write 49.00]"},
		{"vat", "101", "1:4-7 E110 `101` per cent is over 100 [write a number from 0 to 100]"},
		{"vat", "8.875%", "1:4-9 E111 `8.875` has 3 decimals; the tax here can carry 2 [write at most 2 decimals]"},
		{"sales", "8.87512", "1:4-11 E111 `8.87512` has 5 decimals; the tax here can carry 4 [write at most 4 decimals]"},
		{"vat", "25 percent", "1:7-14 E102 `percent` is not a unit of a per cent [write %]"},
		{"vat", "25,5 %", "1:4-10 E108 `25,5 %` is written with a decimal comma [write 25.5 %]"},
		{"date", "2026-02-30", "1:4-14 E105 there is no `2026-02-30`: February 2026 has 28 days [write a day from 01 to 28]"},
		{"date", "2026-13-01", "1:4-14 E105 `2026-13-01` has no month: there is no month 13 [write it as year-month-day, e.g. 2026-01-31]"},
		{"date", "2026-1-5", "1:4-12 E105 `2026-1-5` is not a date as it is written here: year-month-day [write 2026-01-05]"},
		{"date", "31.1.2026", "1:4-13 E105 `31.1.2026` is not a date as it is written here: year-month-day [write 2026-01-31]"},
		{"date", "01/02/2026", "1:4-14 E105 `01/02/2026` is not a date [write it as year-month-day, e.g. 2026-01-31]"},
		{"date", "1926-01-01", "1:4-14 E105 `1926-01-01` is too long ago [write a year from 1970 on]"},
		{"clock", "25:00", "1:4-9 E113 there is no `25:00`: a day has 24 hours of 60 minutes [write a time from 00:00 to 24:00]"},
		{"clock", "14.00", "1:4-9 E113 `14.00` is not a time as it is written here: hours, a colon, minutes [write 14:00]"},
		{"clock", "2 pm", "1:4-8 E113 `2 pm` is not a time as it is written here: hours, a colon, minutes [write 14:00]"},
		{"clock", "12am", "1:4-8 E113 `12am` is not a time as it is written here: hours, a colon, minutes [write 00:00]"},
		{"clock", "1430", "1:4-8 E113 `1430` is not a time as it is written here: hours, a colon, minutes [write 14:30]"},
		{"clock", "14:00:00", "1:4-12 E113 `14:00:00` is not a time as it is written here: hours, a colon, minutes [write 14:00]"},
		{"clock", "13pm", "1:4-8 E113 `13pm` is not a time [write it as hours:minutes, e.g. 08:00 or 14:30]"},
		{"clock", "noon", "1:4-8 E113 `noon` is not a time [write it as hours:minutes, e.g. 08:00 or 14:30]"},
		{"window", "08:00-14:00", "1:4-15 E114 `08:00-14:00` is written with a dash [write 08:00 to 14:00]"},
		{"window", "08:00 to 08:00", "1:4-18 E114 `08:00 to 08:00` begins when it ends [write e.g. 08:00 to 14:00; the whole day is 00:00 to 24:00]"},
		{"window", "08:00 to 25:00", "1:13-18 E113 there is no `25:00`: a day has 24 hours of 60 minutes [write a time from 00:00 to 24:00]"},
		{"days", "mon-fri", "1:4-11 E114 `mon-fri` is written with a dash [write mon to fri]"},
		{"days", "Monday", "1:4-10 E113 `Monday` is not a day as it is written here [write mon]"},
		{"days", "[mon, mon]", "1:10-13 E116 `mon` stands twice [keep one of them]"},
		{"days", "mån", "1:4-7 E113 `mån` is not a day of the week [write mon, tue, wed, thu, fri, sat or sun]"},
		{"count", "3.5", "1:4-7 E119 `3.5` is not a whole number [write it without decimals]"},
		{"count", "-3", "1:4-6 E104 `-3` is negative; a whole number cannot be [write it without the minus]"},
		{"count", "3 pieces", "1:4-12 E119 `3 pieces` is not a whole number [write 3]"},
		{"range", "1-3", "1:4-7 E114 `1-3` is written with a dash [write 1 to 3]"},
		{"range", "3 to 1", "1:4-10 E114 `3 to 1` is written from the larger to the smaller [write 1 to 3]"},
		{"yesno", "maybe", "1:4-9 E117 `maybe` is neither yes nor no [possible here: yes, no]"},
		{"text", "{sv: Hem, se: Hem}", "1:14-16 E109 `se` is not a language of this file [the file's `languages` are sv, nb, en; add it there if it is meant]"},
		{"text", "{SV: Hem}", "1:5-7 E109 `SV` is not a language of this file [write sv]"},
		{"names", "[a, a]", "1:8-9 E116 `a` stands twice [keep one of them]"},
		{"names", "[]", "1:4-6 E005 there is no name in the list [write e.g. [a, b]]"},
		{"money", "5 $", "1:6-7 E107 `$` is not a currency [write USD]"},
		{"money", "5 £", "1:6-7 E107 `£` is not a currency [write GBP]"},
		{"money", "5 zł", "1:6-8 E107 `zł` is not a currency [write PLN]"},
		{"money", "5 Kč", "1:6-8 E107 `Kč` is not a currency [write CZK]"},
		{"money", "$5", "1:4-6 E119 `$5` has its currency in front of the amount [write 5 USD]"},
		{"money", "€ 49.00", "1:4-11 E119 `€ 49.00` has its currency in front of the amount [write 49.00 EUR]"},
		{"money", "kr 49", "1:4-9 E119 `kr 49` is not an amount of money [write it like 49.00 or 4.90 EUR]"},
		{"length", "5 millimeters", "1:6-17 E102 `millimeters` is not a unit of length; did you mean `mm`? [write mm]"},
		{"length", "5 inches", "1:6-12 E102 `inches` is not a unit of length; did you mean `in`? [write in]"},
		{"length", "5 feet", "1:6-10 E102 `feet` is not a unit of length; did you mean `ft`? [write ft]"},
		{"length", "5 metres", "1:6-12 E102 `metres` is not a unit of length; did you mean `m`? [write m]"},
		{"length", "5'", "1:5-6 E102 `'` is not a unit of length; did you mean `ft`? [write ft]"},
		{"date", "30.02.2026", "1:4-14 E105 `30.02.2026` is not a date [write it as year-month-day, e.g. 2026-01-31]"},
		{"date", "2026/13/01", "1:4-14 E105 `2026/13/01` is not a date [write it as year-month-day, e.g. 2026-01-31]"},
		{"date", "2026-0a-01", "1:4-14 E105 `2026-0a-01` is not a date [write it as year-month-day, e.g. 2026-01-31]"},
		{"date", "{a: b}", "1:4-10 E005 a map stands where a date is wanted [write one value, e.g. 2026-01-31]"},
		{"clock", "{a: b}", "1:4-10 E005 a map stands where a time is wanted [write one value, e.g. 14:00]"},
		{"window", "[a]", "1:4-7 E005 a list stands where a time of the day is wanted [write one value, e.g. 08:00 to 14:00]"},
		{"days", "[]", "1:4-6 E005 there is no day in the list [write e.g. mon to fri]"},
		{"days", "{a: b}", "1:4-10 E005 a map stands where a day of the week is wanted [write one value, e.g. mon to fri]"},
		{"yesno", "{a: b}", "1:4-10 E005 a map stands where yes or no is wanted [write one value, e.g. yes]"},
		{"size", "[a]", "1:4-7 E005 a list stands where a size is wanted [write one value, e.g. 60 x 40 x 40 cm]"},
		{"size", "60 x 40 x 4a cm", "1:15-19 E102 `a cm` is not a unit of size [write one of cm, m, mm, in, ft]"},
		{"density", "[a]", "1:4-7 E005 a list stands where a density is wanted [write one value, e.g. 280 kg/m3 or 5000 cm3/kg]"},
		{"vat", "[a]", "1:4-7 E005 a list stands where a per cent is wanted [write one value, e.g. 25% or 25.5 %]"},
		{"currency", "[a]", "1:4-7 E005 a list stands where a currency is wanted [write one value, e.g. SEK]"},
		{"text", "{}", "1:4-6 E005 there is no text in the map [write e.g. {sv: Hem, en: Home}]"},
		{"length", "[a]", "1:4-7 E005 a list stands where a length is wanted [write one value, e.g. 150 cm]"},
		{"currency", "kr", "1:4-6 E107 `kr` is not a currency [write a code of three capital letters, e.g. SEK or EUR]"},
	}
	for _, tt := range tests {
		t.Run(tt.kind+" "+tt.in, func(t *testing.T) {
			t.Parallel()
			s := newScope()
			v, ok := parsers()[tt.kind](s, node(t, tt.in, s.Report))
			if ok {
				t.Errorf("got %q without a fault", v)
			}
			if got := told(s.Report); got != tt.want {
				t.Errorf("told\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
