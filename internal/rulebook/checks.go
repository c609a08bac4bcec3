package rulebook

import (
	"errors"
	"io/fs"

	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// ChecksFile is the third file of a rulebook; it may be missing.
const ChecksFile = "checks.yaml"

// codeNotRead is permanent.
const codeNotRead = "W504"

// loadChecks reads the checks, if there are any; they name the zones and classes of the shipping file.
func loadChecks(fsys fs.FS, ship *shipping.Table, r *diag.Report) *checks.Table {
	if _, err := fs.Stat(fsys, ChecksFile); errors.Is(err, fs.ErrNotExist) {
		warnOfSlip(fsys, r)
		return nil
	}
	return checks.Load(fsys, ChecksFile, checks.Options{Scope: ship.Scope(), Cart: ship.CartRules()}, r)
}

// warnOfSlip tells a file that was probably meant to be checks.yaml: nobody would notice that it stops nothing.
func warnOfSlip(fsys fs.FS, r *diag.Report) {
	for _, name := range []string{"checks.yml", "check.yaml", "check.yml", "Checks.yaml"} {
		if _, err := fs.Stat(fsys, name); err == nil {
			f := r.Warnf(codeNotRead, diag.Place{File: name, Line: 1, Col: 1}, "this file is not read: checks are in %s", ChecksFile)
			f.Help = "rename it to " + ChecksFile
		}
	}
}

// Codes lists the findings that only a whole rulebook can have.
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{{Code: codeNotRead, Meaning: "a file that looks like checks.yaml has another name and is not read"}}
}
