package importer

// book is what is written: the parts of shipping.yaml and tax.yaml.
type book struct {
	zones       []zone
	zoneByAreas map[string]string
	zoneNames   map[string]int
	countries   []string // of the source, in its order

	top     []string // further lines of shipping.yaml
	classes []class
	options []option
	tax     *taxes // nil: the source says nothing about taxes
	ids     map[string]bool
}

// class is a class of goods, known by a tag.
type class struct{ name, tag string }

// option is one of shipping.yaml.
type option struct {
	id, name string
	remark   string   // above it
	method   string   // of the checkout; "": none
	to       []string // zones; empty: everywhere
	lines    []string // further keys as they are written, e.g. `when: {max_weight: 5 kg}`
	price    string   // as written after `price: `; "": see list
	list     *priceList
}

// priceList is a table of prices, with a head.
type priceList struct {
	head []string
	rows [][]string
}
