package main

import (
	"github.com/kvitto/kvitto/internal/torture/mutant"
	"github.com/kvitto/kvitto/internal/torture/verdict"
)

// mutantVariable tells the worker which fault it has.
const mutantVariable = "TORTURE_MUTANT"

// caughtIn is the phase in which a mutant must be caught. In the others it may look healthy.
func caughtIn(m *mutant.Mutant) string {
	if m.Name == "leaseless" {
		return "A"
	}
	return "B"
}

// caught reports whether a mutant was caught for its own fault, in a run in which a good part of the orders got through.
func caught(m *mutant.Mutant, v *verdict.Verdict) bool {
	if 4*len(v.Open) > 3*v.Orders {
		return false
	}
	switch m.Name {
	case "early":
		return len(v.AckBeforeSink) > 0
	case "leaseless":
		return v.ExtraDeliveries > 0
	case "unprepared":
		return len(v.Differing) > 0
	case "naive":
		return len(v.Lost) > 0
	}
	return false
}
