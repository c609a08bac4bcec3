package fakeprovider_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// Each row is a life of one order, told as "METHOD /path body -> status [error_code]".
func TestManagementAllowsAndRefuses(t *testing.T) {
	t.Parallel()
	capture := func(amount string) string { return `POST /captures {"captured_amount":` + amount + `}` }
	for _, life := range []struct {
		name  string
		fraud string
		steps []string
	}{
		{"acknowledge, and again", "", []string{"POST /acknowledge -> 204", "POST /acknowledge -> 204"}},
		{"capture in two parts and not more", "", []string{
			capture("4000") + " -> 201", capture("6001") + " -> 403 CAPTURE_NOT_ALLOWED", capture("6000") + " -> 201",
			capture("0") + " -> 403 CAPTURE_NOT_ALLOWED", "POST /cancel -> 403 CANCEL_NOT_ALLOWED",
		}},
		{"capture nonsense", "", []string{
			capture("-1") + " -> 400 BAD_VALUE", capture("200000001") + " -> 400 BAD_VALUE", capture("1.5") + " -> 400 BAD_VALUE",
			"POST /captures {} -> 400 BAD_VALUE", "POST /captures [] -> 400 BAD_VALUE",
			`POST /captures {"captured_amount":1,"reference":"` + strings.Repeat("x", 256) + `"} -> 400 BAD_VALUE`,
		}},
		{"no capture while pending", "PENDING", []string{capture("1") + " -> 403 CAPTURE_NOT_ALLOWED", `PATCH /authorization {"order_amount":1} -> 403 NOT_ALLOWED`}},
		{"cancel, and what is refused after it", "", []string{
			"POST /cancel -> 204", "POST /cancel -> 403 CANCEL_NOT_ALLOWED", "POST /acknowledge -> 403 NOT_ALLOWED", capture("1") + " -> 403 CAPTURE_NOT_ALLOWED",
			`PATCH /merchant-references {"merchant_reference1":"x"} -> 403 NOT_ALLOWED`, "POST /extend-authorization-time -> 403 NOT_ALLOWED",
			"POST /release-remaining-authorization -> 403 NOT_ALLOWED", `PATCH /authorization {"order_amount":1} -> 403 NOT_ALLOWED`,
			`PATCH /customer-details {"shipping_address":{}} -> 403 NOT_ALLOWED`, "GET  -> 200",
		}},
		{"release needs a capture", "", []string{
			"POST /release-remaining-authorization -> 403 NOT_ALLOWED", capture("1") + " -> 201", "POST /release-remaining-authorization -> 204",
			capture("1") + " -> 403 CAPTURE_NOT_ALLOWED",
		}},
		{"refund no more than was captured", "", []string{
			`POST /refunds {"refunded_amount":1} -> 403 REFUND_NOT_ALLOWED`, capture("5000") + " -> 201", `POST /refunds {"refunded_amount":3000} -> 201`,
			`POST /refunds {"refunded_amount":2001} -> 403 REFUND_NOT_ALLOWED`, `POST /refunds {"refunded_amount":2000} -> 201`, `POST /refunds {} -> 400 BAD_VALUE`,
		}},
		{"authorization not below what is captured", "", []string{
			capture("5000") + " -> 201", `PATCH /authorization {"order_amount":4999} -> 403 NOT_ALLOWED`, `PATCH /authorization {"order_amount":12000} -> 204`,
			capture("7000") + " -> 201", `PATCH /authorization {} -> 400 BAD_VALUE`, `PATCH /authorization {"order_amount":200000001} -> 400 BAD_VALUE`,
			`PATCH /authorization {"order_amount":1,"order_lines":7} -> 400 BAD_VALUE`,
		}},
		{"addresses and references", "", []string{
			`PATCH /customer-details {"shipping_address":{"city":"Lund"}} -> 204`, `PATCH /customer-details {"billing_address":{}} -> 403 NOT_ALLOWED`,
			`PATCH /merchant-references {"merchant_reference1":"1","merchant_reference2":"2"} -> 204`,
			`PATCH /merchant-references {"merchant_reference1":"` + strings.Repeat("x", 256) + `"} -> 400 BAD_VALUE`, `PATCH /merchant-references x -> 400 BAD_VALUE`,
		}},
		{"shipping info", "", []string{
			`POST /shipping-info {"shipping_info":[{"tracking_number":"1"}]} -> 204`, `POST /shipping-info {} -> 400 BAD_VALUE`,
			`POST /shipping-info {"shipping_info":[` + strings.Repeat(`{},`, 499) + `{}]} -> 400 BAD_VALUE`,
		}},
		{"captures that are not there", "", []string{
			"POST /captures/x/trigger-send-out -> 403 NOT_ALLOWED", `POST /captures/x/shipping-info {"shipping_info":[{}]} -> 403 NOT_ALLOWED`,
			"GET /captures -> 200", "GET /captures/x -> 404 NO_SUCH_CAPTURE", capture("1") + " -> 201", "POST /captures/x/trigger-send-out -> 404 NO_SUCH_CAPTURE",
			"GET /captures/x/extend-due-date-options -> 404 NO_SUCH_CAPTURE", `PATCH /captures/x/extend-due-date {"number_of_days":14} -> 404 NO_SUCH_CAPTURE`,
			"GET /refunds/x -> 404 NO_SUCH_REFUND",
		}},
		{"no such call", "", []string{"DELETE  -> 405 HTTP_ERROR", "GET /acknowledge -> 405 HTTP_ERROR", "PUT /captures/a/b/c -> 405 HTTP_ERROR"}},
	} {
		t.Run(life.name, func(t *testing.T) {
			t.Parallel()
			p := play(t, fakeprovider.Options{})
			p.add(firstID, fakeprovider.Completion{Fraud: life.fraud})
			for _, step := range life.steps {
				ask, want, _ := strings.Cut(step, " -> ")
				method, rest, _ := strings.Cut(ask, " ")
				path, body, _ := strings.Cut(rest, " ")
				g := p.om(method, path, body)
				if got := strings.TrimSpace(strconv.Itoa(g.Status) + " " + g.Code); got != want {
					t.Fatalf("%s: %s, want %s; body %s", ask, got, want, g.Body)
				}
			}
		})
	}
}

func TestAmountsOfAnOrder(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{})
	p.add(firstID, fakeprovider.Completion{})
	look := func() map[string]any {
		m := members(t, p.om("GET", "", "").Body)
		picked := map[string]any{}
		for _, name := range []string{"status", "order_amount", "original_order_amount", "captured_amount", "refunded_amount", "remaining_authorized_amount"} {
			picked[name] = m[name]
		}
		return picked
	}
	want := func(status string, amount, captured, refunded, remaining float64) map[string]any {
		return map[string]any{
			"status": status, "order_amount": amount, "original_order_amount": 10000.0, "captured_amount": captured,
			"refunded_amount": refunded, "remaining_authorized_amount": remaining,
		}
	}
	for _, step := range []struct {
		method, path, body string
		want               map[string]any
	}{
		{"GET", "", "", want("AUTHORIZED", 10000, 0, 0, 10000)},
		{"PATCH", "/authorization", `{"order_amount":12000}`, want("AUTHORIZED", 12000, 0, 0, 12000)},
		{"POST", "/captures", `{"captured_amount":5000}`, want("PART_CAPTURED", 12000, 5000, 0, 7000)},
		{"POST", "/refunds", `{"refunded_amount":100}`, want("PART_CAPTURED", 12000, 5000, 100, 7000)},
		{"POST", "/captures", `{"captured_amount":1000}`, want("PART_CAPTURED", 12000, 6000, 100, 6000)},
		{"POST", "/release-remaining-authorization", "", want("CAPTURED", 12000, 6000, 100, 0)},
	} {
		p.om(step.method, step.path, step.body)
		if diff := cmp.Diff(step.want, look()); diff != "" {
			t.Errorf("after %s %s %s (-want +got):\n%s", step.method, step.path, step.body, diff)
		}
	}
	second := play(t, fakeprovider.Options{})
	second.add(firstID, fakeprovider.Completion{})
	second.om("POST", "/cancel", "")
	m := members(t, second.om("GET", "", "").Body)
	if m["status"] != "CANCELLED" || m["remaining_authorized_amount"] != 10000.0 {
		t.Errorf("a cancelled order shows its old remaining_authorized_amount; got %v", m)
	}
}

func TestAnOrderAsOrderManagementShowsIt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p := play(t, fakeprovider.Options{Now: func() time.Time { return at }})
	p.add(firstID, fakeprovider.Completion{Age: time.Hour})
	p.om("POST", "/captures", `{"captured_amount":10000,"description":"all","shipping_info":[{"tracking_number":"9"}]}`)
	p.om("POST", "/refunds", `{"refunded_amount":10,"reference":"r"}`)
	m := members(t, p.om("GET", "", "").Body)
	for name, want := range map[string]any{
		"order_id": firstID, "fraud_status": "ACCEPTED", "created_at": "2026-11-25T07:00:00.000Z", "expires_at": "2026-12-23T07:00:00.000Z",
		"purchase_country": "se", "purchase_currency": "SEK", "merchant_reference1": "A-1",
		"selected_shipping_option": map[string]any{
			"id": "home", "name": "Home", "price": 0.0, "tax_amount": 0.0, "tax_rate": 0.0, "method": "Home", "carrier": "Acme",
			"carrier_product": map[string]any{"name": "Day", "identifier": "17"},
		},
	} {
		if diff := cmp.Diff(want, m[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, ok := m["order_tax_amount"]; ok {
		t.Error("order_tax_amount is no member of Order Management's orders")
	}
	taken := m["captures"].([]any)[0].(map[string]any)
	if taken["captured_amount"] != 10000.0 || taken["refunded_amount"] != 10.0 || taken["description"] != "all" || len(taken["shipping_info"].([]any)) != 1 {
		t.Errorf("capture: %v", taken)
	}
	if back := m["refunds"].([]any)[0].(map[string]any); back["refunded_amount"] != 10.0 || back["reference"] != "r" {
		t.Errorf("refund: %v", back)
	}
}

func TestCapturesAndRefundsHavePlaces(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{Origin: "https://api.example"})
	p.add(firstID, fakeprovider.Completion{})
	c := p.om("POST", "/captures", `{"captured_amount":500}`)
	place, found := strings.CutPrefix(c.Header.Get("Location"), "https://api.example")
	if !found || c.Body != "" || !strings.HasSuffix(place, "/captures/"+c.Header.Get("Capture-Id")) {
		t.Fatalf("Location %q, Capture-Id %q, body %q", c.Header.Get("Location"), c.Header.Get("Capture-Id"), c.Body)
	}
	for _, step := range []struct {
		method, rest, body string
		want               int
	}{
		{"GET", "", "", 200},
		{"POST", "/shipping-info", `{"shipping_info":[{"tracking_number":"1"}]}`, 204},
		{"POST", "/trigger-send-out", "", 204},
		{"GET", "/extend-due-date-options", "", 200},
		{"PATCH", "/extend-due-date", `{"number_of_days":13}`, 403},
		{"PATCH", "/extend-due-date", `{"number_of_days":14}`, 204},
		{"PATCH", "/extend-due-date", `{"number_of_days":14}`, 403},
		{"PATCH", "/extend-due-date", `{}`, 400},
	} {
		if g := p.ask(step.method, place+step.rest, step.body, ""); g.Status != step.want {
			t.Errorf("%s %s: %d %s, want %d", step.method, step.rest, g.Status, g.Body, step.want)
		}
	}
	r := p.om("POST", "/refunds", `{"refunded_amount":500}`)
	back, _ := strings.CutPrefix(r.Header.Get("Location"), "https://api.example")
	if g := p.ask("GET", back, "", ""); g.Status != 200 || members(t, g.Body)["refund_id"] != r.Header.Get("Refund-Id") {
		t.Errorf("refund at %s: %d %s", back, g.Status, g.Body)
	}
}

func TestAnAuthorizationRunsOut(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p := play(t, fakeprovider.Options{Now: func() time.Time { return at }})
	p.add(firstID, fakeprovider.Completion{})
	p.add(secondID, fakeprovider.Completion{})
	p.ask("POST", "/ordermanagement/v1/orders/"+secondID+"/captures", `{"captured_amount":1}`, "")
	at = at.Add(27 * 24 * time.Hour)
	p.om("POST", "/extend-authorization-time", "")
	at = at.Add(2 * 24 * time.Hour)
	second := func() any {
		return members(t, p.ask("GET", "/ordermanagement/v1/orders/"+secondID, "", "").Body)["status"]
	}
	if got := members(t, p.om("GET", "", "").Body)["status"]; got != "AUTHORIZED" || second() != "CLOSED" {
		t.Errorf("after 29 days: extended %v, part captured %v; want AUTHORIZED, CLOSED", got, second())
	}
	at = at.Add(27 * 24 * time.Hour)
	if got := members(t, p.om("GET", "", "").Body)["status"]; got != "EXPIRED" {
		t.Errorf("56 days after the extension: %v, want EXPIRED", got)
	}
	if g := p.om("POST", "/acknowledge", ""); g.Status != 403 || g.Code != "NOT_ALLOWED" {
		t.Errorf("acknowledging a dead order: %d %s", g.Status, g.Code)
	}
	lenient := play(t, fakeprovider.Options{AckDead: true})
	lenient.add(firstID, fakeprovider.Completion{})
	lenient.om("POST", "/cancel", "")
	if g := lenient.om("POST", "/acknowledge", ""); g.Status != 204 {
		t.Errorf("with AckDead: %d", g.Status)
	}
}

func TestIDsThatLeadNowhere(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{})
	p.add(firstID, fakeprovider.Completion{})
	for path, want := range map[string]string{
		"/ordermanagement/v1/orders/" + secondID:    "404 NO_SUCH_ORDER",
		"/ordermanagement/v1/orders/not-a-uuid":     "400 INVALID_ORDER_ID",
		"/ordermanagement/v1/orders/" + firstID[1:]: "400 INVALID_ORDER_ID",
		"/elsewhere":                      "404 NOT_FOUND",
		"/checkout/v3/orders/" + secondID: "404 NO_SUCH_ORDER",
	} {
		g := p.ask("GET", path, "", "")
		if got := strconv.Itoa(g.Status) + " " + g.Code; got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		if m := members(t, g.Body); m["correlation_id"] != g.Header.Get("Klarna-Correlation-Id") || len(m["error_messages"].([]any)) != 1 {
			t.Errorf("%s: error body %s", path, g.Body)
		}
	}
}

func TestARestlessOrderNeverLooksTheSame(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{})
	p.add(firstID, fakeprovider.Completion{})
	if a, b := p.om("GET", "", "").Body, p.om("GET", "", "").Body; a != b {
		t.Errorf("a calm order changed: %s", cmp.Diff(a, b))
	}
	p.SetRestless(true)
	seen := map[string]bool{}
	for range 50 {
		seen[p.om("GET", "", "").Body] = true
	}
	if len(seen) != 50 {
		t.Errorf("50 reads gave %d bodies", len(seen))
	}
}
