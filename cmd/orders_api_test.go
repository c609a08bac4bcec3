package cmd_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// idleShop is a shop in mode full that holds one order, which the provider does not show.
func idleShop(t *testing.T) *running {
	t.Helper()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	if err := shop.provider.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Failing}); err != nil {
		t.Fatal(err)
	}
	edit(t, shop.config, "backoff: [100ms]", "backoff: [1h]")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	r := start(t, "--config", shop.config)
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusAccepted {
		t.Fatalf("push: %d", status)
	}
	r.await(`"step":"failed"`)
	return r
}

// TestOrdersAPI: every answer of the API, the refusals included.
func TestOrdersAPI(t *testing.T) {
	t.Parallel()
	r := idleShop(t)
	const json, order = "application/json", "/api/orders/shop/" + confirmedID
	for _, tt := range []struct {
		name, method, path, media, body string
		origin                          string
		status                          int
		want                            string
	}{
		{"list", "GET", "/api/orders", "", "", "", 200, `"order_id":"` + confirmedID + `","state":"PENDING"`},
		{"list of a state", "GET", "/api/orders?state=parked", "", "", "", 200, `{"orders":[]}`},
		{"list behind the last", "GET", "/api/orders?merchant=shop&after=" + confirmedID, "", "", "", 200, `{"orders":[]}`},
		{"list of one", "GET", "/api/orders?limit=1", "", "", "", 200, `"more":true,"next":"` + confirmedID + `"`},
		{"list of too many", "GET", "/api/orders?limit=1001", "", "", "", 400, "limit is 1 to 1000"},
		{"list of none", "GET", "/api/orders?limit=0", "", "", "", 400, "limit is 1 to 1000"},
		{"list of a word", "GET", "/api/orders?limit=all", "", "", "", 400, "limit is 1 to 1000"},
		{"list of no state", "GET", "/api/orders?state=lost", "", "", "", 400, "state is one of PENDING, HANDED, ACKED and PARKED"},
		{"list behind nonsense", "GET", "/api/orders?after=..", "", "", "", 400, "after is an order id"},
		{"list of nobody", "GET", "/api/orders?merchant=other", "", "", "", 404, "there is no such merchant in mode full"},
		{"merchants", "GET", "/api/orders/merchants", "", "", "", 200, `{"merchants":["shop"]}`},
		{"one", "GET", order, "", "", "", 200, `"reason":"unavailable"`},
		{"one in capitals", "GET", "/api/orders/shop/" + strings.ToUpper(confirmedID), "", "", "", 200, confirmedID},
		{"one of nobody", "GET", "/api/orders/other/" + confirmedID, "", "", "", 404, "there is no such merchant in mode full"},
		{"no id", "GET", "/api/orders/shop/a_b", "", "", "", 400, "this is no order id"},
		{"none", "GET", "/api/orders/shop/2f0c6c8e", "", "", "", 404, "no record of this order"},
		{"park without a body", "POST", order + "/park", json, "", "", 400, "the body is not the JSON that is asked for here"},
		{"park by nobody", "POST", order + "/park", json, "{}", "", 400, "by names who asks, in 1 to 100 characters"},
		{"park by a crowd", "POST", order + "/park", json, `{"by":"` + strings.Repeat("ä", 101) + `"}`, "", 400, "1 to 100 characters"},
		{"park with more", "POST", order + "/park", json, `{"by":"anna","why":"so"}`, "", 400, "the body is not the JSON"},
		{"park and more", "POST", order + "/park", json, `{"by":"anna"}{}`, "", 400, "the body is not the JSON"},
		{"park as a form", "POST", order + "/park", "application/x-www-form-urlencoded", "by=anna", "", 415, "send application/json"},
		{"park from another site", "POST", order + "/park", json, `{"by":"anna"}`, "https://evil.example", 403, ""},
		{"park too long", "POST", order + "/park", json, `{"by":"` + strings.Repeat("a", 1<<20) + `"}`, "", 413, "the body has more than"},
		{"park nothing", "POST", "/api/orders/shop/2f0c6c8e/park", json, `{"by":"anna"}`, "", 404, "no record of this order"},
		{"park", "POST", order + "/park", json + "; charset=utf-8", `{"by":"anna"}`, "", 200, `"state":"PARKED"`},
		{"park again", "POST", order + "/park", json, `{"by":"anna"}`, "", 200, `"state":"PARKED"`},
		{"release nobody's", "POST", "/api/orders/other/" + confirmedID + "/release", json, `{"by":"anna"}`, "", 404, "no such merchant"},
		{"release", "POST", order + "/release", json, `{"by":"anna"}`, "", 200, `"state":"PENDING"`},
		{"release again", "POST", order + "/release", json, `{"by":"anna"}`, "", 200, `"state":"PENDING"`},
		{"reconcile nothing", "POST", "/api/orders/shop/reconcile", json, `{"ids":[]}`, "", 400, "ids holds 1 to 500 order ids"},
		{"reconcile too many", "POST", "/api/orders/shop/reconcile", json, `{"ids":["a"` + strings.Repeat(`,"a"`, 500) + `]}`, "", 400, "ids holds 1 to 500 order ids"},
		{"reconcile nonsense", "POST", "/api/orders/shop/reconcile", json, `{"ids":["` + confirmedID + `","../x"]}`, "", 400, "ids[1] is no order id; nothing was taken"},
		{"reconcile nobody's", "POST", "/api/orders/other/reconcile", json, `{"ids":["a"]}`, "", 404, "no such merchant"},
		{"reconcile", "POST", "/api/orders/shop/reconcile", json, `{"ids":["` + strings.ToUpper(confirmedID) + `"]}`, "", 200, `"order_id":"` + confirmedID + `"`},
		{"reconcile by GET", "GET", "/api/orders/shop/reconcile", "", "", "", 404, "no record of this order"},
		{"another method", "DELETE", order, "", "", "", 405, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { // one after the other: they change the order
			req, err := http.NewRequestWithContext(t.Context(), tt.method, "http://"+r.admin+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if tt.media != "" {
				req.Header.Set("Content-Type", tt.media)
			}
			if tt.origin != "" {
				req.Header.Set("Origin", tt.origin)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if status, got := read(t, resp); status != tt.status || !strings.Contains(got, tt.want) {
				t.Errorf("%d %s, want %d %s", status, got, tt.status, tt.want)
			}
		})
	}
	if strings.Contains(r.logs.String(), "Canary") {
		t.Errorf("personal data in the log: %s", r.logs)
	}
}

// TestOrdersAPIAsksForTheToken: nothing of the API answers without the admin token, nothing of it is on the public port.
func TestOrdersAPIAsksForTheToken(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "egress:", "admin_token: {env: KVITTO_SHOP_TOKEN}\negress:")
	r := start(t, "--config", shop.config)
	for _, path := range []string{"/api/orders", "/api/orders/merchants", "/api/orders/shop/" + confirmedID} {
		if status, got := r.get(path); status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", path, status, got)
		}
		resp, err := http.Get("http://" + r.listen + path)
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := read(t, resp); status != http.StatusNotFound {
			t.Errorf("%s on the public port: %d", path, status)
		}
	}
	if status, _, errs := runOrders(t, "", "list", "--admin", r.admin); status != 2 || !strings.Contains(errs, "the service asks for its admin token: name its configuration with --config, or the token with --token-env or --token-file") {
		t.Errorf("%d %s", status, errs)
	}
	if status, out, errs := runOrders(t, "", "list", "--admin", r.admin, "--config", shop.config); status != 0 || out != "no orders\n" {
		t.Errorf("%d %s%s", status, out, errs)
	}
}

// TestOrdersAPIWithoutOrders: a service that takes no orders over says so.
func TestOrdersAPIWithoutOrders(t *testing.T) {
	t.Parallel()
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	for _, path := range []string{"/api/orders", "/api/orders/shop/" + confirmedID} {
		if status, got := r.get(path); status != http.StatusNotFound || !strings.Contains(got, "no merchant of this service is in mode full") {
			t.Errorf("%s: %d %s", path, status, got)
		}
	}
	for _, args := range [][]string{{"list"}, {"show", confirmedID}, {"release", confirmedID}} {
		if status, _, errs := runOrders(t, "", append(args, "--admin", r.admin)...); status != 2 || !strings.Contains(errs, "no merchant of this service is in mode full") {
			t.Errorf("%v: %d %s", args, status, errs)
		}
	}
	if status := r.push("klarna_order_id=" + confirmedID); status != http.StatusServiceUnavailable {
		t.Errorf("push: %d", status)
	}
}
