package pricing_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// body makes the body of an update callback of lines; those in bare lose tax_rate and total_tax_amount where they are
// 0, as US shops send them.
func body(t testing.TB, lines []order.Line, bare bool) string {
	t.Helper()
	out := make([]string, 0, len(lines))
	for i := range lines {
		b, err := lines[i].AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		s := string(b)
		if bare {
			s = strings.Replace(strings.Replace(s, `,"tax_rate":0`, "", 1), `,"total_tax_amount":0`, "", 1)
		}
		out = append(out, s)
	}
	return `{"order_amount":0,"order_tax_amount":0,"purchase_currency":"sek","order_lines":[` + strings.Join(out, ",") + `]}`
}

// TestAnswerComesBack: the bytes of an answer, sent as a request, give the same bytes.
func TestAnswerComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		o, s := drawOrder(rt)
		in := decode(t, body(t, o.Lines, rapid.Bool().Draw(rt, "bare")))
		a, err := s.answer(in)
		if !payable(rt, err) {
			return
		}
		if err := accepted(in, a); err != nil {
			rt.Error(err)
		}
		sent := encode(t, a)
		again, err := s.answer(decode(t, sent))
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(encode(t, again), sent); d != "" {
			rt.Errorf("the answer changes when it comes back:\n%s", d)
		}
	})
}

// knobs turns a number into a shop, so that a fuzzer can turn it.
func knobs(n uint64) shop {
	rates := []order.Rate{0, 600, 1200, 2500}
	modes := []pricing.FreightMode{pricing.FreightFixed, pricing.FreightSplit, pricing.FreightHighest, pricing.FreightLargest}
	s := shop{
		Keep:   pricing.Keep(n & 1),
		Policy: pricing.ShippingPolicy{Provider: n&14 == 14, Kept: []string{"*kept*"}},
		Rate: func(l *order.Line) pricing.LineRate {
			at := uint64(len(l.Reference)) + n
			return pricing.LineRate{Rate: rates[at>>4&3], Apply: at&3 != 0}
		},
	}
	if n&48 != 0 {
		s.Freight = []pricing.Freight{{Price: order.Amount(n >> 16 & 0xffff), ExclTax: n&64 != 0,
			Round:    pricing.Rounding{To: order.Amount(n >> 8 & 127)},
			TaxRules: pricing.FreightTax{Mode: modes[n>>4&3], Rate: 2500}}}
	}
	return s
}

// FuzzRecompute: whatever decodes and is priced satisfies the contract's arithmetic and passes the gate where it did so when it came, and
// the answer that comes back gives the same bytes.
func FuzzRecompute(f *testing.F) {
	files, err := filepath.Glob("../order/testdata/update-*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, uint64(4900<<16|16|1))
		f.Add(b, uint64(4900<<16|100<<8|64|32))
	}
	card := line(order.GiftCard, "card", -5000, 0)
	card.MerchantData = `{"balance":7000}`
	f.Add([]byte(body(f, append(cart(4), card, discount("d", 10, 0)), true)), uint64(4900<<16|16))
	f.Fuzz(func(t *testing.T, b []byte, n uint64) {
		in, err := order.DecodeUpdate(b, order.DefaultLimits())
		if err != nil {
			return
		}
		s := knobs(n)
		a, err := s.answer(in)
		if err != nil {
			known(t, err)
			return
		}
		if sound(in) {
			if err := accepted(in, a); err != nil {
				t.Error(err)
			}
		}
		sent := encode(t, a)
		again, err := s.answer(decode(t, sent))
		if err != nil {
			t.Fatalf("the answer as an order: %v", err)
		}
		if d := cmp.Diff(encode(t, again), sent); d != "" {
			t.Errorf("the answer changes when it comes back:\n%s", d)
		}
	})
}

// known fails for an error that is none of the package's.
func known(t *testing.T, err error) {
	t.Helper()
	for _, e := range []error{pricing.ErrNegative, pricing.ErrOverflow, pricing.ErrTooManyLines} {
		if errors.Is(err, e) {
			return
		}
	}
	t.Error(err)
}

// sound reports whether the lines satisfied the contract's arithmetic when they came.
func sound(o *order.Order) bool {
	for _, l := range o.Lines {
		if l.Untaxed() {
			l.TaxRate, l.TotalTaxAmount = 0, 0
		}
		if lineArithmetic(l) != nil {
			return false
		}
	}
	return true
}
