package callbacks_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/kvitto/kvitto/callbacks"
)

// idRow is a query with what is to become of it.
type idRow struct {
	name, query string
	class       string // of the log; empty: the id is good
	logged      string // the id in the log
}

// idRows are the rows of the matrix about the order id in the URL.
func idRows() []idRow {
	long := strings.Repeat("a", 64)
	return []idRow{
		{"row 26: missing", "", "order_id_missing", ""},
		{"row 26: empty", "?klarna_order_id=", "order_id_missing", ""},
		{"row 26: another parameter only", "?id=1", "order_id_missing", ""},
		{"row 26: another spelling", "?KLARNA_ORDER_ID=1", "order_id_missing", ""},
		{"row 27: twice", "?klarna_order_id=a&klarna_order_id=a", "order_id_twice", ""},
		{"row 27: under both names", "?klarna_order_id=a&kustom_order_id=a", "order_id_twice", ""},
		{"row 27: twice, once empty", "?klarna_order_id=a&klarna_order_id=", "order_id_twice", ""},
		{"row 27: twice, once escaped", "?klarna_order_id=a&klarna%5forder_id=b", "order_id_twice", ""},
		{"row 28: semicolon", "?a;klarna_order_id=b", "order_id_query", ""},
		{"row 28: semicolon behind the id", "?klarna_order_id=b;c", "order_id_query", ""},
		{"row 28: broken escape", "?klarna_order_id=%zz", "order_id_query", ""},
		{"row 28: broken escape elsewhere", "?klarna_order_id=b&x=%", "order_id_query", ""},
		{"row 29: placeholder", "?klarna_order_id={checkout.order.id}", "order_id_placeholder", ""},
		{"row 29: placeholder, escaped", "?klarna_order_id=%7Bcheckout.order.id%7D", "order_id_placeholder", ""},
		{"row 30: path", "?klarna_order_id=../../../v1/x", "order_id_malformed", ""},
		{"row 31: dots", "?klarna_order_id=..", "order_id_malformed", ""},
		{"row 32: escaped hash", "?klarna_order_id=a%23f", "order_id_malformed", ""},
		{"row 32: question mark", "?klarna_order_id=a?x=1", "order_id_malformed", ""},
		{"row 33: escaped slash", "?klarna_order_id=a%2fb", "order_id_malformed", ""},
		{"row 33: host", "?klarna_order_id=//evil.example/", "order_id_malformed", ""},
		{"row 33: user", "?klarna_order_id=@evil.example", "order_id_malformed", ""},
		{"row 34: CR LF", "?klarna_order_id=a%0d%0ab", "order_id_malformed", ""},
		{"row 35: NUL", "?klarna_order_id=a%00", "order_id_malformed", ""},
		{"row 35: space", "?klarna_order_id=a+b", "order_id_malformed", ""},
		{"row 35: tab", "?klarna_order_id=a%09", "order_id_malformed", ""},
		{"row 35: quote", "?klarna_order_id=a%22", "order_id_malformed", ""},
		{"row 35: star", "?klarna_order_id=*", "order_id_malformed", ""},
		{"row 35: digits that are not ASCII", "?klarna_order_id=%D9%A1", "order_id_malformed", ""},
		{"row 35: zero width", "?klarna_order_id=a%E2%80%8B", "order_id_malformed", ""},
		{"row 35: right to left", "?klarna_order_id=%E2%80%AEa", "order_id_malformed", ""},
		{"row 35: hyphen first", "?klarna_order_id=-a", "order_id_malformed", ""},
		{"row 36: 64 characters", "?klarna_order_id=" + long, "", long},
		{"row 36: 65 characters", "?klarna_order_id=" + long + "a", "order_id_malformed", ""},
		{"row 36: 1900 characters", "?klarna_order_id=" + strings.Repeat("a", 1900), "order_id_malformed", ""},
		{"row 37: UUID in capitals", "?klarna_order_id=" + strings.ToUpper(orderID), "", orderID},
		{"row 37: UUID in braces", "?klarna_order_id={" + orderID + "}", "order_id_placeholder", ""},
		{"row 37: urn", "?klarna_order_id=urn:uuid:" + orderID, "order_id_malformed", ""},
		{"the other name", "?kustom_order_id=" + orderID, "", orderID},
		{"among others", "?a=b&kustom_order_id=" + orderID + "&c", "", orderID},
		{"not a UUID", "?klarna_order_id=Order-1", "", "Order-1"},
	}
}

// TestOrderID sends ids in the URL; push answers a problem, a priced callback the configured text.
func TestOrderID(t *testing.T) {
	t.Parallel()
	for _, tt := range idRows() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			push := s.post(base+"/push"+tt.query, "")
			s.wantPush(push, tt.class)
			cart := s.post(base+"/address-update"+tt.query, cartJSON(""))
			switch {
			case tt.class == "" || tt.class == "order_id_missing":
				if cart.status != 200 {
					t.Errorf("address-update: got %v, want 200", cart)
				}
			case cart.status != 400 || cart.body != fault:
				t.Errorf("address-update: got %v, want 400 %s", cart, fault)
			}
			for _, line := range s.log.lines() {
				if got := field(line, "order_id"); got != tt.logged {
					t.Errorf("logged id: got %q, want %q", got, tt.logged)
				}
			}
			s.served()
		})
	}
}

func (s *shop) wantPush(got *reply, class string) {
	s.t.Helper()
	want, logged := 400, class
	if class == "" {
		want, logged = 503, "no_store"
	}
	if got.status != want || got.header.Get("Content-Type") != "application/problem+json" {
		s.t.Errorf("push: got %v %v, want a problem with %d", got, got.header, want)
	}
	if (want == 503) != (got.header.Get("Retry-After") != "") {
		s.t.Errorf("push: got Retry-After %q with %d", got.header.Get("Retry-After"), got.status)
	}
	if c := field(s.log.lines()[0], "class"); c != logged {
		s.t.Errorf("push: got class %q, want %q", c, logged)
	}
}

// field reads a string field of a log line; empty where it is not there.
func field(line, name string) string {
	_, rest, ok := strings.Cut(line, `"`+name+`":"`)
	if !ok {
		return ""
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func TestOrderIDHint(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.post(base+"/push?klarna_order_id=%7Bcheckout.order.id%7D", "")
	if got := field(s.log.lines()[0], "hint"); !strings.Contains(got, "merchant_urls") {
		t.Errorf("row 29: got hint %q, want one about merchant_urls", got)
	}
}

func TestOrderIDOfBody(t *testing.T) {
	t.Parallel()
	const other = "ffffffff-4f50-6172-8394-a5b6c7d8e9f0"
	event := func(id string) string { return `{"order_id":"` + id + `","event_type":"FRAUD_RISK_ACCEPTED"}` }
	tests := []struct {
		name, path, body string
		want             int
		class, id        string
	}{
		{"row 41: the same", "/validation" + query, orderJSON(""), 200, "", orderID},
		{"row 41: the same in capitals", "/validation?klarna_order_id=" + strings.ToUpper(orderID), orderJSON(""), 200, "", orderID},
		{"row 41: only in the body", "/validation", orderJSON(""), 200, "", orderID},
		{"row 41: another in the URL", "/validation?klarna_order_id=" + other, orderJSON(""), 400, "order_id_contradiction", other},
		{"row 41: only in the URL", "/validation" + query, strings.Replace(orderJSON(""), `"order_id":"`+orderID+`",`, "", 1),
			200, "", orderID},
		{"row 41: malformed in the body", "/validation" + query, strings.Replace(orderJSON(""), orderID, "../x", 1),
			400, "order_id_contradiction", orderID},
		{"malformed in the body alone", "/validation", strings.Replace(orderJSON(""), orderID, "../x", 1), 200, "", ""},
		{"row 41: notification, the same", "/notification" + query, event(orderID), 503, "no_store", orderID},
		{"row 41: notification, another", "/notification" + query, event(other), 400, "order_id_contradiction", orderID},
		{"row 41: notification, only in the body", "/notification", event(orderID), 503, "no_store", orderID},
		{"row 43: unknown event", "/notification" + query, `{"order_id":"` + orderID + `","event_type":"NEW","x":[1]}`, 200, "", orderID},
		{"row 43: array", "/notification" + query, `[` + event(orderID) + `]`, 400, "json", orderID},
		{"row 43: null", "/notification" + query, `null`, 400, "order_id_missing", orderID},
		{"row 43: missing id", "/notification" + query, `{"event_type":"FRAUD_RISK_ACCEPTED"}`, 400, "order_id_missing", orderID},
		{"row 43: malformed id", "/notification", event("../x"), 400, "order_id_malformed", ""},
		{"row 43: member twice", "/notification", `{"order_id":"a","order_id":"b"}`, 400, "json", ""},
		{"row 42: push with JSON", "/push" + query, event(other), 503, "no_store", orderID},
	}
	s := newShop(t)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := s.post(base+tt.path, tt.body)
			line := s.log.lines()[i]
			if got.status != tt.want || field(line, "class") != tt.class || field(line, "order_id") != tt.id {
				t.Errorf("got %v and %s, want %d, class %q, id %q", got, line, tt.want, tt.class, tt.id)
			}
		})
	}
	s.served()
}

func FuzzOrderID(f *testing.F) {
	for _, q := range []string{"", "klarna_order_id=" + orderID, "klarna_order_id=" + strings.ToUpper(orderID),
		"klarna_order_id=a&klarna_order_id=b", "a;klarna_order_id=b", "klarna_order_id=%zz", "klarna_order_id=%7Bcheckout.order.id%7D",
		"klarna_order_id=..%2f..", "kustom_order_id=a%23f", "klarna_order_id=a%0d%0ab", "x=1&klarna%5forder_id=A-1"} {
		f.Add(q)
	}
	clean := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,63}$`)
	f.Fuzz(func(t *testing.T, q string) {
		id, class := callbacks.OrderIDFrom(q, "klarna_order_id", "kustom_order_id")
		if (id == "") != (class != "") {
			t.Fatalf("got id %q and class %q, want exactly one", id, class)
		}
		if id == "" {
			return
		}
		if !clean.MatchString(id) {
			t.Fatalf("got %q, want it clean", id)
		}
		if u := "/ordermanagement/v1/orders/" + id + "/acknowledge"; strings.Count(u, "/") != 5 || url.PathEscape(id) != id {
			t.Fatalf("got %q, want five segments", u)
		}
		if u, err := uuid.Parse(id); len(id) == 36 && err == nil && u.String() != id {
			t.Fatalf("got %q, want a UUID in lower case", id)
		}
		given, err := url.ParseQuery(q)
		if err != nil {
			t.Fatalf("accepted a query that does not parse: %v", err)
		}
		all := append(given["klarna_order_id"], given["kustom_order_id"]...)
		if len(all) != 1 || !strings.EqualFold(all[0], id) {
			t.Fatalf("got %q, want the only one of %q", id, all)
		}
	})
}
