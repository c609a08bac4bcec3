package starter

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// OptionForm is how an option is written in an answer.
const OptionForm = `NAME, PRICE or NAME, up to WEIGHT PRICE, …; then: free from TOTAL, to COUNTRIES`

// option is one shipping option.
type option struct {
	id, name string
	tiers    []tier
	free     order.Amount // 0: never
	to       []string     // countries and EU
}

// tier is a price up to a weight.
type tier struct {
	limit  string // as it was written; "": no limit
	weight table.Weight
	price  order.Amount
}

// goes reports whether the option is offered to a country or to EU.
func (o *option) goes(to string) bool { return slices.Contains(o.to, to) }

// option reads "Parcel, up to 5 kg 4.90, up to 20 kg 9.90, free from 49.00, to SE NO".
func (a *Answers) option(text string) (option, error) {
	parts := strings.Split(text, ",")
	o := option{name: strings.TrimSpace(parts[0]), to: a.ShipTo}
	if o.id = idOf(o.name); o.id == "" || len(o.name) > 100 {
		return o, fmt.Errorf("option %q: want %s", text, OptionForm)
	}
	if strings.ContainsAny(o.name, "\"\\\n\r\t{}") {
		return o, fmt.Errorf("option %q: the name has signs that a name here cannot have", text)
	}
	for _, part := range parts[1:] {
		if err := a.part(&o, strings.Join(strings.Fields(part), " ")); err != nil {
			return o, fmt.Errorf("option %q: %w", text, err)
		}
	}
	if len(o.tiers) == 0 {
		return o, fmt.Errorf("option %q: there is no price; want %s", text, OptionForm)
	}
	return o, nil
}

// part reads what stands between two commas.
func (a *Answers) part(o *option, text string) error {
	if rest, ok := strings.CutPrefix(text, "free from "); ok {
		total, err := a.money(rest)
		if err == nil && total <= 0 {
			err = errors.New("free from: want an amount above 0")
		}
		o.free = total
		return err
	}
	if rest, ok := strings.CutPrefix(text, "to "); ok {
		o.to = nil
		for _, to := range strings.Fields(strings.ToUpper(rest)) {
			if !slices.Contains(a.ShipTo, to) {
				return fmt.Errorf("%s is not among the countries that the shop sends to: %s", to, strings.Join(a.ShipTo, ", "))
			}
			o.to = append(o.to, to)
		}
		return nil
	}
	return a.tier(o, strings.TrimPrefix(text, "up to "))
}

// tier reads "4.90" or "20 kg 4.90".
func (a *Answers) tier(o *option, text string) error {
	var t tier
	words := strings.Fields(text)
	if len(words) > 2 || len(words) == 2 && !isCurrency(words[1]) {
		n := 2
		if w, err := weightOf(words[0]); err == nil && w > 0 { // 20kg
			n = 1
		}
		t.limit = strings.Join(words[:n], " ")
		var err error
		if t.weight, err = weightOf(t.limit); err != nil {
			return err
		}
		words = words[n:]
	}
	if len(o.tiers) > 0 {
		last := o.tiers[len(o.tiers)-1]
		if last.limit == "" {
			return fmt.Errorf("%q stands behind a price for any weight, so nobody would pay it; decimals are written with a point", text)
		}
		if t.limit != "" && t.weight <= last.weight {
			return fmt.Errorf("%q: weights grow, and %s is not above %s", text, t.limit, last.limit)
		}
	}
	price, err := a.money(strings.Join(words, " "))
	t.price = price
	o.tiers = append(o.tiers, t)
	return err
}

// isCurrency reports whether a word is the code of a currency.
func isCurrency(word string) bool {
	_, ok := order.CurrencyExponent(word)
	return ok
}

// money reads an amount in the currency of the file.
func (a *Answers) money(text string) (order.Amount, error) {
	r := new(diag.Report)
	s := &table.Scope{Report: r, Currency: table.Currency(a.Currency)}
	m, ok := s.MoneyText(text, s.Currency, diag.Place{})
	switch {
	case !ok:
		return 0, fmt.Errorf("%q: want an amount such as 49.00%s", text, because(r))
	case string(m.Currency) != a.Currency:
		return 0, fmt.Errorf("%q: want an amount in %s; other currencies can be added to shipping.yaml later", text, a.Currency)
	case m.Amount > 1_000_000_00:
		return 0, fmt.Errorf("%q: that is too much for a start", text)
	}
	return m.Amount, nil
}

// weightOf reads a weight above 0. Pounds and ounces have two decimals at most.
func weightOf(text string) (table.Weight, error) {
	r := new(diag.Report)
	s := &table.Scope{Report: r}
	w, ok := s.Weight(&diag.Node{Kind: diag.Scalar, Text: text})
	if !ok || w <= 0 || w > table.Weight(100_000_000_000_000) {
		return 0, fmt.Errorf("%q: want a weight such as 20 kg%s", text, because(r))
	}
	return w, nil
}

// because is the first finding, in brackets.
func because(r *diag.Report) string {
	if all := r.Findings(); len(all) > 0 {
		return " (" + all[0].Message + ")"
	}
	return ""
}

// above is a weight just over the limit, in its unit.
func (t *tier) above() string {
	const gram = 1_000_000
	number, unit, _ := strings.Cut(t.limit, " ")
	step := map[string]int64{"lb": 1, "oz": 10}[unit] // hundredths
	whole, part, _ := strings.Cut(number, ".")
	hundredths, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if step == 0 || err != nil || len(part) > 2 {
		return ((t.weight/gram + 1) * gram).String()
	}
	return fmt.Sprintf("%d.%02d %s", (hundredths+step)/100, (hundredths+step)%100, unit)
}

// idOf makes an id of a name: small letters, digits and -.
func idOf(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(name) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case plain(c) != "":
			b.WriteString(plain(c))
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// plain writes a letter without its mark.
func plain(c rune) string {
	const marked, letters = "åäàáâãæçčďéèêëěíîïłñňóòôöõøřšśßťúùûüůýžźż", "aaaaaaaccdeeeeeiiilnnoooooorssstuuuuuyzzz"
	i := 0
	for _, m := range marked {
		if m == c {
			return letters[i : i+1]
		}
		i++
	}
	return ""
}
