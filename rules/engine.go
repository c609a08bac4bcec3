package rules

import (
	"context"
	"errors"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// FaultPolicy says what a member that fails, panics or is late counts as.
type FaultPolicy uint8

const (
	// FaultDeny answers the callback with the configured fault text; a validator denies.
	FaultDeny FaultPolicy = iota
	// FaultSkip goes on as if the member had said nothing; a validator approves.
	FaultSkip
)

// Backup is implemented by shipping engines that can offer something without what they usually ask: backup
// rates. It is called where Offer failed or was cut off; it must not block.
type Backup interface {
	BackupOffers(q *Query) Offers
}

// Member is one engine of an Engine: a table or a plug-in.
type Member struct {
	Name     string
	Impl     any           // implements at least one hook
	Inline   bool          // a table: called directly; not cut off, no breaker
	Deadline time.Duration // its share of the callback's budget; 0: what is left
	OnFault  FaultPolicy
}

// Options of NewEngine. Members run in their order; one of them must be a TaxEngine, one a ShippingEngine.
type Options struct {
	Revision      string         // of the tables, mandatory
	Location      *time.Location // of the tables' dates and clocks; nil: UTC
	Members       []Member       // mandatory
	Policy        pricing.ShippingPolicy
	CountryChange map[string]string // country, upper case → absolute https URL
	RequireOption bool              // validation: goods to ship need a selected option
	DenyURL       string            // validation: where a denial by the tables goes; empty: 400
	FactPointers  map[string]string // "coupon", "group" → JSON pointer into merchant_data
	OnFault       func(Fault)       // told of each cut-off, panic, open breaker; must not block; nil: nobody
}

// Fault is a member that did not answer as it should. Cause holds no text of the order.
type Fault struct {
	Member   string
	Hook     string
	Cause    error
	Fallback string // what served instead: "skip", "deny", "backup"
}

// Engine asks its members in order and puts their answers together. It is immutable and safe for concurrent use.
type Engine struct{ o Options }

// NewEngine checks the options.
func NewEngine(o Options) (*Engine, error) { return nil, errors.New("not yet") }

// Revision names the tables that this engine decides by.
func (e *Engine) Revision() string { return e.o.Revision }

// Query turns an order into the question of a callback: destination, currency, language, selected option.
func (e *Engine) Query(cb Callback, o *order.Order, now time.Time) *Query { return nil }

// Price answers address_update, country_change and shipping_option_update: a plan to recompute, or a Decision
// that is not Accept. An error means that we failed.
func (e *Engine) Price(ctx context.Context, q *Query) (*pricing.Plan, Decision, error) {
	return nil, Decision{}, errors.New("not yet")
}

// Judge answers validation: the order as it stands against what the tables say under this engine and the earlier
// ones, now and at any instant of the last grace. Its arithmetic must have been checked by the caller.
func (e *Engine) Judge(ctx context.Context, q *Query, earlier []*Engine, grace time.Duration) (Decision, error) {
	return Decision{}, errors.New("not yet")
}
