package cmd_test

import (
	"context"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/rules"
)

// scenarioPlugins are those that come with the program, and such as go wrong.
func scenarioPlugins() []rules.Plugin {
	return append(cmd.Included(),
		rules.Plugin{Name: "test.sleeping_carrier", Doc: "Answers never; has a backup rate.", New: func() any { return sleepingCarrier{} }},
		rules.Plugin{Name: "test.sleeping_check", Doc: "Answers never.", New: func() any { return sleepingCheck{} }},
		rules.Plugin{Name: "test.dear_carrier", Doc: "Asks for more than an order may cost.", New: func() any { return dearCarrier{} }},
	)
}

// sleepingCarrier is a shipping engine that answers only when it is cut off.
type sleepingCarrier struct{}

var _ rules.Backup = sleepingCarrier{}

// Offer implements rules.ShippingEngine.
func (sleepingCarrier) Offer(ctx context.Context, _ *rules.Query) (rules.Offers, error) {
	<-ctx.Done()
	return rules.Offers{}, ctx.Err()
}

// BackupOffers implements rules.Backup.
func (sleepingCarrier) BackupOffers(*rules.Query) rules.Offers {
	return rules.Offers{Options: []rules.Offer{{ID: "bike", Name: "Cykelbud", Method: "Home", Price: 12900}}}
}

// sleepingCheck is a validator of the same kind.
type sleepingCheck struct{}

// Validate implements rules.Validator.
func (sleepingCheck) Validate(ctx context.Context, _ *rules.Query) (rules.Decision, error) {
	<-ctx.Done()
	return rules.Decision{}, ctx.Err()
}

// dearCarrier offers what no order line can hold.
type dearCarrier struct{}

// Offer implements rules.ShippingEngine.
func (dearCarrier) Offer(context.Context, *rules.Query) (rules.Offers, error) {
	return rules.Offers{Options: []rules.Offer{{ID: "yacht", Name: "Yacht", Method: "Home", Price: 100_000_001}}, Preselect: rules.PreselectID, PreselectID: "yacht"}, nil
}
