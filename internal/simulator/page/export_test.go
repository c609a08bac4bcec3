package page

// What tests look at from outside.
var (
	Money   = money
	Price   = price
	Percent = percent
	Took    = took
	Pretty  = func(raw []byte, urls ...string) (html string, cut bool) {
		b := pretty(raw, newMask(urls...))
		return string(b.HTML), b.Cut
	}
	Mask      = func(text string, urls ...string) string { return newMask(urls...).text(text) }
	Countries = countries
	Samples   = samples
	TaxInside = taxInside
	Faults    = faults
	Themes    = themes
)

// IndentedBy is indented with the secrets of URLs hidden.
func IndentedBy(raw []byte, urls ...string) (string, bool) { return indented(raw, newMask(urls...)) }

// File is a file that is compiled in.
func File(name string) ([]byte, error) { return files.ReadFile(name) }

// SumsOf are the parts of a cart, and its total.
func SumsOf(raw []byte) (goods, discounts, freight, fees, salesTax, credit, total int64, ok bool) {
	p, ok := readPriced(raw)
	s := sumsOf(&p)
	return int64(s.goods), int64(s.discounts), int64(s.freight), int64(s.fees), int64(s.salesTax), int64(s.credit), int64(p.Amount), ok
}
