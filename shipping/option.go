package shipping

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// option is a compiled entry of options.
type option struct {
	id                       string
	at                       diag.Place
	name, description, promo text
	method, tms, taxClass    string
	taxAt                    diag.Place
	details                  *order.DeliveryDetails // carrier, class, product; nil: none of them
	off                      bool
	offAt                    diag.Place
	gates                    []table.Condition // from and until, to, not_to
	when, unless             table.Conditions
	price                    table.Dated[*priceList]
	priceAt                  diag.Place
	per                      per
	combine                  combine
	surcharges               []surcharge
	minPrice, maxPrice       *bound
	free                     *freeFrom
	round                    *rounding
	promise                  *promise
	pickup                   *pickup
	group                    int // of one_of, from 1; 0: none
	groupAt                  diag.Place
	hides                    []int // options by index
	hidesAt                  diag.Place
	cart                     int    // index into Table.carts
	weightWord               string // the first word that looks at the weight of the goods; "": none
	weightAt                 diag.Place
}

// bound is min_price or max_price.
type bound struct {
	money table.Dated[table.MoneyList]
	at    diag.Place
}

// rounding is round: to a multiple of an amount per currency.
type rounding struct {
	to   table.MoneyList
	mode pricing.RoundMode
	at   diag.Place
}

func optionKeys() []string {
	return []string{"id", "name", "description", "promo", "carrier", "product", "method", "delivery_class",
		"tms_reference", "to", "not_to", "when", "unless", "from", "until", "off", "price", "price_per", "combine",
		"surcharges", "min_price", "max_price", "free_from", "round", "tax_class", "volumetric",
		"item_weight_if_missing", "delivery", "pickup_points", "one_of", "hides"}
}

// optionList compiles all options.
func (l *loader) optionList(root *diag.Node) {
	l.defaults = root.Get("defaults")
	if l.defaults != nil {
		known := slices.DeleteFunc(optionKeys(), func(k string) bool { return k == "id" })
		if !diag.Fields(l.defaults, "`defaults`", known, l.r) && l.defaults.Kind != diag.Map {
			l.defaults = nil
		}
	}
	n := root.Get("options")
	switch {
	case n == nil:
		f := l.r.Errorf(diag.CodeMissingKey, root.Place, "`options` is missing")
		f.Help = "write options: and below it - id: parcel, name: …, price: 49.00"
		return
	case n.Kind != diag.List:
		f := l.r.Errorf(diag.CodeShape, n.Place, "`options` is a list, not %s", n.Kind)
		f.Help = "begin each option with - id: …"
		return
	case len(n.Items) == 0:
		f := l.r.Errorf(diag.CodeShape, n.Place, "`options` is empty")
		f.Help = "write - id: parcel, name: …, price: 49.00"
		f.Notes = []string{"as it stands, nothing could be sent anywhere"}
		return
	}
	ids := map[string]diag.Place{}
	groups := map[string]int{}
	for _, item := range n.Items {
		if !diag.Fields(item, "an option", optionKeys(), l.r) && item.Kind != diag.Map {
			continue
		}
		c := optionCompiler{loader: l, n: l.complete(item), groups: groups}
		c.compile(ids)
		l.t.options = append(l.t.options, c.o)
	}
	l.t.groups = len(groups)
	l.hiding(n)
}

// complete adds the keys of defaults that an option lacks.
func (l *loader) complete(n *diag.Node) *diag.Node {
	if l.defaults == nil {
		return n
	}
	c := *n
	c.Keys, c.Values = slices.Clone(n.Keys), slices.Clone(n.Values)
	for i, k := range l.defaults.Keys {
		if n.Get(k.Text) == nil {
			c.Keys, c.Values = append(c.Keys, k), append(c.Values, l.defaults.Values[i])
		}
	}
	return &c
}

// optionCompiler compiles one option.
type optionCompiler struct {
	*loader
	n      *diag.Node
	o      option
	groups map[string]int
}

func (c *optionCompiler) compile(ids map[string]diag.Place) {
	c.identity(ids)
	c.words()
	c.gating()
	c.weighing()
	c.pricing()
	c.delivering()
	c.listing()
	c.placeholders()
	c.knownWeights()
}

// idForm is what an option's id may look like; a colon parts it from a pickup point.
var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

// maxID is the most characters of a line's reference, which carries the id.
const maxID = 255

func (c *optionCompiler) identity(ids map[string]diag.Place) {
	c.o.at = c.n.Place
	n := c.n.Get("id")
	if n == nil {
		f := c.r.Errorf(diag.CodeMissingKey, c.n.Place, "this option has no `id`")
		f.Help = "add id: parcel; orders carry it"
		return
	}
	c.o.at = n.Place
	id, ok := c.scalar(n, "id", "parcel")
	if !ok {
		return
	}
	if !idForm.MatchString(id) || len(id) > maxID/2 {
		f := c.r.Errorf(codeID, n.Place, "`%s` cannot be an id", id)
		f.Help = "use letters, digits, - and _, e.g. two-day"
		return
	}
	if first, taken := ids[id]; taken {
		f := c.r.Errorf(codeTwice, n.Place, "there are two options with the id `%s`", id)
		f.Cause = &diag.Cause{Place: first, Label: "the first one"}
		f.Help = "give one of them another id"
		f.Notes = []string{"an order could not say which of them was chosen"}
	} else {
		ids[id] = n.Place
	}
	c.o.id = id
}

// words reads what is passed on as it is.
func (c *optionCompiler) words() {
	if c.n.Get("name") == nil {
		f := c.r.Errorf(diag.CodeMissingKey, c.o.at, "this option has no `name`")
		f.Help = "add name: Parcel, or name: {sv: Paket, en: Parcel}"
	}
	c.o.name, c.o.description, c.o.promo = c.text("name"), c.text("description"), c.text("promo")
	c.o.tms, c.o.taxClass = c.plainKey("tms_reference", "parcel-01"), c.plainKey("tax_class", "standard")
	if n := c.n.Get("tax_class"); n != nil {
		c.o.taxAt = n.Place
	}
	if n := c.n.Get("method"); n != nil {
		c.o.method, _ = c.scope.Method(n)
	}
	d := order.DeliveryDetails{Carrier: c.plainKey("carrier", "PostNord"), Class: c.plainKey("delivery_class", "standard")}
	if n := c.n.Get("product"); n != nil && diag.Fields(n, "a product", []string{"name", "id"}, c.r) {
		p := order.CarrierProduct{}
		if v := n.Get("name"); v != nil {
			p.Name, _ = c.scalar(v, "name", "MyPack Collect")
		}
		if v := n.Get("id"); v != nil {
			p.Identifier, _ = c.scalar(v, "id", "mypack-collect")
		}
		d.Product = &p
	}
	if d.Carrier != "" || d.Class != "" || d.Product != nil {
		c.o.details = &d
	}
}

// plainKey reads a key whose value is one text that means nothing here.
func (c *optionCompiler) plainKey(key, example string) string {
	n := c.n.Get(key)
	if n == nil {
		return ""
	}
	s, _ := c.scalar(n, key, example)
	return s
}

// gating reads what decides whether the option is offered.
func (c *optionCompiler) gating() {
	if n := c.n.Get("off"); n != nil {
		c.o.off, _ = c.scope.YesNo(n)
		c.o.offAt = n.Place
	}
	for _, keys := range [][]string{{"from", "until"}, {"to"}, {"not_to"}} {
		if n := only(c.n, keys...); n != nil {
			g, _ := c.scope.Condition(n, "an option", nil)
			c.o.gates = append(c.o.gates, g)
		}
	}
	c.o.when, _ = c.scope.Conditions(c.n.Get("when"), "`when`")
	c.o.unless, _ = c.scope.Conditions(c.n.Get("unless"), "`unless`")
}

// listing reads one_of; hides waits until all ids are known.
func (c *optionCompiler) listing() {
	n := c.n.Get("one_of")
	if n == nil {
		return
	}
	name, ok := c.scalar(n, "one_of", "home")
	if !ok {
		return
	}
	if c.groups[name] == 0 {
		c.groups[name] = len(c.groups) + 1
	}
	c.o.group, c.o.groupAt = c.groups[name], n.Place
}

// hiding resolves the names under hides.
func (l *loader) hiding(list *diag.Node) {
	at := 0
	for _, item := range list.Items {
		if item.Kind != diag.Map {
			continue
		}
		o := &l.t.options[at]
		at++
		n := l.complete(item).Get("hides")
		if n == nil {
			continue
		}
		names, _ := l.scope.Names(n)
		o.hidesAt = n.Place
		for _, name := range names {
			i := slices.IndexFunc(l.t.options, func(p option) bool { return p.id == name.Text })
			switch {
			case i < 0:
				l.unknownOption(name)
			case &l.t.options[i] != o:
				o.hides = append(o.hides, i)
			}
		}
	}
}

// unknownOption tells a name that no option has.
func (l *loader) unknownOption(n *diag.Node) {
	f := l.r.Errorf(codeOption, n.Place, "there is no option `%s`", n.Text)
	var ids []string
	for _, id := range l.t.OptionIDs() {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if s := diag.Suggest(n.Text, ids); s != "" {
		f.Help, f.Fix = "did you mean "+s+"?", s
		i := slices.Index(l.t.OptionIDs(), s)
		f.Cause = &diag.Cause{Place: l.t.options[i].at, Label: "an option with a similar id is declared here"}
		return
	}
	f.Help = "the options are " + strings.Join(ids, ", ")
}
