package table

import (
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// Currency is an upper-case ISO 4217 code. Its exponent (minor digits) is known: 2 for most, 0 for JPY, ISK, 3 for KWD.
type Currency string

// Money is an amount in a currency.
type Money struct {
	Amount   order.Amount
	Currency Currency
}

// String writes the amount in major units with all decimals of its currency: "49.00 SEK", "500 JPY".
func (m Money) String() string {
	exp, _ := order.CurrencyExponent(string(m.Currency))
	return strings.TrimSpace(fixed(int64(m.Amount), exp, exp) + " " + string(m.Currency))
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

// String writes the amounts with commas between them.
func (l MoneyList) String() string {
	parts := make([]string, len(l))
	for i, m := range l {
		parts[i] = m.String()
	}
	return strings.Join(parts, ", ")
}

// Money parses "49.00", "49", "4.90 EUR".
func (s *Scope) Money(n *diag.Node) (Money, bool) {
	w, ok := s.scalar(n, moneyKind, s.moneyExample())
	if !ok {
		return Money{}, false
	}
	return s.money(w, s.Currency)
}

// MoneyText parses the text of a table cell at a place; def is the currency of its column.
func (s *Scope) MoneyText(text string, def Currency, at diag.Place) (Money, bool) {
	return s.money(rawText(text, at), def)
}

// moneyKind is what a finding calls money.
const moneyKind = "an amount of money"

func (s *Scope) moneyExample() string {
	exp, known := order.CurrencyExponent(string(s.Currency))
	if !known {
		exp = 2
	}
	return fixed(49*pow10(exp), exp, exp)
}

func (s *Scope) money(w raw, def Currency) (Money, bool) {
	if !s.moneyShape(w) {
		return Money{}, false
	}
	q, ok := s.quantity(w, moneyKind, s.moneyExample()+" or 4.90 EUR")
	if !ok {
		return Money{}, false
	}
	if strings.HasPrefix(q.unit.text, "%") {
		s.tell("E119", w, "write "+w.text[:strings.IndexByte(w.text, '%')+1]+" of goods",
			"`%s` is a share, and does not say of what", w.text)
		return Money{}, false
	}
	code, ok := s.currency(q, def)
	if !ok {
		return Money{}, false
	}
	exp, _ := order.CurrencyExponent(string(code))
	if q.num.scale > exp {
		s.tooFine(q, code, exp)
		return Money{}, false
	}
	n, ok := q.num.times(pow10(exp))
	if !ok {
		s.tell("E115", q.text, "write a smaller amount", "`%s` is too large", q.text.text)
	}
	return Money{Amount: order.Amount(n), Currency: code}, ok
}

// moneyShape tells spellings from the shop window: a currency in front, "49:-" and "49,-".
func (s *Scope) moneyShape(w raw) bool {
	for _, tail := range [...]string{":-", ",-", ".-"} {
		if num, found := strings.CutSuffix(w.text, tail); found {
			s.tellFix("E119", w, num, "`%s` is written as on a price tag", w.text)
			return false
		}
	}
	at := strings.IndexAny(w.text, "0123456789")
	if at <= 0 {
		return true
	}
	front := strings.Trim(w.text[:at], blanks)
	if front == "-" || front == "\u2212" || front == "." || front == "," {
		return true
	}
	code := meantCurrency(front)
	if code == "" {
		s.tell("E119", w, "write it like "+s.moneyExample()+" or 4.90 EUR", "`%s` is not an amount of money", w.text)
		return false
	}
	s.tellFix("E119", w, w.text[at:]+" "+code, "`%s` has its currency in front of the amount", w.text)
	return false
}

// currency reads the code behind an amount.
func (s *Scope) currency(q quantity, def Currency) (Currency, bool) {
	code := q.unit.text
	if code == "" {
		if _, known := order.CurrencyExponent(string(def)); known {
			return def, true
		}
		s.tell("E101", q.text, "write it with its currency, e.g. "+q.text.text+" NOK", "`%s` has no currency", q.text.text)
		return "", false
	}
	return s.currencyCode(q.unit)
}

// CurrencyOf parses a currency code: three capital letters of ISO 4217.
func (s *Scope) CurrencyOf(n *diag.Node) (Currency, bool) {
	w, ok := s.scalar(n, "a currency", "SEK")
	if !ok {
		return "", false
	}
	return s.currencyCode(w)
}

// CurrencyText parses the currency code in the head of a column.
func (s *Scope) CurrencyText(text string, at diag.Place) (Currency, bool) {
	return s.currencyCode(rawText(text, at))
}

func (s *Scope) currencyCode(w raw) (Currency, bool) {
	if _, known := order.CurrencyExponent(w.text); known && w.text == strings.ToUpper(w.text) {
		return Currency(w.text), true
	}
	if code := meantCurrency(w.text); code != "" {
		s.tellFix("E107", w, code, "`%s` is not a currency", w.text)
		return "", false
	}
	s.tell("E107", w, "write a code of three capital letters, e.g. SEK or EUR", "`%s` is not a currency", w.text)
	return "", false
}

// meantCurrency guesses the code behind a sign, a small-letter code or a word of the trade.
func meantCurrency(text string) string {
	up := strings.ToUpper(text)
	if _, known := order.CurrencyExponent(up); known {
		return up
	}
	switch strings.ToLower(strings.TrimSuffix(text, ".")) {
	case "€", "euro", "euros":
		return "EUR"
	case "$", "us$", "dollar", "dollars":
		return "USD"
	case "£", "pound", "pounds":
		return "GBP"
	case "zł", "zl":
		return "PLN"
	case "kč", "kc":
		return "CZK"
	}
	return ""
}

func (s *Scope) tooFine(q quantity, code Currency, exp int) {
	has, right := "has none", q.text.text[:len(q.text.text)-q.num.scale-1]
	if exp > 0 {
		has, right = "has "+plural(int64(exp), "decimal"), right+q.text.text[len(right):len(right)+1+exp]
	}
	f := s.tellFix("E103", q.text, right, "`%s` has %s; %s %s", q.text.text, plural(int64(q.num.scale), "decimal"), code, has)
	if whole, frac, _ := strings.Cut(q.text.text, "."); len(frac) == 3 && exp < 3 {
		f.Help += ", or " + whole + frac + " if the point parts thousands"
	}
}

// MoneyList parses one money or a list of them; the same currency twice is an error.
func (s *Scope) MoneyList(n *diag.Node) (MoneyList, bool) {
	if n.Kind != diag.List {
		m, ok := s.Money(n)
		return MoneyList{m}, ok
	}
	if len(n.Items) == 0 {
		s.tell(diag.CodeShape, nodeRaw(n), "write "+s.moneyExample(), "there is no amount in the list")
		return nil, false
	}
	list, good := make(MoneyList, 0, len(n.Items)), true
	for i, item := range n.Items {
		if i > 0 && s.splitByComma(n.Items[i-1], item) {
			good = false
			continue
		}
		m, ok := s.Money(item)
		if good = good && ok; !ok {
			continue
		}
		if _, twice := list.In(m.Currency); twice {
			s.tell("E116", nodeRaw(item), "keep one of them", "there are two amounts in %s", m.Currency)
			good = false
		}
		list = append(list, m)
	}
	return list, good
}

// splitByComma tells a comma within a number, which YAML has read as the end of an entry: [599,00].
func (s *Scope) splitByComma(before, after *diag.Node) bool {
	f := diag.TellListComma(before, after, s.Report)
	if f != nil && f.Code == diag.CodeDecimalComma {
		f.Fix = before.Text + "." + after.Text
	}
	return f != nil
}

// DatedMoneyList parses a MoneyList or a map from dates to them.
func (s *Scope) DatedMoneyList(n *diag.Node) (Dated[MoneyList], bool) {
	return DatedOf(s, n, s.MoneyList)
}
