package rules_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// The fakes implement one hook each; a nil field does what an engine without an opinion does.

type fakeFacts struct {
	facts func(ctx context.Context, q *rules.Query) (rules.Facts, error)
}

func (f *fakeFacts) Facts(ctx context.Context, q *rules.Query) (rules.Facts, error) {
	return f.facts(ctx, q)
}

// fakeTax takes 25 % from goods and freight where its fields say nothing else.
type fakeTax struct {
	goods   func(ctx context.Context, q *rules.Query) (rules.GoodsTax, error)
	freight func(ctx context.Context, q *rules.Query, class string) (pricing.FreightTax, error)
	changes func(from, to time.Time) []time.Time
	home    string
}

func (f *fakeTax) Goods(ctx context.Context, q *rules.Query) (rules.GoodsTax, error) {
	if f.goods != nil {
		return f.goods(ctx, q)
	}
	return flat(q, 2500), nil
}

func (f *fakeTax) Freight(ctx context.Context, q *rules.Query, class string) (pricing.FreightTax, error) {
	if f.freight != nil {
		return f.freight(ctx, q, class)
	}
	return pricing.FreightTax{Mode: pricing.FreightFixed, Rate: 2500}, nil
}

func (f *fakeTax) Changes(from, to time.Time) []time.Time {
	if f.changes != nil {
		return f.changes(from, to)
	}
	return nil
}

func (f *fakeTax) Home() string { return f.home }

// flat moves all lines to one rate.
func flat(q *rules.Query, rate order.Rate) rules.GoodsTax {
	rates := make([]pricing.LineRate, len(q.Lines))
	for i := range rates {
		rates[i] = pricing.LineRate{Rate: rate, Apply: q.Lines[i].Rated()}
	}
	return rules.GoodsTax{Rates: rates}
}

type fakeShipping struct {
	offer func(ctx context.Context, q *rules.Query) (rules.Offers, error)
}

func (f *fakeShipping) Offer(ctx context.Context, q *rules.Query) (rules.Offers, error) {
	return f.offer(ctx, q)
}

// datedShipping also knows when its answer changes.
type datedShipping struct {
	fakeShipping
	changes func(from, to time.Time) []time.Time
}

func (f *datedShipping) Changes(from, to time.Time) []time.Time { return f.changes(from, to) }

// backedShipping also has backup rates.
type backedShipping struct {
	fakeShipping
	backup func(q *rules.Query) rules.Offers
}

func (f *backedShipping) BackupOffers(q *rules.Query) rules.Offers { return f.backup(q) }

type fakeValidator struct {
	validate func(ctx context.Context, q *rules.Query) (rules.Decision, error)
}

func (f *fakeValidator) Validate(ctx context.Context, q *rules.Query) (rules.Decision, error) {
	return f.validate(ctx, q)
}

// offers makes a shipping engine that always says the same.
func offers(o rules.Offers) *fakeShipping {
	return &fakeShipping{offer: func(context.Context, *rules.Query) (rules.Offers, error) { return o, nil }}
}

// priced offers options by id, in order, at these prices.
func priced(ids []string, prices ...order.Amount) rules.Offers {
	var o rules.Offers
	for i, id := range ids {
		o.Options = append(o.Options, rules.Offer{ID: id, Name: "name of " + id, Price: prices[i]})
	}
	return o
}

// table is an inline member.
func table(name string, impl any) rules.Member {
	return rules.Member{Name: name, Impl: impl, Inline: true}
}

// faults collects what an engine tells; it is safe for concurrent use.
type faults struct {
	mu   sync.Mutex
	list []rules.Fault
}

func (f *faults) add(x rules.Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, x)
}

// told returns "member hook fallback" for each fault so far and forgets them.
func (f *faults) told() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var told []string
	for _, x := range f.list {
		told = append(told, x.Member+" "+x.Hook+" "+x.Fallback)
	}
	f.list = nil
	return told
}

func (f *faults) last(t *testing.T) rules.Fault {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 {
		t.Fatal("no fault was told")
	}
	return f.list[len(f.list)-1]
}

// engine makes one of members; a 25 % tax table is added where none of them is a TaxEngine.
func engine(t testing.TB, o rules.Options, members ...rules.Member) *rules.Engine {
	t.Helper()
	if o.Revision == "" {
		o.Revision = "rev-1"
	}
	if !slices.ContainsFunc(members, func(m rules.Member) bool { _, ok := m.Impl.(rules.TaxEngine); return ok }) {
		members = append(members, table("tax", &fakeTax{home: "SE"}))
	}
	o.Members = members
	e, err := rules.NewEngine(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// shirt is a physical line of two pieces at 25 %.
func shirt() order.Line {
	return order.Line{Type: order.Physical, Reference: "SHIRT", Name: "Shirt", Quantity: 2, UnitPrice: 10_000,
		TaxRate: 2500, TotalAmount: 20_000, TotalTaxAmount: 4_000}
}

// ebook is a digital line.
func ebook() order.Line {
	return order.Line{Type: order.Digital, Reference: "EBOOK", Name: "Book", Quantity: 1, UnitPrice: 5_000,
		TaxRate: 2500, TotalAmount: 5_000, TotalTaxAmount: 1_000}
}

// freight is a shipping_fee line at 25 %.
func freight(reference string, gross order.Amount) order.Line {
	return order.Line{Type: order.ShippingFee, Reference: reference, Name: "Freight", Quantity: 1, UnitPrice: gross,
		TaxRate: 2500, TotalAmount: gross, TotalTaxAmount: gross / 5}
}

// cart is an order to Sweden.
func cart(lines ...order.Line) *order.Order {
	return &order.Order{PurchaseCurrency: "SEK", PurchaseCountry: "se", Locale: "sv-SE", Lines: lines,
		ShippingAddress: &order.Address{Country: "se", PostalCode: "113 51"}}
}

// choose returns o with an option selected.
func choose(o *order.Order, id string) *order.Order {
	c := *o
	c.SelectedShippingOption = &order.ShippingOption{ID: id}
	return &c
}

// noon is the time of most tests.
func noon() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// ids returns the ids of a plan's options, the preselected one with a star.
func ids(p *pricing.Plan) []string {
	var list []string
	for i := range p.Options {
		id := p.Options[i].ID
		if p.Options[i].Preselected {
			id += "*"
		}
		list = append(list, id)
	}
	return list
}
