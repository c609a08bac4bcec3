package table

import (
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// Currency is an upper-case ISO 4217 code. Its exponent (minor digits) is known to this package: 2 for most, 0 for JPY, ISK, 3 for KWD.
type Currency string

// Money is an amount in a currency.
type Money struct {
	Amount   order.Amount
	Currency Currency
}

// MoneyList is one amount per currency at most.
type MoneyList []Money

// In returns the amount in a currency.
func (l MoneyList) In(c Currency) (order.Amount, bool) {
	for _, m := range l {
		if m.Currency == c {
			return m.Amount, true
		}
	}
	return 0, false
}

// Weight in micrograms, so that pounds and ounces are exact (1 lb = 453 592 370 µg).
type Weight int64

// Length in micrometres.
type Length int64

// Size is three sides, longest first.
type Size [3]Length

// Density says how many micrograms a cubic metre counts for, or the same as volume per weight.
type Density struct{ MicrogramsPerCubicMetre int64 }

// Percent in 1/10 000 %: 25 % is 250 000. VAT has at most two decimals, sales tax four.
type Percent int64

// Date counts days since 1970-01-01.
type Date int32

// Clock is minutes since midnight, 0 to 1440.
type Clock int16

// DateOf returns the day and the minute of t in its location.
func DateOf(t time.Time) (Date, Clock, time.Weekday) { return 0, 0, 0 }

// Dated is a value by date: X from that day until the next. A value without dates holds always.
type Dated[T any] struct {
	From   []Date // ascending; empty with one Value: always
	Values []T
	Places []diag.Place
}

// At returns the value of a day; ok is false before the first date.
func (d *Dated[T]) At(day Date) (v T, ok bool) { return v, false }

// Text is a text by language.
type Text struct {
	Langs, Texts []string // same length; a text without languages has one entry with language ""
}

// In returns the text in lang, else in the first of fallback that is there, else the first.
func (t Text) In(lang string, fallback []string) string { return "" }

// Scope is what the values of a file refer to.
type Scope struct {
	Currency  Currency
	Location  *time.Location
	Languages []string
	Report    *diag.Report
	Zones     *Zones   // for to, not_to, table heads
	Classes   *Classes // for class, only_class, no_class
}

// The parsers below tell faults (E101…E119) at n and return ok false; each accepts exactly what rule-format 5.2 shows.

// Money parses "49.00", "49", "4.90 EUR".
func (s *Scope) Money(n *diag.Node) (Money, bool) { return Money{}, false }

// MoneyText parses the text of a table cell at a place.
func (s *Scope) MoneyText(text string, def Currency, at diag.Place) (Money, bool) {
	return Money{}, false
}

// MoneyList parses one money or a list of them; the same currency twice is an error.
func (s *Scope) MoneyList(n *diag.Node) (MoneyList, bool) { return nil, false }

// DatedMoneyList parses a MoneyList or a map from dates to them.
func (s *Scope) DatedMoneyList(n *diag.Node) (Dated[MoneyList], bool) {
	return Dated[MoneyList]{}, false
}

// Weight parses "500 g", "1.5 kg", "2 lb", "8 oz".
func (s *Scope) Weight(n *diag.Node) (Weight, bool) { return 0, false }

// Length parses "150 cm", "1.2 m", "80 mm".
func (s *Scope) Length(n *diag.Node) (Length, bool) { return 0, false }

// Size parses "60 x 40 x 40 cm".
func (s *Scope) Size(n *diag.Node) (Size, bool) { return Size{}, false }

// Density parses "280 kg/m3" and "5000 cm3/kg".
func (s *Scope) Density(n *diag.Node) (Density, bool) { return Density{}, false }

// Percent parses "25", "25%", "25.5 %" with at most decimals decimals and at most 100 %.
func (s *Scope) Percent(n *diag.Node, decimals int) (Percent, bool) { return 0, false }

// Date parses 2026-01-01.
func (s *Scope) Date(n *diag.Node) (Date, bool) { return 0, false }

// Clock parses "14:00".
func (s *Scope) Clock(n *diag.Node) (Clock, bool) { return 0, false }

// Days parses "mon to fri", "mon" or a list; bit i is time.Weekday(i).
func (s *Scope) Days(n *diag.Node) (days uint8, ok bool) { return 0, false }

// Count parses "3".
func (s *Scope) Count(n *diag.Node) (int64, bool) { return 0, false }

// CountRange parses "3" or "1 to 3".
func (s *Scope) CountRange(n *diag.Node) (from, to int64, ok bool) { return 0, 0, false }

// YesNo parses yes, no, true, false.
func (s *Scope) YesNo(n *diag.Node) (bool, bool) { return false, false }

// Text parses a text or a map from languages to texts.
func (s *Scope) Text(n *diag.Node) (Text, bool) { return Text{}, false }

// Names parses a name or a list of names, with their nodes.
func (s *Scope) Names(n *diag.Node) ([]*diag.Node, bool) { return nil, false }

// Calendar is a set of closed days.
type Calendar struct{}

// Closed reports whether a day is closed.
func (c *Calendar) Closed(d Date) bool { return false }

// Calendars compiles the map under calendars (may be nil): name → {closed: [dates]}.
func (s *Scope) Calendars(n *diag.Node) map[string]*Calendar { return nil }
