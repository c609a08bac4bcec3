package table

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
)

// ClassID is the number of a class in its file, in order of declaration.
type ClassID int32

// ClassSet is a set of classes; at most 64 classes a file.
type ClassSet uint64

// Classes are all classes of a file.
type Classes struct{}

// CompileClasses builds them from the map under classes (may be nil): each has tags, sku patterns, category prefixes.
func CompileClasses(n *diag.Node, r *diag.Report) *Classes { return nil }

// ID returns the class with a name.
func (c *Classes) ID(name string) (ClassID, bool) { return 0, false }

// Names returns all names in order of declaration.
func (c *Classes) Names() []string { return nil }

// Of returns the classes of a line; extra are tags from facts. The first declared one is the lowest bit set.
func (c *Classes) Of(l *order.Line, extra []string) ClassSet { return 0 }
