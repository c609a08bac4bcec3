package rulestest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// fakeTables offer what a test wants.
type fakeTables struct {
	offers rules.Offers
	err    error
	home   *rules.Reject // of the tax at home
}

func (f *fakeTables) Offer(context.Context, *rules.Query) (rules.Offers, error) {
	return f.offers, f.err
}

func (f *fakeTables) Goods(_ context.Context, q *rules.Query) (rules.GoodsTax, error) {
	g := rules.GoodsTax{Rates: make([]pricing.LineRate, len(q.Lines)), Reject: f.home}
	for i := range g.Rates {
		g.Rates[i] = pricing.LineRate{Rate: 2500, Apply: true}
	}
	return g, nil
}

func (f *fakeTables) Freight(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
	return pricing.FreightTax{Mode: pricing.FreightSplit, Rate: 2500}, nil
}

func (f *fakeTables) subject(t *testing.T) rulestest.Subject {
	t.Helper()
	e, err := rules.NewEngine(rules.Options{Revision: "r", Members: []rules.Member{{Name: "tables", Impl: f, Inline: true}},
		CountryChange: map[string]string{"NO": "https://shop.example/no"}})
	if err != nil {
		t.Fatal(err)
	}
	return rulestest.Subject{Engine: e, Tax: f, Currency: "SEK", Home: "SE"}
}

// TestAutomaticChecks: a case fails without being asked where the checkout would refuse the answer, or there is none.
func TestAutomaticChecks(t *testing.T) {
	t.Parallel()
	good := rules.Offer{ID: "a", Name: "A", Price: 100}
	for _, tt := range []struct {
		name   string
		tables fakeTables
		to     string
		want   string
	}{
		{"it passes", fakeTables{offers: rules.Offers{Options: []rules.Offer{good}}}, "SE 1", ""},
		{"a name that is too long", fakeTables{offers: rules.Offers{Options: []rules.Offer{{ID: "a", Name: strings.Repeat("n", 256)}}}}, "SE 1",
			"automatic check: the checkout would refuse the answer: /shipping_options/0/name: sent 256 characters"},
		{"no name", fakeTables{offers: rules.Offers{Options: []rules.Offer{{ID: "a"}}}}, "SE 1", "/shipping_options/0/name"},
		{"text that is not UTF-8", fakeTables{offers: rules.Offers{Options: []rules.Offer{{ID: "a", Name: "\xff"}}}}, "SE 1", "the answer cannot be encoded"},
		{"an engine that fails", fakeTables{err: errors.New("broken")}, "SE 1", "automatic check: the tables could not answer: "},
		{"a price that is too high", fakeTables{offers: rules.Offers{Options: []rules.Offer{{ID: "a", Price: order.MaxLineAmount + 1}}}}, "SE 1",
			"the tables could not answer"},
		{"a home that is not served", fakeTables{home: &rules.Reject{}}, "SE 1", "tax at home: the tax tables do not serve SE itself"},
		{"a redirect", fakeTables{offers: rules.Offers{Unpriced: true}}, "NO 1", "answer: the order is refused: redirect to https://shop.example/no"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, r := tt.tables.subject(t), new(diag.Report)
			res := rulestest.Run(withFile(oneCase("to: "+tt.to+"\ncart: {weight: 1 kg, total: 10.00}\nexpect: {with: [a]}")), "t.test.yaml", s, r)
			if res == nil {
				t.Fatal(short(t, r))
			}
			var told []string
			for _, f := range res.Cases[0].Failures {
				told = append(told, f.String())
			}
			got := strings.Join(told, "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got %q\nwant %q in it", got, tt.want)
			}
			if (res.Failed == 0) != (tt.want == "") {
				t.Errorf("failed %d", res.Failed)
			}
		})
	}
}

// TestFailureOnOneLine is what a log line shows of a failure.
func TestFailureOnOneLine(t *testing.T) {
	t.Parallel()
	res, _ := run(t, shop(t), oneCase("option: ombud\ncart: {total: 1.00}\ntable: |\n  to | weight | price\n  SE 621 57 | 1 kg | 49.00"))
	want := "row 1: to SE 621 57, 1 kg: price of ombud: expected 49.00 SEK, got 79.00 SEK; price row 2: up to 5 kg (shipping.yaml:29:35); " +
		"Gotlandstillägg (shipping.yaml:32:28)"
	if got := res.Cases[0].Failures[0].String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestExplainForeignEngine: an option of an engine that tells no story, and a redirect, are told as well as can be.
func TestExplainForeignEngine(t *testing.T) {
	t.Parallel()
	f := fakeTables{offers: rules.Offers{Options: []rules.Offer{{ID: "a", Name: "A", Price: 100}}, Preselect: rules.PreselectNone}}
	x := rulestest.Explain(f.subject(t), rulestest.Asked{To: "SE", Cart: "1 kg, 10.00"}, noon(), new(diag.Report))
	var s strings.Builder
	if err := x.Text(&s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"✓ a   1.00 SEK   tax 0.20 (25 %)\n", "freight 0.00 (none is chosen) = 10.00 SEK"} {
		if !strings.Contains(s.String(), want) {
			t.Errorf("got %s\nwant %q in it", &s, want)
		}
	}
	f = fakeTables{offers: rules.Offers{Unpriced: true}}
	x = rulestest.Explain(f.subject(t), rulestest.Asked{To: "NO", Cart: "1 kg, 10.00"}, noon(), new(diag.Report))
	if x.Refusal == nil || x.Refusal.Location != "https://shop.example/no" || x.Refusal.Error != "" {
		t.Errorf("got %+v", x.Refusal)
	}
}
