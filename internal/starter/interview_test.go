package starter_test

import (
	"bufio"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/starter"
)

// interview answers questions with lines; flags were given.
func interview(lines string, flags ...string) (*starter.Interview, *bytes.Buffer) {
	var out bytes.Buffer
	return &starter.Interview{In: bufio.NewReader(strings.NewReader(lines)), Out: &out,
		Given: func(flag string) bool { return strings.Contains(" "+strings.Join(flags, " ")+" ", " "+flag+" ") }}, &out
}

func TestInterview(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, lines string
		flags       []string
		before      starter.Answers
		want        starter.Answers
		said        string
	}{
		{name: "defaults", lines: "\n\n\n\n\n\n", said: "Which country is the shop in? [SE]",
			want: starter.Answers{Country: "SE", Currency: "SEK", Languages: []string{"sv", "en"}, ShipTo: []string{"SE"}, Prices: "include tax",
				VAT: "destination", Options: []string{"Paket, up to 20 kg 49.00, free from 500.00"}}},
		{name: "everything", lines: "fi\neur\nfi, sv\nEU NO\nno\nhome\nPaketti, 4,90\nPaketti, 4.90\n\n", said: "decimals are written with a point",
			want: starter.Answers{Country: "FI", Currency: "EUR", Languages: []string{"fi", "sv"}, ShipTo: []string{"FI", "EU", "NO"},
				Prices: "exclude tax", VAT: "home", Options: []string{"Paketti, 4.90"}}},
		{name: "asked again", lines: "Norge\nNO\nkroner\nNOK\nnorsk\nnb\nUSA\n\nperhaps\nyes\n\n", said: `"perhaps": want yes or no`,
			want: starter.Answers{Country: "NO", Currency: "NOK", Languages: []string{"nb"}, ShipTo: []string{"NO"}, Prices: "include tax",
				VAT: "destination", Options: []string{"Pakke, up to 20 kg 49.00, free from 500.00"}}},
		{name: "flags", lines: "\n", flags: []string{"country", "currency", "languages", "ship-to", "option"}, said: "Do its freight prices include tax? [yes]",
			before: starter.Answers{Country: "GB", Options: []string{"Post, 3.00"}},
			want: starter.Answers{Country: "GB", Currency: "GBP", Languages: []string{"en"}, ShipTo: []string{"GB"}, Prices: "include tax",
				VAT: "destination", Options: []string{"Post, 3.00"}}},
		{name: "sales tax", lines: "US\n\n\n\n\nCA 7\nUS-CA 7.25% none\n\n\n", said: `want a state, its rate and whether freight is taxed`,
			want: starter.Answers{Country: "US", Currency: "USD", Languages: []string{"en"}, ShipTo: []string{"US"}, Prices: "exclude tax",
				VAT: "destination", Collect: []string{"US-CA 7.25% none"}, Options: []string{"Parcel, up to 50 lb 4.90, free from 50.00"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v, out := interview(test.lines, test.flags...)
			got := test.before
			if err := v.Rulebook(&got); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
			if !strings.Contains(out.String(), test.said) {
				t.Errorf("did not say %q:\n%s", test.said, out)
			}
			whole(t, made(t, got))
		})
	}
}

// TestInterviewEnds: who goes away in the middle gets nothing.
func TestInterviewEnds(t *testing.T) {
	t.Parallel()
	for _, lines := range []string{"", "SE\n", "SE\n\n\n\n\n"} {
		v, _ := interview(lines)
		if err := v.Rulebook(&starter.Answers{}); !errors.Is(err, starter.ErrGone) {
			t.Errorf("%q: %v", lines, err)
		}
	}
}

func TestAskService(t *testing.T) {
	t.Parallel()
	v, out := interview("half\nfull\nhttps://shop.example/orders\n")
	var s starter.Service
	if err := v.Ask(&s); err != nil {
		t.Fatal(err)
	}
	want := starter.Service{Merchant: "shop", Mode: "full", Provider: starter.Playground, Sink: "https://shop.example/orders"}
	if d := cmp.Diff(want, s); d != "" || !strings.Contains(out.String(), `mode "half": want pricing or full`) {
		t.Errorf("%s\n%s", d, out)
	}
	v, _ = interview("\n")
	s = starter.Service{}
	if err := v.Ask(&s); err != nil || s.Mode != starter.ModePricing {
		t.Errorf("%v %v", s, err)
	}
}
