package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// TestSite: the provider's paths go to the provider, all others to the pages, if there are any.
func TestSite(t *testing.T) {
	t.Parallel()
	sim, x := checkout(t, good())
	pages := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for path, want := range map[string][2]int{ // with pages, and without
		"/checkout/v3/orders/" + x.ID():        {http.StatusOK, http.StatusOK},
		"/ordermanagement/v1/orders/" + x.ID(): {http.StatusNotFound, http.StatusNotFound},
		"/":                                    {http.StatusTeapot, http.StatusNotFound},
		"/checkouts/" + x.ID():                 {http.StatusTeapot, http.StatusNotFound},
	} {
		for i, h := range []http.Handler{pages, nil} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.SetBasicAuth("user", "password")
			w := httptest.NewRecorder()
			simulator.Site(sim.Provider(), h).ServeHTTP(w, r)
			if w.Code != want[i] {
				t.Errorf("%s: %d, want %d", path, w.Code, want[i])
			}
		}
	}
}

// TestLockOverTheAPI: what the lock refuses is refused over HTTP as the provider does, and only updates are.
func TestLockOverTheAPI(t *testing.T) {
	t.Parallel()
	sim, x := checkout(t, good())
	unlock, err := sim.Provider().Lock(x.ID())
	must(t, err)
	call := func(method string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, "/checkout/v3/orders/"+x.ID(), strings.NewReader(`{"merchant_data":"new"}`))
		r.SetBasicAuth("user", "password")
		w := httptest.NewRecorder()
		sim.Provider().Handler().ServeHTTP(w, r)
		return w
	}
	if w := call(http.MethodPost); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "READ_ONLY_ORDER") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := call(http.MethodGet); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	unlock()
	if w := call(http.MethodPost); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestFreightOfTheProviderInTheUS: the line that the provider adds has no tax, and the order's tax stays that of its lines.
func TestFreightOfTheProviderInTheUS(t *testing.T) {
	t.Parallel()
	const tee = `{"name":"Tee","quantity":1,"unit_price":1000,"tax_rate":0,"total_amount":1000,"total_tax_amount":0}`
	const tax = `{"type":"sales_tax","name":"Tax","quantity":1,"unit_price":80,"tax_rate":0,"total_amount":80,"total_tax_amount":0}`
	const ground = `{"id":"ground","name":"Ground","price":700,"tax_amount":0,"tax_rate":0,"preselected":true}`
	cart := `{"purchase_country":"US","purchase_currency":"USD","locale":"en-US","order_amount":1080,"order_tax_amount":80,"order_lines":[` + tee + "," + tax + `],"shipping_options":[` + ground + `]}`
	sim := world(t, good())
	x, err := sim.Start([]byte(cart), nil)
	must(t, err)
	for range 2 {
		must(t, x.Choose(t.Context(), "ground"))
		if v := x.View(); v.Total != 1780 || v.Tax != 80 || len(v.Freight()) != 1 || judge.Order(v.JSON) != nil {
			t.Errorf("%+v", v)
		}
	}
}

// FuzzStart wants of any cart: it is refused, or becomes an order of its own id that the provider takes.
func FuzzStart(f *testing.F) {
	f.Add([]byte(lampCart))
	for _, c := range simulator.Carts() {
		f.Add(c.Body)
	}
	id := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	f.Fuzz(func(t *testing.T, cart []byte) {
		sim := world(t, good())
		x, err := sim.Start(cart, urls())
		if err != nil {
			return
		}
		v := x.View()
		if !id.MatchString(v.ID) || judge.Order(v.JSON) != nil || !json.Valid(v.JSON) {
			t.Errorf("%s: %s", v.ID, v.JSON)
		}
		must(t, x.Enter(t.Context()))
	})
}
