package cmd

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// captureOf is the rule that says which orders are captured at once; nil where the merchant has none. An order that cannot be
// judged is not captured.
func captureOf(m *configs.Merchant, loaded *tenant, now func() time.Time) (func(*management.Order) bool, error) {
	if m.Capture == nil {
		return nil, nil
	}
	r := new(diag.Report)
	rule := loaded.book.CaptureRule(m.Capture.When, r)
	if rule == nil {
		return nil, fmt.Errorf("capture: %w", &findingsError{r})
	}
	return func(o *management.Order) bool {
		draft, err := order.DecodeDraft(o.Raw, order.DefaultLimits())
		if err != nil || !m.Capture.Physical && slices.ContainsFunc(draft.Lines, shipped) {
			return false
		}
		holds, err := rule.Holds(context.Background(), loaded.rules.Engine().Query(rules.Validation, draft, now()))
		return err == nil && holds
	}, nil
}

// shipped reports a line of goods that a parcel holds.
func shipped(l order.Line) bool { return l.Goods() && l.Ships() }
