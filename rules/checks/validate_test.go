package checks_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/table"
)

// TestHolds goes through every word: what a check with it stops, and what it lets pass.
func TestHolds(t *testing.T) {
	t.Parallel()
	address := func(change func(*order.Address)) func(*order.Order) {
		return func(o *order.Order) { change(o.ShippingAddress) }
	}
	for _, tt := range []struct {
		name   string
		keys   string
		change func(*order.Order)
		want   bool
	}{
		{"missing: it is there", "missing: phone", nil, false},
		{"missing: empty", "missing: phone", address(func(a *order.Address) { a.Phone = "" }), true},
		{"missing: only blanks", "missing: phone", address(func(a *order.Address) { a.Phone = " \u00a0" }), true},
		{"missing: one of two", "missing: [email, phone]", address(func(a *order.Address) { a.Phone = "" }), true},
		{"missing: the billing address does not help", "missing: phone", func(o *order.Order) {
			o.ShippingAddress.Phone, o.BillingAddress = "", &order.Address{Country: "SE", Phone: "1"}
		}, true},
		{"missing: the billing address is the destination", "missing: phone", func(o *order.Order) {
			o.BillingAddress, o.ShippingAddress = o.ShippingAddress, nil
		}, false},
		{"missing: no address at all", "missing: phone", func(o *order.Order) { o.ShippingAddress = nil }, true},
		{"missing: no customer at all", "missing: date_of_birth", func(o *order.Order) { o.Customer = nil }, true},
		{"missing: a street in parts is a street", "missing: street_address", address(func(a *order.Address) {
			a.StreetAddress, a.StreetName, a.StreetNumber = "", "Hauptstraße", "5"
		}), false},
		{"matches", `matches: {street_address: ["box *"]}`, address(func(a *order.Address) { a.StreetAddress = "Box 12" }), true},
		{"matches: another street", `matches: {street_address: ["box *"]}`, nil, false},
		{"matches: case, blanks and invisible characters", `matches: {street_address: ["box *"]}`,
			address(func(a *order.Address) { a.StreetAddress = "  BO\u200bX \u00a0 12" }), true},
		{"matches: the whole value", `matches: {street_address: ["box *"]}`, address(func(a *order.Address) { a.StreetAddress = "Boxargatan 1" }), false},
		{"matches: accents in two pieces", `matches: {city: "örebro"}`, address(func(a *order.Address) { a.City = "O\u0308REBRO" }), true},
		{"matches: second pattern", `matches: {street_address: ["box *", "*postbox*"]}`,
			address(func(a *order.Address) { a.StreetAddress = "c/o Postbox 3" }), true},
		{"matches: all members", `matches: {street_address: "stor*", city: "visby"}`, nil, false},
		{"matches: nothing fits what is not there", `matches: {street_address2: "*"}`, nil, false},
		{"matches: a street in parts", `matches: {street_address: "hauptstraße 5*"}`, address(func(a *order.Address) {
			a.StreetAddress, a.StreetName, a.StreetNumber, a.HouseExtension = "", "Hauptstraße", "5", "b"
		}), true},
		{"min_age: old enough", "min_age: 18", nil, false},
		{"min_age: birthday is today", "min_age: 18", func(o *order.Order) { o.Customer.DateOfBirth = "2008-11-23" }, false},
		{"min_age: birthday is tomorrow", "min_age: 18", func(o *order.Order) { o.Customer.DateOfBirth = "2008-11-24" }, true},
		{"min_age: birthday is next month", "min_age: 18", func(o *order.Order) { o.Customer.DateOfBirth = "2008-12-01" }, true},
		{"min_age: no birth date", "min_age: 18", func(o *order.Order) { o.Customer.DateOfBirth = "" }, true},
		{"min_age: no date", "min_age: 18", func(o *order.Order) { o.Customer.DateOfBirth = "1990" }, true},
		{"when", "when: {class: wine}", nil, true},
		{"when: another class", "when: {class: bulky}", nil, false},
		{"when: digital goods count", "when: {min_items: 2}", func(o *order.Order) {
			o.Lines = append(o.Lines, order.Line{Type: order.Digital, Name: "Card", Quantity: 1, UnitPrice: 1, TotalAmount: 1})
		}, true},
		{"when: value", "when: {min_total: 100.00}", nil, true},
		{"when: or", "when: [{to: gotland}, {customer: person}]", nil, true},
		{"unless", "unless: {to: sweden}", nil, false},
		{"unless: elsewhere", "unless: {to: gotland}", nil, true},
		{"all of it", `when: {class: wine}, unless: {customer: organization}, missing: care_of, matches: {city: "stock*"}, min_age: 40`, nil, true},
		{"all but one", `when: {class: wine}, unless: {customer: organization}, missing: city, matches: {city: "stock*"}, min_age: 40`, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := buyer()
			if tt.change != nil {
				tt.change(o)
			}
			d := decide(t, load(t, one(tt.keys)), query(t, o, rules.Validation))
			if got := d.Verdict == rules.Rejected; got != tt.want {
				t.Errorf("stopped: %v, want %v (%+v)", got, tt.want, d)
			}
		})
	}
}

// TestLeapDay: who was born on 29 February is of age on 1 March.
func TestLeapDay(t *testing.T) {
	t.Parallel()
	tb := load(t, one("min_age: 18"))
	o := buyer()
	o.Customer.DateOfBirth = "2004-02-29"
	for day, want := range map[string]rules.Verdict{"2022-02-28": rules.Rejected, "2022-03-01": rules.Accept} {
		q := query(t, o, rules.Validation)
		at, err := time.ParseInLocation("2006-01-02 15:04", day+" 23:30", stockholm(t))
		if err != nil {
			t.Fatal(err)
		}
		q.Now = at.UTC()
		if d := decide(t, tb, q); d.Verdict != want {
			t.Errorf("%s: got %v, want %v", day, d.Verdict, want)
		}
	}
	q := query(t, o, rules.Validation)
	q.Now = time.Date(2022, 2, 28, 23, 30, 0, 0, time.UTC) // 1 March in Stockholm
	if d := decide(t, tb, q); d.Verdict != rules.Accept {
		t.Error("the day is not that of the shop's time zone")
	}
}

// TestBeforeBuying: on update callbacks what the buyer has yet to write is not held against them.
func TestBeforeBuying(t *testing.T) {
	t.Parallel()
	everywhere := "on: [validation, address_update, country_change, shipping_option_update]"
	for _, tt := range []struct {
		name, keys    string
		o             *order.Order
		early, buying rules.Verdict
	}{
		{"missing, thin address", "missing: phone", &order.Order{ShippingAddress: &order.Address{Country: "SE"}}, rules.Accept, rules.Rejected},
		{"missing, written address", "missing: phone", &order.Order{ShippingAddress: &order.Address{Country: "SE", StreetAddress: "A 1"}},
			rules.Rejected, rules.Rejected},
		{"missing, of the customer", "missing: date_of_birth", &order.Order{ShippingAddress: &order.Address{Country: "SE", StreetAddress: "A 1"}},
			rules.Accept, rules.Rejected},
		{"min_age, no customer", "min_age: 18", &order.Order{}, rules.Accept, rules.Rejected},
		{"min_age, known", "min_age: 18", &order.Order{Customer: &order.Customer{DateOfBirth: "2015-01-01"}}, rules.Rejected, rules.Rejected},
		{"zone, no postcode", "when: {to: gotland}", &order.Order{ShippingAddress: &order.Address{Country: "SE"}}, rules.Accept, rules.Rejected},
		{"not a zone, no postcode", "unless: {to: gotland}", &order.Order{ShippingAddress: &order.Address{Country: "SE"}}, rules.Accept, rules.Rejected},
		{"zone, known", "when: {to: gotland}", &order.Order{ShippingAddress: &order.Address{Country: "SE", PostalCode: "621 57"}},
			rules.Rejected, rules.Rejected},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tb := load(t, one(tt.keys+", "+everywhere))
			for _, cb := range []rules.Callback{rules.AddressUpdate, rules.CountryChange, rules.ShippingOptionUpdate} {
				if d := decide(t, tb, query(t, tt.o, cb)); d.Verdict != tt.early {
					t.Errorf("%s: got %v, want %v", cb, d.Verdict, tt.early)
				}
			}
			if d := decide(t, tb, query(t, tt.o, rules.Validation)); d.Verdict != tt.buying {
				t.Errorf("validation: got %v, want %v", d.Verdict, tt.buying)
			}
		})
	}
}

// TestPostcodeAskedFor: on validation a check that only the postcode could decide asks for it, unless another holds.
func TestPostcodeAskedFor(t *testing.T) {
	t.Parallel()
	o := &order.Order{ShippingAddress: &order.Address{Country: "SE"}}
	d := decide(t, load(t, one("when: {to: gotland}")), query(t, o, rules.Validation))
	want := rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.AddressError, TextKey: rules.TextPostcode},
		Reasons: []rules.Reason{{Rule: "postcode", File: "checks.yaml", Line: 3, Detail: "check `c` needs a postcode"}}}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	d = decide(t, load(t, one("when: {to: gotland}")+"  - {id: second, missing: phone, redirect: https://shop.example/why}\n"), query(t, o, rules.Validation))
	if d.Reasons[0].Rule != "check:second" {
		t.Errorf("got %+v", d)
	}
}

// TestDecision: the first that holds decides; it says its text in the buyer's language, its place and its words.
func TestDecision(t *testing.T) {
	t.Parallel()
	tb := load(t, `  - {id: gotland, when: {to: gotland}, reject: {text: no}}
  - id: adults
    when: {class: wine}
    min_age: 50
    reject: {error: approval_failed, text: {sv: Du måste vara 50., en: You must be 50.}}
  - {id: late, missing: care_of, redirect: "https://shop.example/why?x=1"}
  - {id: update, on: address_update, missing: care_of, reject: {text: early}}
`)
	q := query(t, buyer(), rules.Validation)
	want := rules.Decision{Verdict: rules.Rejected, Reject: rules.Reject{Kind: rules.ApprovalFailed, Text: "Du måste vara 50."},
		Reasons: []rules.Reason{{Rule: "check:adults", File: "checks.yaml", Line: 4, Detail: "when, min_age 50"}}}
	if d := cmp.Diff(want, decide(t, tb, q)); d != "" {
		t.Error(d)
	}
	q.Language = "de"
	if got := decide(t, tb, q).Reject.Text; got != "Du måste vara 50." {
		t.Errorf("text for a language that is not there: %q", got)
	}
	q.Order.Customer.DateOfBirth = "1950-01-01"
	if d := decide(t, tb, q); d.Verdict != rules.Redirected || d.Location != "https://shop.example/why?x=1" {
		t.Errorf("got %+v", d)
	}
	if d := decide(t, tb, query(t, buyer(), rules.AddressUpdate)); d.Reject.Text != "early" {
		t.Errorf("got %+v", d)
	}
	if d := cmp.Diff([]string{"gotland", "adults", "late", "update"}, tb.IDs()); d != "" {
		t.Error(d)
	}
	for cb, want := range map[rules.Callback]bool{rules.Validation: true, rules.AddressUpdate: true, rules.CountryChange: false, "push": false} {
		if tb.AsksOn(cb) != want {
			t.Errorf("asks on %s: %v", cb, !want)
		}
	}
}

// TestTrace: the story names each check that was looked at, why it does not hold, and where that stands.
func TestTrace(t *testing.T) {
	t.Parallel()
	tb := load(t, one("missing: phone")+strings.NewReplacer("id: c,", "id: d,").Replace(one(`matches: {city: "visby"}`))+
		strings.NewReplacer("id: c,", "id: e,").Replace(one("min_age: 18"))+strings.NewReplacer("id: c,", "id: f,").Replace(one("when: {to: gotland}"))+
		strings.NewReplacer("id: c,", "id: g,").Replace(one("unless: {class: wine}"))+strings.NewReplacer("id: c,", "id: h,").Replace(one("min_age: 100")))
	q := query(t, buyer(), rules.Validation)
	q.Trace = new(rules.Trace)
	decide(t, tb, q)
	var got []string
	for _, c := range q.Trace.Checks {
		got = append(got, fmt.Sprintf("%s %v %s %d:%d", c.ID, c.Holds, c.Step.Text, c.Step.Line, c.Step.Col))
	}
	want := []string{
		"c false missing: phone is there 3:22",
		"d false matches: city fits no pattern 4:23",
		"e false min_age: the customer is old enough, or the birth date may still come 5:13",
		"f false when: to gotland; the address is not there 6:20",
		"g false unless: class wine 7:22",
		"h true holds: min_age 100 8:6",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestNothingLeaks: nothing that a buyer wrote is in a decision or in the story.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	o := buyer()
	secret := "canary"
	a := o.ShippingAddress
	for _, to := range []*string{&a.GivenName, &a.FamilyName, &a.Email, &a.Phone, &a.StreetAddress, &a.City, &a.CareOf, &o.Customer.VATID,
		&o.Customer.OrganizationRegistrationID, &o.Customer.DateOfBirth} {
		*to = secret
	}
	for _, keys := range []string{"missing: attention", `matches: {street_address: "can*", email: "c*y"}`, "min_age: 18", `matches: {vat_id: "x"}`} {
		q := query(t, o, rules.Validation)
		q.Trace = new(rules.Trace)
		d := decide(t, load(t, one(keys)), q)
		if text := fmt.Sprintf("%+v %+v", d, q.Trace); strings.Contains(text, secret) {
			t.Errorf("%s: %s", keys, text)
		}
	}
}

// TestErrors: a context that ended and a cart out of range.
func TestErrors(t *testing.T) {
	t.Parallel()
	tb := load(t, one("missing: phone"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tb.Validate(ctx, query(t, buyer(), rules.Validation)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	o := buyer()
	o.Lines[0].ShippingAttributes.Weight = 1 << 60
	if _, err := tb.Validate(t.Context(), query(t, o, rules.Validation)); !errors.Is(err, table.ErrOverflow) {
		t.Errorf("got %v", err)
	}
}

// TestConcurrent: many at once get their own answers.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	tb := load(t, one(`matches: {street_address: "box *"}`))
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			o := buyer()
			want := rules.Accept
			if i%2 == 0 {
				o.ShippingAddress.StreetAddress, want = "Box 1", rules.Rejected
			}
			d, err := tb.Validate(context.Background(), query(t, o, rules.Validation))
			if err != nil || d.Verdict != want {
				t.Errorf("got %v, %v", d.Verdict, err)
			}
		})
	}
	wg.Wait()
}

// BenchmarkValidate passes an order through checks of every kind.
func BenchmarkValidate(b *testing.B) {
	tb := load(b, `  - {id: a, missing: [phone, email], reject: {text: a}}
  - {id: b, matches: {street_address: ["box *", "*postbox*", "p.o. box*"]}, reject: {text: b}}
  - {id: c, when: {class: wine}, min_age: 18, reject: {text: c}}
  - {id: d, when: {to: gotland, min_total: 50.00}, reject: {text: d}}
`)
	q := query(b, buyer(), rules.Validation)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if d, err := tb.Validate(ctx, q); err != nil || d.Verdict != rules.Accept {
			b.Fatal(d, err)
		}
	}
}

var _ rules.Early = (*checks.Table)(nil)
