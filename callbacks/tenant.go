package callbacks

import (
	"slices"
	"time"
)

// tenant is a merchant made ready to serve. It is read-only but for what is carried over a reload of the merchants.
type tenant struct {
	Merchant
	lock              lock // of the provider's callbacks
	shopLock          lock // of what the shop itself asks
	orderIDParameters []string
	carried           *carried
}

// tenants are all merchants of a moment. A merchant that is not there is measured against nobody, whose tokens open
// nothing, so that it takes as long as a wrong token.
type tenants struct {
	byID   map[string]*tenant
	nobody *tenant
}

func newTenants(ms []*Merchant, before *tenants) *tenants {
	size := 1
	for _, m := range ms {
		size = max(size, len(m.Tokens), len(m.ShopTokens))
	}
	ts := &tenants{
		byID:   make(map[string]*tenant, len(ms)),
		nobody: &tenant{lock: newLock(nil, size), shopLock: newLock(nil, size)},
	}
	for _, m := range ms {
		t := &tenant{Merchant: *m, lock: newLock(m.Tokens, size), shopLock: newLock(m.ShopTokens, size),
			orderIDParameters: slices.Clone(m.OrderIDParameters)}
		if len(t.orderIDParameters) == 0 {
			t.orderIDParameters = []string{klarnaOrderID, kustomOrderID}
		}
		if before != nil && before.byID[m.ID] != nil {
			t.carried = before.byID[m.ID].carried
		} else {
			t.carried = newCarried()
		}
		ts.byID[m.ID] = t
	}
	return ts
}

// open finds the merchant that a token opens for the provider, or for the shop itself; nil where there is none. The work is
// the same whatever is wrong.
func (ts *tenants) open(merchant, token string, now time.Time, shop bool) (*tenant, tokenAge) {
	t, known := ts.byID[merchant]
	if !known {
		t = ts.nobody
	}
	l := &t.lock
	if shop {
		l = &t.shopLock
	}
	age := l.open(token, now)
	if !age.opens() {
		return nil, age
	}
	return t, age
}
