package rulebook

import (
	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/diag"
)

// CaptureRule compiles capture: when of the configuration in the words of this rulebook; nil where r has an error.
func (b *Rulebook) CaptureRule(when *diag.Node, r *diag.Report) *checks.Rule {
	return checks.NewRule(when, "`capture: when`", checks.Options{Scope: b.Shipping.Scope(), Cart: b.Shipping.CartRules()}, r)
}
