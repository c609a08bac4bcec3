// Package rulebook is a folder of rules as one thing: shipping.yaml, tax.yaml, side files and tests, read, checked and
// named by a revision.
//
// Its one rule: all or nothing; a rulebook with an error is not returned.
package rulebook

import (
	"io/fs"
	"time"

	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// Options of Load.
type Options struct {
	Plugins func(name string) bool // whether a plug-in of that name is registered
	Shipped fs.FS                  // data files that come with the program
}

// Rulebook is a loaded folder. It is read-only.
type Rulebook struct {
	Shipping *shipping.Table
	Tax      *tax.Table
	Revision string // first 12 hex digits of the SHA-256 over all files that were read, names included
	Location *time.Location
	Files    []string // all files read, sorted
}

// Load reads dir; it returns nil where r has an error. Links out of dir, devices and FIFOs are findings.
func Load(dir string, o Options, r *diag.Report) *Rulebook { return nil }

// LoadFS reads a rulebook from a file system, e.g. the embedded demo shop.
func LoadFS(fsys fs.FS, o Options, r *diag.Report) *Rulebook { return nil }

// Members are the tables as members of an engine.
func (b *Rulebook) Members() []rules.Member { return nil }
