package shipping_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules"
)

// TestUnknownPostcode shows what is offered while only the country is known.
func TestUnknownPostcode(t *testing.T) {
	t.Parallel()
	options := func(text string) string { return shopHead + "options:\n" + text }
	const (
		certain  = "  - {id: land, name: L, to: sweden, price: 10.00}\n"
		mainland = "  - {id: main, name: M, to: mainland, price: 20.00}\n"
		island   = "  - {id: isle, name: I, to: gotland, price: 30.00}\n"
	)
	tests := []struct {
		name, yaml, to, want string
		code                 bool
	}{
		{"the certain ones", options(mainland + certain + island), "SE", "land 1000", true},
		{"the possible ones, where none is certain", options(mainland + island), "SE", "main 2000, isle 3000", true},
		{"a known postcode", options(mainland + certain + island), "SE 621 57", "land 1000, isle 3000", false},
		{"a country without postcodes in the tables", options(certain + "  - {id: dk, name: D, to: denmark, price: 5.00}\n"), "DK", "dk 500", false},
		{"a zone that no option looks at", options(certain), "SE", "land 1000", false},
		{"a zone that only another zone leaves out", options(certain + "  - {id: m, name: M, to: mainland, price: 1.00}\n"), "SE", "land 1000", true},
		{"not_to waits too", options("  - {id: a, name: A, to: sweden, not_to: gotland, price: 1.00}\n" + certain), "SE", "land 1000", true},
		{"unless waits too", options("  - {id: a, name: A, unless: {to: gotland}, price: 1.00}\n" + certain), "SE", "land 1000", true},
		{"when waits too", options("  - {id: a, name: A, when: {to: gotland}, price: 1.00}\n"), "SE", "a 100", true},
		{"a row that needs the postcode does not apply", options("  - {id: a, name: A, price: [{to: gotland, price: 9.00}, {price: 5.00}]}\n"), "SE", "a 500", true},
		{"rows that all need the postcode: the first", options("  - {id: a, name: A, price: [{to: gotland, price: 9.00}, {to: mainland, price: 5.00}]}\n"), "SE", "a 900", true},
		{"a dash that needs the postcode does not apply", options("  - {id: a, name: A, price: [{to: gotland, price: \"-\"}, {price: 5.00}]}\n"), "SE", "a 500", true},
		{"columns by postcode: the certain one", options("  - id: a\n    name: A\n    price:\n      table: |\n        gotland | sweden\n        9.00 | 5.00\n"), "SE", "a 500", true},
		{"columns by postcode: none certain", options("  - id: a\n    name: A\n    price:\n      table: |\n        gotland | mainland\n        9.00 | 5.00\n"), "SE", "a 900", true},
		{"a supplement that needs the postcode is left out", options("  - {id: a, name: A, price: 5.00, surcharges: [{to: gotland, add: 9.00}]}\n"), "SE", "a 500", true},
		{"free_from that needs the postcode does not apply", options("  - {id: a, name: A, price: 5.00, free_from: {total: 1.00, to: mainland}}\n"), "SE", "a 500", true},
		{"row 82: an impossible postcode keeps nothing that is certain", options(mainland + certain), "SE 99", "-", true},
		{"row 82: an impossible postcode makes nothing possible", options(mainland + island), "SE 99", "-", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := offer(t, load(t, tt.yaml), ask{to: tt.to})
			if short(got) != tt.want {
				t.Errorf("got %s, want %s", short(got), tt.want)
			}
			if got.NeedsCode != tt.code {
				t.Errorf("NeedsCode: got %v, want %v", got.NeedsCode, tt.code)
			}
		})
	}
}

// TestRegion reads states with and without their country mark.
func TestRegion(t *testing.T) {
	t.Parallel()
	table := load(t, `version: 1
currency: USD
time_zone: America/Chicago
languages: [en]
zones:
  california: {US-CA: all}
  lower48: {US: all, except: california}
options:
  - {id: ca, name: CA, to: california, price: 1.00}
  - {id: us, name: US, to: lower48, price: 2.00}
`)
	tests := []struct {
		name string
		to   rules.Destination
		want string
	}{
		{"bare", rules.Destination{Country: "US", Region: "CA", Postcode: "90001"}, "ca 100"},
		{"with mark", rules.Destination{Country: "US", Region: "US-CA", Postcode: "90001"}, "ca 100"},
		{"elsewhere", rules.Destination{Country: "US", Region: "TX", Postcode: "75001"}, "us 200"},
	}
	for _, tt := range tests {
		q := ask{currency: "USD", lang: "en"}.query(t)
		q.Destination = tt.to
		out, err := table.Offer(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if short(out) != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, short(out), tt.want)
		}
	}
}

// TestNothing says why there is no option.
func TestNothing(t *testing.T) {
	t.Parallel()
	const option = "options:\n  - {id: a, name: A, to: sweden, not_to: gotland, when: {max_weight: 5 kg}, price: 1.00}\n"
	told := "no_option:\n  error: approval_failed\n  text: {sv: Nej, en: No}\n"
	heavy := []item{{grams: 9000, price: 1}}
	unsupported := &rules.Reject{Kind: rules.UnsupportedShippingAddress, TextKey: "unsupported"}
	tests := []struct {
		name, yaml string
		ask        ask
		want       *rules.Reject
		unpriced   bool
	}{
		{"too heavy", shopHead + option, ask{items: heavy}, unsupported, false},
		{"own words", shopHead + option + told, ask{items: heavy}, &rules.Reject{Kind: rules.ApprovalFailed, Text: "Nej", TextKey: "unsupported"}, false},
		{"own words in another language", shopHead + option + told, ask{items: heavy, lang: "en"}, &rules.Reject{Kind: rules.ApprovalFailed, Text: "No", TextKey: "unsupported"}, false},
		{"own words in the first language", shopHead + option + told, ask{items: heavy, lang: "fi"}, &rules.Reject{Kind: rules.ApprovalFailed, Text: "Nej", TextKey: "unsupported"}, false},
		{"another country", shopHead + option, ask{to: "DK 2100"}, unsupported, true},
		{"another currency", shopHead + option, ask{currency: "EUR"}, unsupported, true},
		{"another part of the country", shopHead + option, ask{to: "SE 621 57"}, unsupported, false},
		{"an impossible postcode", shopHead + option + told, ask{to: "SE 1"}, &rules.Reject{Kind: rules.AddressError, TextKey: "postcode"}, false},
		{"address_error by the file", shopHead + option + "no_option: {error: address_error}\n", ask{items: heavy},
			&rules.Reject{Kind: rules.AddressError, TextKey: "postcode"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := offer(t, load(t, tt.yaml), tt.ask)
			if diff := cmp.Diff(tt.want, got.NoOption); diff != "" {
				t.Errorf("NoOption (-want +got):\n%s", diff)
			}
			if got.Unpriced != tt.unpriced {
				t.Errorf("Unpriced: got %v, want %v", got.Unpriced, tt.unpriced)
			}
			if len(got.Options) > 0 || len(got.Reasons) != 1 || got.Reasons[0].Rule != "no_option" || got.Reasons[0].File != "shipping.yaml" {
				t.Errorf("options %v, reasons %+v", got.Options, got.Reasons)
			}
		})
	}
}

// TestNothingToShip has no opinion where all goods are digital.
func TestNothingToShip(t *testing.T) {
	t.Parallel()
	table := load(t, shopHead+"options:\n  - {id: a, name: A, price: 1.00}\n")
	for _, items := range [][]item{{}, {{price: 100, kind: "digital"}}, {{price: 100, kind: "gift_card"}}} {
		if diff := cmp.Diff(rules.Offers{}, offer(t, table, ask{items: items})); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", items, diff)
		}
	}
}
