package rulebook_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

const noBoxes = "version: 1\nchecks:\n  - {id: no-boxes, matches: {street_address: [\"box *\"]}, on: address_update, reject: {text: no}}\n"

// TestChecks: a checks file is part of the rulebook and of its revision, and its checks are asked.
func TestChecks(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	plain, _ := load(t, dir)
	write(t, dir, "checks.yaml", noBoxes)
	b, told := load(t, dir)
	if b == nil {
		t.Fatal(told)
	}
	if b.Revision == plain.Revision || !slices.Contains(b.Files, "checks.yaml") || plain.Checks != nil {
		t.Errorf("revision %s, files %v", b.Revision, b.Files)
	}
	s, err := b.Subject(rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"no-boxes"}, s.Checks); d != "" {
		t.Error(d)
	}
	o := &order.Order{PurchaseCurrency: "SEK", ShippingAddress: &order.Address{Country: "SE", PostalCode: "113 51", StreetAddress: "Box 1"}}
	_, d, err := s.Engine.Price(t.Context(), s.Engine.Query(rules.AddressUpdate, o, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)))
	if err != nil || d.Verdict != rules.Rejected || d.Reasons[0].Rule != "check:no-boxes" || d.Reasons[0].Revision != b.Revision {
		t.Errorf("got %+v, %v", d, err)
	}
}

// TestBrokenChecks: a fault in the checks refuses the rulebook; zones are those of shipping.yaml.
func TestBrokenChecks(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	write(t, dir, "checks.yaml", "version: 1\nchecks:\n  - {id: a, when: {to: atlantis}, reject: {text: no}}\n")
	b, told := load(t, dir)
	if b != nil || !strings.HasPrefix(told, "checks.yaml:3:24: there is no zone `atlantis` [E203]\n") {
		t.Errorf("got %v, %q", b, told)
	}
}

// TestMisnamedChecks: a file that was meant to be checks.yaml stops nothing, which is told.
func TestMisnamedChecks(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	write(t, dir, "checks.yml", noBoxes)
	b, told := load(t, dir)
	if b == nil || b.Checks != nil || told != "checks.yml:1:1: this file is not read: checks are in checks.yaml [W504]\nhelp: rename it to checks.yaml\n" {
		t.Errorf("got %v, %q", b, told)
	}
}
