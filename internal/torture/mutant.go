package main

import "github.com/kvitto/kvitto/internal/torture/mutant"

// mutantVariable tells the worker which fault it has.
const mutantVariable = "TORTURE_MUTANT"

// caughtIn is the phase in which a mutant must be caught. In the others it may look healthy.
func caughtIn(m *mutant.Mutant) string {
	if m.Name == "leaseless" {
		return "A"
	}
	return "B"
}
