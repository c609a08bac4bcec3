package table

import (
	"maps"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// Sample is the smallest piece of goods that one word of a class catches: a tag, an article number or a category.
type Sample struct {
	Tag, SKU, Category string // one of them
	Set                ClassSet
}

// Line returns a line that looks like the sample, without amounts.
func (s *Sample) Line() order.Line {
	l := order.Line{Reference: s.SKU}
	if s.Tag != "" {
		l.ShippingAttributes = &order.ShippingAttributes{Tags: []string{s.Tag}}
	}
	if s.Category != "" {
		l.ProductIdentifiers = &order.ProductIdentifiers{CategoryPath: s.Category}
	}
	return l
}

// Samples lists one for each word under tags, sku and category of all classes: tags first, each kind in order of its text. A
// star in an article number stands for nothing in its sample. It is for those who analyse a rulebook.
func (c *Classes) Samples() []Sample {
	if c == nil {
		return nil
	}
	var list []Sample
	for _, tag := range slices.Sorted(maps.Keys(c.tags)) {
		list = append(list, Sample{Tag: tag})
	}
	skus := slices.Collect(maps.Keys(c.skus))
	for i := range c.patterns {
		skus = append(skus, strings.Join(c.patterns[i].parts, ""))
	}
	slices.Sort(skus)
	for _, sku := range slices.Compact(skus) {
		if sku != "" {
			list = append(list, Sample{SKU: sku})
		}
	}
	var paths []string
	for i := range c.categories {
		paths = append(paths, strings.Join(c.categories[i].steps, " > "))
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		list = append(list, Sample{Category: path})
	}
	for i := range list {
		l := list[i].Line()
		list[i].Set = c.Of(&l, nil)
	}
	return list
}
