package shopcheck_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/shopcheck"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
)

// tables sell nothing that is shipped, at no tax.
type tables struct{}

func (tables) Goods(_ context.Context, q *rules.Query) (rules.GoodsTax, error) {
	return rules.GoodsTax{Rates: make([]pricing.LineRate, len(q.Lines))}, nil
}

func (tables) Freight(context.Context, *rules.Query, string) (pricing.FreightTax, error) {
	return pricing.FreightTax{}, nil
}

func (tables) Offer(context.Context, *rules.Query) (rules.Offers, error) { return rules.Offers{}, nil }

// told collects faults.
type told struct {
	mu   sync.Mutex
	list []string
}

func (f *told) add(x rules.Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, x.Member+" "+x.Hook+" "+x.Fallback)
}

// engine asks the shop last, as the service does.
func engine(t *testing.T, url string, deadline time.Duration, policy rules.FaultPolicy, f *told) *rules.Engine {
	t.Helper()
	c := check(t, shopcheck.Options{URL: url})
	e, err := rules.NewEngine(rules.Options{Revision: "1", OnFault: f.add, Members: []rules.Member{
		{Name: "tables", Impl: tables{}, Inline: true},
		{Name: shopcheck.Name, Impl: c, Deadline: deadline, OnFault: policy},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func judge(t *testing.T, e *rules.Engine) rules.Decision {
	t.Helper()
	q := e.Query(rules.Validation, &order.Order{PurchaseCountry: "SE", PurchaseCurrency: "SEK"}, at())
	q.Body = []byte(body)
	d, err := e.Judge(t.Context(), q, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestPolicy: where the shop does not answer as it should, the policy does, and somebody is told.
func TestPolicy(t *testing.T) {
	t.Parallel()
	s := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	for policy, want := range map[rules.FaultPolicy]rules.Verdict{rules.FaultSkip: rules.Accept, rules.FaultDeny: rules.Rejected} {
		var f told
		if d := judge(t, engine(t, s.URL, time.Second, policy, &f)); d.Verdict != want {
			t.Errorf("policy %d: got %+v", policy, d)
		}
		fallback := map[rules.FaultPolicy]string{rules.FaultSkip: "skip", rules.FaultDeny: "deny"}[policy]
		if d := cmp.Diff([]string{"shop_check Validator " + fallback}, f.list); d != "" {
			t.Error(d)
		}
	}
}

// TestDeadline: a shop that never answers costs its deadline and no more.
func TestDeadline(t *testing.T) {
	t.Parallel()
	s := server(t, func(_ http.ResponseWriter, r *http.Request) {
		buf := make([]byte, 1024)
		for {
			if _, err := r.Body.Read(buf); err != nil {
				break
			}
		}
		<-r.Context().Done()
	})
	var f told
	if d := judge(t, engine(t, s.URL, 20*time.Millisecond, rules.FaultSkip, &f)); d.Verdict != rules.Accept || len(f.list) != 1 {
		t.Errorf("got %+v, %v", d, f.list)
	}
}

// TestBreaker: a shop that is down is not asked again and again.
func TestBreaker(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	s := server(t, func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		w.WriteHeader(http.StatusInternalServerError)
	})
	var f told
	e := engine(t, s.URL, time.Second, rules.FaultSkip, &f)
	for range 20 {
		judge(t, e)
	}
	if hits.Load() != 5 || len(f.list) != 20 {
		t.Errorf("%d requests, %d faults told", hits.Load(), len(f.list))
	}
}
