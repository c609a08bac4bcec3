package rulestest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// TestFieldsOfAnOption: every member that can be expected of an option is compared with the one of its name.
func TestFieldsOfAnOption(t *testing.T) {
	t.Parallel()
	full := rules.Offer{ID: "a", Name: "Till ombud", Description: "Att hämta", Promo: "Nyhet", Price: 1250, Method: "PickUpPoint",
		TMSReference: "tms-1", Details: &order.DeliveryDetails{Carrier: "PostNord", Class: "standard",
			Product: &order.CarrierProduct{Name: "MyPack"}}}
	bare := rules.Offer{ID: "a", Name: "A", Price: 1250}
	for _, tt := range []struct {
		field, right, wrong string
		bare                string // what an option without it has
	}{
		{"name", "Till ombud", "Ombud", "A"},
		{"description", "Att hämta", "Hämta", ""},
		{"promo", "Nyhet", "Rea", ""},
		{"method", "PickUpPoint", "Home", ""},
		{"tms_reference", "tms-1", "tms-2", ""},
		{"carrier", "PostNord", "Schenker", ""},
		{"delivery_class", "standard", "express", ""},
		{"product", "MyPack", "mypack", ""},
		{"price", "12.50", "12.49", "12.50 SEK"},
		{"tax", "2.50", "2.51", "2.50 SEK"},
		{"tax_rate", "25%", "12%", "25 %"},
		{"preselected", "yes", "no", "yes"},
	} {
		t.Run(tt.field, func(t *testing.T) {
			t.Parallel()
			if got := wanted(t, full, tt.field, tt.right); got != "" {
				t.Errorf("the right one: %s", got)
			}
			if got := wanted(t, full, tt.field, tt.wrong); !strings.HasPrefix(got, tt.field+" of a: expected ") {
				t.Errorf("a wrong one: got %q", got)
			}
			if got := wanted(t, bare, tt.field, tt.wrong); !strings.HasSuffix(got, ", got "+tt.bare) {
				t.Errorf("an option without it: got %q, want %q", got, tt.bare)
			}
		})
	}
}

// wanted is what fails where a case expects a member of the only option.
func wanted(t *testing.T, o rules.Offer, field, value string) string {
	t.Helper()
	f := fakeTables{offers: rules.Offers{Options: []rules.Offer{o}, Preselect: rules.PreselectFirst}}
	return failures(t, &f, "expect: {with: [{id: a, "+field+": "+value+"}]}")
}

// failures runs a case about an order to Sweden and says what fails, a line each.
func failures(t *testing.T, f *fakeTables, body string) string {
	t.Helper()
	r := new(diag.Report)
	res := rulestest.Run(withFile(oneCase("to: SE 113 51\ncart: {weight: 1 kg, total: 10.00}\n"+body)), "t.test.yaml", f.subject(t), r)
	if res == nil {
		t.Fatal(short(t, r))
	}
	var told []string
	for _, f := range res.Cases[0].Failures {
		told = append(told, f.String())
	}
	return strings.Join(told, "\n")
}

// TestPickupPoints: the id of an option stands for its points; an id with a point for that one.
func TestPickupPoints(t *testing.T) {
	t.Parallel()
	tables := func() *fakeTables {
		return &fakeTables{offers: rules.Offers{Options: []rules.Offer{{ID: "ombud:17", Name: "ICA", Price: 100}, {ID: "ombud:4", Name: "Coop", Price: 200},
			{ID: "ombudsman", Name: "O", Price: 300}}}}
	}
	for body, want := range map[string]string{
		"expect: {with: [ombud]}":                                      "",
		"expect: {with: [{id: ombud, name: ICA}]}":                     "",
		"expect: {with: [{id: \"ombud:4\", name: Coop, price: 2.00}]}": "",
		"expect: {options: [\"ombud:17\", \"ombud:4\", ombudsman]}":    "",
		"expect: {with: [\"ombud:5\"]}":                                "ombud:5: expected offered, got not offered",
		"expect: {without: [\"ombud:5\", omb]}":                        "",
		"expect: {without: [ombud]}":                                   "ombud: expected not offered, got offered",
		"expect: {without: [\"ombud:4\"]}":                             "ombud:4: expected not offered, got offered",
		"option: ombud\ntable: |\n  price\n  1.00":                     "",
		"option: ombud\ntable: |\n  price\n  not offered":              "row 1: ombud: expected not offered, got offered",
	} {
		if got := failures(t, tables(), body); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", body, got, want)
		}
	}
}

// TestTraced shows each question as it reached the tables: what a case, its table and the defaults say about the buyer.
func TestTraced(t *testing.T) {
	t.Parallel()
	const defaults = "version: 1\nnow: 2026-11-23 10:00\ndefaults: {to: SE 1, customer: person, cart: {total: 1.00}}\ncases:\n  - name: it\n"
	for name, tt := range map[string]struct {
		body string
		want []order.Customer
	}{
		"defaults": {"expect: {with: [a]}", []order.Customer{{Type: "person"}}},
		"case":     {"customer: organization\nexpect: {with: [a]}", []order.Customer{{Type: "organization"}}},
		"map": {"customer: {type: organization, vat_id: \" DE123456789 \", organization_registration_id: 55-1}\nexpect: {with: [a]}",
			[]order.Customer{{Type: "organization", VATID: "DE123456789", OrganizationRegistrationID: "55-1"}}},
		"columns": {"customer: {type: organization, vat_id: DE1}\noption: a\ntable: |\n  customer | vat_id | price\n  person | | 1.00\n   | DE2 | 1.00",
			[]order.Customer{{Type: "person"}, {Type: "organization", VATID: "DE2"}}},
		"order": {"order: orders/visby.json\nexpect: {with: [a]}", []order.Customer{{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := fakeTables{offers: rules.Offers{Options: []rules.Offer{{ID: "a", Name: "A", Price: 100}}}}
			s, r := f.subject(t), new(diag.Report)
			var got []order.Customer
			s.Traced = func(q *rules.Query, _ *rules.Trace) {
				var c order.Customer
				if q.Order.Customer != nil {
					c = *q.Order.Customer
				}
				got = append(got, c)
			}
			text := defaults + "    " + strings.ReplaceAll(tt.body, "\n", "\n    ") + "\n"
			if res := rulestest.Run(withFile(text), "t.test.yaml", s, r); res == nil || res.Failed > 0 {
				t.Fatalf("%+v %s", res, short(t, r))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
