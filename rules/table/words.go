package table

// Word is a condition word of rule-format 5.4.
type Word uint8

// The condition words.
const (
	WordTo Word = iota
	WordNotTo
	WordMinTotal
	WordMaxTotal
	WordMinWeight
	WordMaxWeight
	WordMinItems
	WordMaxItems
	WordMaxItemWeight
	WordMaxItemLength
	WordMaxItemGirth
	WordMaxItemSize
	WordClass
	WordOnlyClass
	WordNoClass
	WordCustomer
	WordGroup
	WordCoupon
	WordTag
	WordCurrency
	WordLanguage
	WordFrom
	WordUntil
	WordDays
	WordTime
	WordMethod
	WordMinTaxable
	wordCount
)

// Words is a set of condition words.
type Words uint64

// FeeWords are the words that only fees of a tax file may use; all others may stand wherever there are conditions.
const FeeWords Words = 1<<WordMethod | 1<<WordMinTaxable

// String returns the word as it is written, e.g. "max_weight".
func (w Word) String() string {
	if w >= wordCount {
		return ""
	}
	return [...]string{
		"to", "not_to", "min_total", "max_total", "min_weight", "max_weight", "min_items", "max_items",
		"max_item_weight", "max_item_length", "max_item_girth", "max_item_size", "class", "only_class", "no_class",
		"customer", "group", "coupon", "tag", "currency", "language", "from", "until", "days", "time",
		"method", "min_taxable",
	}[w]
}

// Word returns the condition word with a name, if it may stand in this file.
func (s *Scope) Word(name string) (Word, bool) {
	for w := range wordCount {
		if w.String() == name && s.allows(w) {
			return w, true
		}
	}
	return 0, false
}

// WordNames returns the names of all condition words that may stand in this file, in the order of rule-format 5.4.
func (s *Scope) WordNames() []string {
	names := make([]string, 0, wordCount)
	for w := range wordCount {
		if s.allows(w) {
			names = append(names, w.String())
		}
	}
	return names
}

func (s *Scope) allows(w Word) bool { return FeeWords>>w&1 == 0 || s.Extra>>w&1 == 1 }

// shippingMethods are the KCO shipping methods, as they are written.
func shippingMethods() []string {
	return []string{"PickUpStore", "Home", "BoxReg", "BoxUnreg", "PickUpPoint", "Own", "Postal", "DHLPackstation", "Digital"}
}

// Methods lists the shipping methods of the checkout, as they are written.
func Methods() []string { return shippingMethods() }
