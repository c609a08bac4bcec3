// Package starter writes the first files of a new shop: a small rulebook with tests, and the configuration of a service.
//
// Its one rule: what it writes works at once, or nothing is written. Nothing that exists is touched.
package starter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Words for how tax is handled.
const (
	VATDestination = "destination" // the rates of the buyer's country, in the EU: One-Stop Shop
	VATHome        = "home"        // the shop's own rates, below the EU's limit
	IncludeTax     = "include tax"
	ExcludeTax     = "exclude tax"
)

// Answers are what a new rulebook is made of. Complete gives what is missing its default.
type Answers struct {
	Country   string   // where the shop is, such as SE
	Currency  string   // of all prices
	Languages []string // of the texts; the first is used where one is missing
	ShipTo    []string // countries, and EU for its members; the home country is put first
	Prices    string   // IncludeTax or ExcludeTax, of freight
	Options   []string // such as "Parcel, up to 20 kg 4.90, free from 49.00, to SE"
	VAT       string   // VATDestination or VATHome, for sales within the EU
	Collect   []string // states of the USA in which sales tax is collected, such as "US-CA 7.25% none"
}

// File is one file to be written.
type File struct {
	Name   string // from the folder, with /
	Text   string
	Secret bool // only the owner may read it
}

// Home completes what belongs to the home country and tells one that is not known here.
func (a *Answers) Home() error {
	a.Country = strings.ToUpper(strings.TrimSpace(a.Country))
	c, ok := countryOf(a.Country)
	if !ok {
		return fmt.Errorf("country %q: want one of %s", a.Country, strings.Join(Countries(), ", "))
	}
	if a.Currency = strings.ToUpper(strings.TrimSpace(a.Currency)); a.Currency == "" {
		a.Currency = c.currency
	}
	if _, ok := order.CurrencyExponent(a.Currency); !ok {
		return fmt.Errorf("currency %q: want three capital letters such as %s", a.Currency, c.currency)
	}
	if len(a.Languages) == 0 {
		a.Languages = strings.Fields(c.languages + " en")
	}
	if a.Prices == "" {
		a.Prices = IncludeTax
		if c.code == usa {
			a.Prices = ExcludeTax
		}
	}
	if a.VAT == "" {
		a.VAT = VATDestination
	}
	return nil
}

// Complete gives what is missing its default, and tells the first answer that cannot be used.
func (a *Answers) Complete() error {
	if err := a.Home(); err != nil {
		return err
	}
	a.Languages = distinct(a.Languages, strings.ToLower)
	if err := checkLanguages(a.Languages); err != nil {
		return err
	}
	if a.Prices != IncludeTax && a.Prices != ExcludeTax {
		return fmt.Errorf("prices %q: want %s or %s", a.Prices, IncludeTax, ExcludeTax)
	}
	if a.VAT != VATDestination && a.VAT != VATHome {
		return fmt.Errorf("vat %q: want %s or %s", a.VAT, VATDestination, VATHome)
	}
	a.ShipTo = distinct(append([]string{a.Country}, a.ShipTo...), strings.ToUpper)
	for _, to := range a.ShipTo {
		if _, ok := countryOf(to); !ok && to != union {
			return fmt.Errorf("ship to %q: want EU or one of %s; others can be added to shipping.yaml later", to, strings.Join(Countries(), ", "))
		}
	}
	a.ShipTo = slices.DeleteFunc(a.ShipTo, func(to string) bool {
		c, ok := countryOf(to)
		return ok && c.eu && to != a.Country && slices.Contains(a.ShipTo, union)
	})
	if len(a.Options) == 0 {
		a.Options = a.DefaultOptions()
	}
	return nil
}

// checkLanguages tells what is no code of a language.
func checkLanguages(langs []string) error {
	for _, l := range langs {
		if len(l) < 2 || len(l) > 3 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz") != "" {
			return fmt.Errorf("language %q: want two letters such as sv, en", l)
		}
	}
	return nil
}

// distinct drops what stands twice, and what is empty, in one case of letters.
func distinct(all []string, letters func(string) string) []string {
	var out []string
	for _, s := range all {
		if s = letters(strings.TrimSpace(s)); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// DefaultOptions is what a shop offers that has said nothing, in the form of Answers.Options. The country, currency and
// languages must be known.
func (a *Answers) DefaultOptions() []string {
	name := textOf(parcelName, a.Languages[0])
	home, abroad, free := defaultPrices(a.Currency)
	limit := "20 kg"
	if a.Country == usa {
		limit = "50 lb"
	}
	if len(a.ShipTo) < 2 {
		return []string{fmt.Sprintf("%s, up to %s %s, free from %s", name, limit, home, free)}
	}
	return []string{
		fmt.Sprintf("%s, up to %s %s, free from %s, to %s", name, limit, home, free, a.Country),
		fmt.Sprintf("%s, up to %s %s, to %s", textOf(abroadName, a.Languages[0]), limit, abroad, strings.Join(a.ShipTo[1:], " ")),
	}
}

// CheckOption tells what is wrong with one option; the country and the currency must be known.
func (a *Answers) CheckOption(text string) error {
	_, err := a.option(text)
	return err
}

// Rulebook returns the files of a rulebook: shipping.yaml, tax.yaml and a test file that uses each row of them. data is the
// table of VAT rates that comes with the program, today the day that the tests ask for. Answers are completed first.
func Rulebook(a Answers, data []byte, today time.Time) ([]File, error) {
	if err := a.Complete(); err != nil {
		return nil, err
	}
	b := &book{Answers: a, today: today, rates: diag.Parse(vatRates, data, new(diag.Report))}
	for i, text := range a.Options {
		o, err := a.option(text)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(b.options, func(other option) bool { return other.id == o.id }) {
			return nil, fmt.Errorf("option %d, %q: there is another one with the id %s; give it another name", i+1, text, o.id)
		}
		b.options = append(b.options, o)
	}
	if err := b.states(); err != nil {
		return nil, err
	}
	for _, to := range b.ShipTo {
		if !slices.ContainsFunc(b.options, func(o option) bool { return o.goes(to) }) {
			return nil, fmt.Errorf("no option goes to %s: name it behind `to` of one, or leave it out", to)
		}
	}
	tests, err := b.testFile()
	if err != nil {
		return nil, err
	}
	return []File{{Name: "shipping.yaml", Text: b.shippingFile()}, {Name: "tax.yaml", Text: b.taxFile()}, {Name: "shop.test.yaml", Text: tests}}, nil
}

// book is a rulebook that is being written.
type book struct {
	Answers
	options []option
	collect []state
	today   time.Time
	rates   *diag.Node
}

// amount writes an amount of the file's currency.
func (a *Answers) amount(v order.Amount) string {
	text := table.Money{Amount: v, Currency: table.Currency(a.Currency)}.String()
	return strings.TrimSuffix(text, " "+a.Currency)
}
