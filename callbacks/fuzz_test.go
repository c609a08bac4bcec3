package callbacks_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
)

// FuzzUpdate sends any body to the updates: the answer is one that the contract knows, and a cart passes the gate,
// also as an order that comes back.
func FuzzUpdate(f *testing.F) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		story, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, body, _ := strings.Cut(part(story, "request"), "\n\n")
		f.Add(body)
	}
	f.Add(cartJSON(`,"x":[1,{"y":null}]`))
	s := newServer(f)
	s.log.discard = true
	f.Fuzz(func(t *testing.T, body string) {
		got := s.call(base+"/address-update"+query, body)
		switch {
		case got.status == http.StatusSeeOther && got.header.Get("Location") == "https://shop.example/xx" && got.body == "":
		case got.status == http.StatusBadRequest && strings.HasPrefix(got.body, `{"error_type":"`) && !strings.Contains(got.body, `"error_text":""`):
		case got.status == http.StatusOK:
			checkCart(t, body, got.body)
		default:
			t.Fatalf("got %v %v, want 200, 303 or 400 as of the contract", got, got.header)
		}
		if again := s.call(base+"/address-update"+query, body); again.body != got.body {
			t.Fatalf("got %s, then %s", got.body, again.body)
		}
		if n, held := s.server.InFlight(); n != 0 || held != 0 {
			t.Fatalf("got %d requests, %d bytes in flight, want none", n, held)
		}
	})
}

func checkCart(t *testing.T, sent, got string) {
	t.Helper()
	in, err := order.DecodeUpdate([]byte(sent), order.Limits{})
	if err != nil {
		t.Fatalf("answered 200 to what does not decode: %v", err)
	}
	out, err := order.DecodeUpdate([]byte(got), order.Limits{})
	if err != nil {
		t.Fatalf("answer does not decode: %v", err)
	}
	a := &order.Answer{OrderAmount: out.OrderAmount, OrderTaxAmount: out.OrderTaxAmount, Lines: out.Lines,
		PurchaseCurrency: out.PurchaseCurrency, Options: out.ShippingOptions}
	if v := gate.Answer(in, a); len(v) > 0 {
		t.Fatalf("answer does not pass the gate: %+v", v)
	}
	if v := gate.Order(out); len(v) > 0 {
		t.Fatalf("answer is no good order: %+v", v)
	}
}

// FuzzNotification sends any body to the callbacks that answer problems: never a 500, never a text of the body.
func FuzzNotification(f *testing.F) {
	for _, b := range []string{"", "{}", "[]", "null", `{"order_id":"a","event_type":"FRAUD_RISK_STOPPED"}`, `{"order_id":1}`,
		`{"order_id":"../x"}`, `{"order_id":"a","order_id":"a"}`, "\ufeff{}"} {
		f.Add(b)
	}
	s := newServer(f)
	s.log.discard = true
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/notification", "/push" + query} {
			r := httptest.NewRequest(http.MethodPost, base+path, strings.NewReader(body))
			w := httptest.NewRecorder()
			s.server.Handler().ServeHTTP(w, r)
			switch w.Code {
			case 200, 400, 413, 503:
			default:
				t.Fatalf("%s: got %d %s", path, w.Code, w.Body)
			}
			if path[1] == 'p' && w.Code == 200 {
				t.Fatalf("%s: got 200 with nothing done", path)
			}
		}
	})
}

// FuzzEvents sends any body to the callbacks that have orders taken over: what reaches the desk is a clean id and a word of the
// contract, and only from a webhook that is signed.
func FuzzEvents(f *testing.F) {
	for _, b := range []string{"", "{}", "[]", "null", event(orderID, "FRAUD_RISK_STOPPED"), event("../x", "FRAUD_RISK_ACCEPTED"),
		event("a", "NEW"), created(orderID), created("a\u200b"), `{"type":"order.created","data":[]}`, `{"type":"order.created"}`,
		`{"type":"refund.created","data":null}`, `{"type":1}`, created("a") + "{}"} {
		f.Add(b, true)
		f.Add(b, false)
	}
	d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
	s := newDesk(f, d)
	s.log.discard = true
	at := noon()
	s.now = func() time.Time { return at }
	asked := regexp.MustCompile(`^(push [A-Za-z0-9][A-Za-z0-9-]{0,63}|notify [A-Za-z0-9][A-Za-z0-9-]{0,63} FRAUD_RISK_(ACCEPTED|REJECTED|STOPPED))$`)
	f.Fuzz(func(t *testing.T, body string, seal bool) {
		if at = at.Add(10 * time.Millisecond); at.After(noon().Add(time.Hour)) { // so that the share of triggers is never used up
			at = noon()
		}
		send := s.call
		if seal {
			send = s.signed
		}
		for _, path := range []string{"/webhook", "/notification"} {
			got := send(base+path, body)
			calls := d.all()
			switch got.status {
			case 200:
			case 400, 413:
				if len(calls) > 0 {
					t.Fatalf("%s: got %v and %q", path, got, calls)
				}
			case 401:
				if seal || path != "/webhook" || len(calls) > 0 {
					t.Fatalf("%s: got %v and %q", path, got, calls)
				}
			default:
				t.Fatalf("%s: got %v", path, got)
			}
			if path == "/webhook" && !seal && got.status != 401 && got.status != 413 {
				t.Fatalf("%s: got %v without a signature", path, got)
			}
			if len(calls) > 1 || len(calls) == 1 && !asked.MatchString(calls[0]) {
				t.Fatalf("%s: the desk was asked %q", path, calls)
			}
		}
	})
}
