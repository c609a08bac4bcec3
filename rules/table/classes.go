package table

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// ClassID is the number of a class in its file, in order of declaration.
type ClassID int32

// NoClass stands for goods without a class.
const NoClass ClassID = -1

// ClassSet is a set of classes, bit i is class i; at most 64 classes a file.
type ClassSet uint64

// MaxClasses is the most classes of a file.
const MaxClasses = 64

// Has reports whether a class is in the set.
func (s ClassSet) Has(id ClassID) bool { return id >= 0 && id < MaxClasses && s>>uint(id)&1 == 1 }

// First returns the class that was declared first, NoClass where the set is empty.
func (s ClassSet) First() ClassID {
	if s == 0 {
		return NoClass
	}
	return ClassID(bits.TrailingZeros64(uint64(s)))
}

// Classes are all classes of a file. It is read-only and safe for concurrent use; a nil *Classes has none.
type Classes struct {
	names      []string
	places     []diag.Place
	tags       map[string]ClassSet
	skus       map[string]ClassSet // whole references
	patterns   []skuPattern
	categories []category
	digital    ClassSet // what every line of type digital is in
}

type skuPattern struct {
	parts []string // the stretches between the stars; at least two
	set   ClassSet
}

type category struct {
	steps []string
	set   ClassSet
}

// CompileClasses builds them from the map under classes (may be nil): each has tags, sku patterns, category prefixes. It
// never returns nil. Faults: E004, E005, E116, E207, E208.
func CompileClasses(n *diag.Node, r *diag.Report) *Classes {
	c := &Classes{tags: map[string]ClassSet{}, skus: map[string]ClassSet{}}
	if n == nil || !diag.WantMap(n, "`classes`", r) {
		return c
	}
	s := &Scope{Report: r}
	for i, key := range n.Keys {
		if isPrivate(key.Text) {
			continue
		}
		if len(c.names) == MaxClasses {
			s.tell("E207", nodeRaw(key), "put goods that are treated alike into one class", "there are more than %d classes", MaxClasses)
			break
		}
		c.names, c.places = append(c.names, key.Text), append(c.places, key.Place)
		s.class(c, key, n.Values[i])
	}
	return c
}

// class reads the body of the class that was named last.
func (s *Scope) class(c *Classes, key, n *diag.Node) {
	what := "the class `" + key.Text + "`"
	if !diag.Fields(n, what, []string{"tags", "sku", "category"}, s.Report) {
		return
	}
	set := ClassSet(1) << (len(c.names) - 1)
	tags, skus, paths := s.words(n.Get("tags")), s.words(n.Get("sku")), s.words(n.Get("category"))
	for _, tag := range tags {
		c.tags[tag] |= set
	}
	for _, sku := range skus {
		if parts := strings.Split(sku, "*"); len(parts) > 1 {
			c.patterns = append(c.patterns, skuPattern{parts, set})
		} else {
			c.skus[sku] |= set
		}
	}
	for _, path := range paths {
		c.categories = append(c.categories, category{steps(path), set})
	}
	if len(n.Keys) == 0 || n.Get("tags") == nil && n.Get("sku") == nil && n.Get("category") == nil {
		f := s.tell("E208", nodeRaw(key), "give it tags, sku or category", "%s holds no goods", what)
		f.Label = "nothing says what belongs to it"
	}
}

// words reads a name or a list of names; a nil node has none.
func (s *Scope) words(n *diag.Node) []string {
	if n == nil {
		return nil
	}
	nodes, ok := s.Names(n)
	if !ok {
		return nil
	}
	texts := make([]string, len(nodes))
	for i, node := range nodes {
		texts[i] = nodeRaw(node).text
	}
	return texts
}

func steps(path string) []string {
	parts := strings.Split(path, ">")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// ID returns the class with a name.
func (c *Classes) ID(name string) (ClassID, bool) {
	for i, n := range c.Names() {
		if n == name {
			return ClassID(i), true
		}
	}
	return NoClass, false
}

// Names returns all names in order of declaration.
func (c *Classes) Names() []string {
	if c == nil {
		return nil
	}
	return c.names
}

// Name returns the name of a class, "" for NoClass.
func (c *Classes) Name(id ClassID) string {
	if id < 0 || int(id) >= len(c.Names()) {
		return ""
	}
	return c.names[id]
}

// Place is the key of a class.
func (c *Classes) Place(id ClassID) diag.Place { return c.places[id] }

// nameDigital is the class that WithDigital adds.
const nameDigital = "digital"

// WithDigital is c and a class `digital` that holds the lines of type digital, unless the file declares a class of that name or
// has MaxClasses. It is for conditions outside of a rulebook.
func (c *Classes) WithDigital() *Classes {
	if _, declared := c.ID(nameDigital); declared || len(c.Names()) == MaxClasses {
		return c
	}
	with := Classes{}
	if c != nil {
		with = *c
	}
	with.digital = 1 << uint(len(with.names))
	with.names = append(slices.Clone(with.names), nameDigital)
	with.places = append(slices.Clone(with.places), diag.Place{})
	return &with
}

// Of returns the classes of a line; extra are tags from facts. Tags compare with shipping_attributes.tags, sku patterns with
// the reference (* stands for any run of characters), categories with whole steps at the beginning of
// product_identifiers.category_path ("Home > Sofas" holds "Home > Sofas > Corner", not "Home > Sofas2"). Capital and small
// letters differ. It allocates nothing and takes time linear in the line and in the number of patterns.
func (c *Classes) Of(l *order.Line, extra []string) ClassSet {
	if c == nil || len(c.names) == 0 {
		return 0
	}
	set := c.skus[l.Reference] | c.tagged(extra)
	if l.Type == order.Digital {
		set |= c.digital
	}
	if l.ShippingAttributes != nil {
		set |= c.tagged(l.ShippingAttributes.Tags)
	}
	for i := range c.patterns {
		if p := &c.patterns[i]; set|p.set != set && p.holds(l.Reference) {
			set |= p.set
		}
	}
	if l.ProductIdentifiers != nil && l.ProductIdentifiers.CategoryPath != "" {
		for i := range c.categories {
			if g := &c.categories[i]; set|g.set != set && g.holds(l.ProductIdentifiers.CategoryPath) {
				set |= g.set
			}
		}
	}
	return set
}

// In is Of with what the shop's list of products says: the tags there count where the line has none of its own, and its
// classes always.
func (c *Classes) In(q *rules.Query, l *order.Line, extra []string) ClassSet {
	set := c.Of(l, extra)
	p := q.Product(l)
	if p == nil || c == nil {
		return set
	}
	if l.ShippingAttributes == nil || len(l.ShippingAttributes.Tags) == 0 {
		set |= c.tagged(p.Tags)
	}
	for _, name := range p.Classes {
		if id, known := c.ID(name); known {
			set |= 1 << uint(id)
		}
	}
	return set
}

func (c *Classes) tagged(tags []string) (set ClassSet) {
	for _, tag := range tags {
		set |= c.tags[tag]
	}
	return set
}

func (p *skuPattern) holds(ref string) bool {
	first, last := p.parts[0], p.parts[len(p.parts)-1]
	if len(ref) < len(first)+len(last) || !strings.HasPrefix(ref, first) || !strings.HasSuffix(ref, last) {
		return false
	}
	rest := ref[len(first) : len(ref)-len(last)]
	for _, part := range p.parts[1 : len(p.parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return true
}

func (g *category) holds(path string) bool {
	for _, step := range g.steps {
		have, rest, more := strings.Cut(path, ">")
		if strings.TrimSpace(have) != step {
			return false
		}
		if path = rest; !more {
			path = ">" // no step is left: an empty one does not equal any
		}
	}
	return true
}
