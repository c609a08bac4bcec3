package simulator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// Stage is how far a buyer has come.
type Stage string

// The stages.
const (
	Open   Stage = "open"   // at the checkout
	Held   Stage = "held"   // at the checkout, where the last answer keeps the buyer from going on
	Left   Stage = "left"   // taken to a page of the shop
	Bought Stage = "bought" // the order is complete
)

// What a buyer cannot do. The error that wraps one says why in words for people.
var (
	ErrOver   = errors.New("the checkout is over")
	ErrHeld   = errors.New("the buyer cannot buy yet")
	ErrOption = errors.New("no such option is offered")
)

// Session is a buyer at the checkout of one order. Its steps run one after the other; it is safe for concurrent use.
type Session struct {
	sim  *Simulator
	id   string
	turn chan struct{} // holds one value while a step runs

	mu      sync.Mutex // guards what follows
	stage   Stage
	entered bool
	last    judge.Verdict // of the last callback; its Outcome is "" before the first
	out     Callback      // that is out now; "": none
}

// ID is the order's id.
func (x *Session) ID() string { return x.id }

// begin waits for the turn of a step.
func (x *Session) begin(ctx context.Context) (end func(), err error) {
	select {
	case x.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	x.mu.Lock()
	stage := x.stage
	x.mu.Unlock()
	if stage == Left || stage == Bought {
		<-x.turn
		return nil, fmt.Errorf("order %s: %w: the buyer has %s", x.id, ErrOver, stage)
	}
	return func() { <-x.turn }, nil
}

// document is the order as it stands.
func (x *Session) document() (document, error) {
	body, ok := x.sim.o.Provider.CheckoutJSON(x.id)
	if !ok {
		return nil, fmt.Errorf("order %s: the provider does not have it any more", x.id)
	}
	return parse(body)
}

// Enter opens the checkout: the first callback, with addresses that hold nothing but the country.
func (x *Session) Enter(ctx context.Context) error {
	end, err := x.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	return x.enter(ctx, "")
}

// enter opens the checkout in a country, the order's own where it is "".
func (x *Session) enter(ctx context.Context, country string) error {
	d, err := x.document()
	if err != nil {
		return err
	}
	own := d.text("purchase_country")
	callback := AddressUpdate
	if country != "" && !strings.EqualFold(country, own) {
		callback, own = CountryChange, country
	}
	change := document{}
	for _, name := range []string{"billing_address", "shipping_address"} {
		if d.object(name) == nil || callback == CountryChange {
			change.set(name, map[string]string{"country": own})
		}
	}
	if d.object("customer") == nil {
		change.set("customer", map[string]string{})
	}
	x.mu.Lock()
	x.entered = true
	x.mu.Unlock()
	return x.update(ctx, callback, change, nil)
}

// country is where the buyer is now.
func (d document) country() string {
	if c := d.object("billing_address").upper("country"); c != "" {
		return c
	}
	return d.upper("purchase_country")
}

// Country lets the buyer choose a country, two letters. One that is chosen already changes nothing and fires nothing; the
// first choice opens the checkout.
func (x *Session) Country(ctx context.Context, code string) error {
	end, err := x.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if !x.hasEntered() {
		return x.enter(ctx, code)
	}
	d, err := x.document()
	if err != nil || d.country() == strings.ToUpper(code) {
		return err
	}
	change := document{}
	for _, name := range []string{"billing_address", "shipping_address"} {
		change.set(name, map[string]string{"country": code})
	}
	return x.update(ctx, CountryChange, change, nil)
}

func (x *Session) hasEntered() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.entered
}

// Address lets the buyer enter addresses by the members of the contract; shipping nil: that of billing. Where the checkout
// is not open yet it is opened first. A member country that differs from the present one is a change of country.
func (x *Session) Address(ctx context.Context, billing, shipping map[string]string) error {
	end, err := x.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if !x.hasEntered() {
		if err := x.enter(ctx, ""); err != nil || x.View().Stage == Left {
			return err
		}
	}
	d, err := x.document()
	if err != nil {
		return err
	}
	callback, change := AddressUpdate, document{}
	if shipping == nil {
		shipping = billing
	}
	for name, a := range map[string]map[string]string{"billing_address": billing, "shipping_address": shipping} {
		full := map[string]string{"country": d.country()}
		for k, v := range a {
			full[k] = v
		}
		if name == "billing_address" && !strings.EqualFold(full["country"], d.country()) {
			callback = CountryChange
		}
		change.set(name, full)
	}
	return x.update(ctx, callback, change, nil)
}

// Choose lets the buyer select one of the options that are offered. Without shipping_option_update on the order nothing is
// fired, and the provider puts the option's line into the cart.
func (x *Session) Choose(ctx context.Context, id string) error {
	end, err := x.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	d, err := x.document()
	if err != nil {
		return err
	}
	chosen := findOption(d.list("shipping_options"), id)
	if chosen == nil {
		return fmt.Errorf("option %q: %w; the checkout shows %s", id, ErrOption, orNothing(optionIDs(d)))
	}
	if d.object("merchant_urls").text(string(ShippingOptionUpdate)) == "" {
		return x.put(withFreight(d, document{"selected_shipping_option": chosen}))
	}
	return x.update(ctx, ShippingOptionUpdate, document{}, chosen)
}

// Change replaces members of the order as the shop does through the Checkout API. It fails where the API refuses: also while
// an update callback is out.
func (x *Session) Change(members []byte) error {
	defer x.told()
	return x.sim.o.Provider.Update(x.id, members)
}

// Fill replaces members as the checkout itself does, such as customer or merchant_requested; no callback is fired.
func (x *Session) Fill(members []byte) error {
	defer x.told()
	return x.sim.o.Provider.Put(x.id, members)
}

func (x *Session) told() {
	x.sim.ring.mu.Lock()
	defer x.sim.ring.mu.Unlock()
	x.sim.ring.tell()
}

func (x *Session) put(change document) error {
	if len(change) == 0 {
		return nil
	}
	return x.Fill(change.encode())
}

// findOption returns the option with an id, nil where there is none.
func findOption(options []jsontext.Value, id string) jsontext.Value {
	for _, v := range options {
		if o, err := parse(v); err == nil && o.text("id") == id {
			return v
		}
	}
	return nil
}

func optionIDs(d document) []string {
	var ids []string
	for _, v := range d.list("shipping_options") {
		if o, err := parse(v); err == nil {
			ids = append(ids, o.text("id"))
		}
	}
	return ids
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}
