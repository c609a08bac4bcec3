package callbacks_test

import (
	"context"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/rules"
)

// keeper keeps the body it was lent, as a member that was cut off would.
type keeper struct{ bodies [][]byte }

func (k *keeper) ReadsBody() {}

func (k *keeper) Validate(_ context.Context, q *rules.Query) (rules.Decision, error) {
	k.bodies = append(k.bodies, q.Body)
	return rules.Decision{}, nil
}

// TestLentBody: a validator that asks for the body gets it byte for byte, and it is never written to again.
func TestLentBody(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	e := newEngine(t, &tables{}, func(o *rules.Options) {
		o.Members = append(o.Members, rules.Member{Name: "keeper", Impl: k, Inline: true})
	})
	s := newShop(t, func(o *callbacks.Options) { o.Merchants = []*callbacks.Merchant{newMerchant("demo", e)} })
	first, second := orderJSON(`,"x":"first"`), orderJSON(`,"x" : "2nd"`)
	for _, body := range []string{first, second, strings.Replace(first, "first", "third", 1)} {
		if r := s.post(base+"/validation"+query, body); r.status != 200 {
			t.Fatalf("got %d %s", r.status, r.body)
		}
		s.post(base+"/address-update"+query, cartJSON(""))
	}
	if len(k.bodies) != 3 || string(k.bodies[0]) != first || string(k.bodies[1]) != second {
		t.Errorf("%d bodies; first %q", len(k.bodies), k.bodies[0])
	}
}
