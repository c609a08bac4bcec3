package confirm_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/confirm"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = "testdata/" + name
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil { //nolint:gosec // a test's file
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s, want - / got +:\n%s", name, d)
	}
}

const consents = `{"order_id":"x","purchase_country":"SE","purchase_currency":"SEK","locale":"sv-SE","order_amount":1,"order_tax_amount":0,"order_lines":[],` +
	`"merchant_requested":{"additional_checkboxes":[{"id":"news","checked":true}]},"recurring":true,"recurring_token":"tok-1",` +
	`"customer":{"type":"organization","national_identification_number":"` + canaryID + `"}}`

func TestBodies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file    string
		payload confirm.Payload
		read    func(context.Context, string) ([]byte, error)
	}{
		{"whole.json", confirm.Payload{}, nil},
		{"thin.json", confirm.Payload{Thin: true}, func(context.Context, string) ([]byte, error) { return []byte(consents), nil }},
		{"personal.json", confirm.Payload{PersonalIDs: true}, nil},
		{"consents.json", confirm.Payload{}, func(context.Context, string) ([]byte, error) { return []byte(consents), nil }},
		{"whole.json", confirm.Payload{}, func(context.Context, string) ([]byte, error) { return []byte(`{"order_id":"x"`), nil }},
		{"whole.json", confirm.Payload{}, func(context.Context, string) ([]byte, error) { return nil, errors.New(canaryName[:3]) }},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			run(t, func(w *world) {
				w.office.add(lamp)
				w.merchant = func() *confirm.Merchant {
					x := &confirm.Merchant{ID: shop, Provider: w.office.provider(), Sink: w.sink(), Payload: c.payload}
					if c.read != nil {
						x.Checkout = checkout{c.read}
					}
					return x
				}
				w.start().push(lamp)
				w.pass(0)
				w.wantDone(lamp)
				body := w.takes(lamp)[0].body
				golden(t, c.file, body)
				if keeps := strings.Contains(body, "date_of_birth") || strings.Contains(body, canaryID); keeps != c.payload.PersonalIDs {
					t.Errorf("personal ids in the body: %v, want %v", keeps, c.payload.PersonalIDs)
				}
				if strings.Contains(body, canaryMail) == c.payload.Thin {
					t.Errorf("thin is %v: %s", c.payload.Thin, body)
				}
			})
		})
	}
}

// A checkout order that cannot be read is told, and holds nothing up.
func TestNoConsents(t *testing.T) {
	t.Parallel()
	run(t, func(w *world) {
		w.office.add(lamp)
		w.merchant = func() *confirm.Merchant {
			return &confirm.Merchant{ID: shop, Provider: w.office.provider(), Sink: w.sink(), Checkout: checkout{
				func(ctx context.Context, _ string) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }}}
		}
		w.start().push(lamp)
		w.pass(2e9)
		w.wantDone(lamp)
		if told := w.told(confirm.StepNoConsents); len(told) != 1 || told[0].Reason != confirm.ReasonUnavailable {
			t.Errorf("told %v", told)
		}
	})
}

// Seals and their keys print as ***, and short keys are refused.
func TestSealIsSecret(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("Ostrich", 5)
	s, err := confirm.NewSeal(secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, s); got != "***" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
	if _, err := confirm.NewSeal(secret, "short"); err == nil || strings.Contains(err.Error(), "short") && !strings.Contains(err.Error(), "seal key 2 has 5 bytes") {
		t.Errorf("error %v", err)
	}
}
