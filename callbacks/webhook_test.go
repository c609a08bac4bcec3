package callbacks_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
)

// TestWebhook: order.created is a push, other types are thanked for, and nothing unsigned is read.
func TestWebhook(t *testing.T) {
	t.Parallel()
	const other = "ffffffff-4f50-6172-8394-a5b6c7d8e9f0"
	typed := func(kind, data string) string { return `{"id":"kevt_1","type":"` + kind + `","data":` + data + `}` }
	tests := []struct {
		name, query, body string
		want              int
		class, asked      string
	}{
		{"order created", "", created(orderID), 200, "", "push " + orderID},
		{"the same id in the URL", query, created(orderID), 200, "", "push " + orderID},
		{"row 37: UUID in capitals", "", created(strings.ToUpper(orderID)), 200, "", "push " + orderID},
		{"unknown members", "", typed("order.created", `{"order_id":"`+orderID+`","x":[1,{"y":null}]}`), 200, "", "push " + orderID},
		{"row 41: another id in the URL", "?klarna_order_id=" + other, created(orderID), 400, "order_id_contradiction", ""},
		{"row 27: the URL's id twice", query + "&kustom_order_id=a", created(orderID), 400, "order_id_twice", ""},
		{"row 26: missing", "", typed("order.created", `{}`), 400, "order_id_missing", ""},
		{"row 26: empty", "", created(""), 400, "order_id_missing", ""},
		{"row 29: placeholder", "", created("{checkout.order.id}"), 400, "order_id_malformed", ""},
		{"row 30: path", "", created("../../../v1/x"), 400, "order_id_malformed", ""},
		{"row 34: CR LF", "", created(`a\r\nb`), 400, "order_id_malformed", ""},
		{"row 36: 65 characters", "", created(strings.Repeat("a", 65)), 400, "order_id_malformed", ""},
		{"without data", "", `{"type":"order.created"}`, 400, "order_id_missing", ""},
		{"data is an array", "", typed("order.created", `[]`), 400, "json", ""},
		{"an id that is a number", "", typed("order.created", `{"order_id":1}`), 400, "json", ""},
		{"row 43: a capture", "", typed("capture.created", `{"order_id":"`+orderID+`","capture_id":"c"}`), 200, "", ""},
		{"row 43: a type that is new", "", typed("ipp.settled", `[1,2]`), 200, "", ""},
		{"row 43: no type", "", `{}`, 200, "", ""},
		{"row 43: array", "", `[` + created(orderID) + `]`, 400, "json", ""},
		{"row 44: half JSON", "", `{"type":`, 400, "json", ""},
		{"row 45: null", "", `null`, 400, "json", ""},
		{"row 46: second value", "", created(orderID) + "{}", 400, "json", ""},
		{"row 47: member twice", "", `{"type":"x","type":"order.created"}`, 400, "json", ""},
		{"empty", "", ``, 400, "json", ""},
		{"16 KiB", "", created(orderID) + strings.Repeat(" ", 16<<10-len(created(orderID))), 200, "", "push " + orderID},
		{"row 42: one byte more", "", created(orderID) + strings.Repeat(" ", 16<<10+1-len(created(orderID))), 413, "too_large", ""},
	}
	d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
	s := newDesk(t, d)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := s.signed(base+"/webhook"+tt.query, tt.body)
			line := lastLine(s)
			if asked := strings.Join(d.all(), ", "); got.status != tt.want || asked != tt.asked || field(line, "class") != tt.class {
				t.Errorf("got %v, asked %q and %s; want %d, %q and class %q", got, asked, line, tt.want, tt.asked, tt.class)
			}
			// Without the signature each of them is the same refusal, whatever it holds.
			if tt.want == 413 || strings.Contains(tt.query, "&") {
				return
			}
			got = s.call(base+"/webhook"+tt.query, tt.body)
			line = lastLine(s)
			if len(d.all()) != 0 || got.status != 401 || got.header.Get("Content-Type") != "application/problem+json" ||
				field(line, "class") != "signature" || field(line, "problem") != "no signature fits" || field(line, "event") != "" {
				t.Errorf("unsigned: got %v and %s, want 401 and nothing asked", got, line)
			}
		})
	}
	if got := s.counter("kvitto_callback_refusals_total", "callback", "webhook", "class", "signature"); got != float64(len(tests)-2) {
		t.Errorf("got %v bad signatures counted, want %d", got, len(tests)-2)
	}
}

// TestWebhookDoor: for a merchant without secrets there is no such path.
func TestWebhookDoor(t *testing.T) {
	t.Parallel()
	d := &desk{}
	s := newDesk(t, d, func(m *callbacks.Merchant) { m.Webhook = nil })
	want := s.signed("/unknown", created(orderID))
	for _, path := range []string{base + "/webhook", base + "/webhook?klarna_order_id=%zz", shopBase + "/webhook", "/v1/demo/wrong/webhook"} {
		if diff := cmp.Diff(want, s.signed(path, created(orderID)), cmp.AllowUnexported(reply{})); diff != "" {
			t.Errorf("%s differs from an unknown path (-want +got):\n%s", path, diff)
		}
	}
	if asked := d.all(); len(asked) != 0 {
		t.Errorf("got %q, want nothing asked", asked)
	}
}

// TestWebhookHeaders: the body must be what its headers say before its signature is looked at.
func TestWebhookHeaders(t *testing.T) {
	t.Parallel()
	s := newDesk(t, &desk{})
	for header, value := range map[string]string{"Content-Encoding": "gzip", "Content-Type": "text/plain"} {
		r := httptest.NewRequest(http.MethodPost, base+"/webhook", strings.NewReader(created(orderID)))
		r.Header.Set("Webhook-Signature", sealed)
		r.Header.Set(header, value)
		w := httptest.NewRecorder()
		s.server.Handler().ServeHTTP(w, r)
		if w.Code != 415 {
			t.Errorf("%s %s: got %d, want 415", header, value, w.Code)
		}
	}
}

// standard checks signatures as the program does.
type standard struct{ keys standardwebhooks.Keys }

// Verify implements callbacks.WebhookVerifier.
func (v standard) Verify(h http.Header, body []byte, now time.Time) error {
	_, err := v.keys.Verify(h, body, now, 5*time.Minute)
	return err
}

// TestWebhookOfTheStandard signs with each of two secrets, and then breaks what was signed.
func TestWebhookOfTheStandard(t *testing.T) {
	t.Parallel()
	const former, current = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
	keys := func(secrets ...string) standardwebhooks.Keys {
		k, err := standardwebhooks.NewKeys(secrets...)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	d := &desk{standing: callbacks.Standing{State: callbacks.Pending}}
	s := newDesk(t, d, func(m *callbacks.Merchant) { m.Webhook = standard{keys(current, former)} })
	tests := []struct {
		name    string
		by      string
		at      time.Duration // of the signature, after now
		spoil   func(r *http.Request)
		want    int
		problem string
	}{
		{"the new secret", current, 0, nil, 200, ""},
		{"the former secret", former, -time.Minute, nil, 200, ""},
		{"a secret of somebody else", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", 0, nil, 401, "webhook-signature: "},
		{"replayed", current, -6 * time.Minute, nil, 401, "webhook-timestamp: "},
		{"from the future", current, 6 * time.Minute, nil, 401, "webhook-timestamp: "},
		{"another id", current, 0, func(r *http.Request) { r.Header.Set("webhook-id", "msg_2") }, 401, "webhook-signature: "},
		{"no signature", current, 0, func(r *http.Request) { r.Header.Del("webhook-signature") }, 401, "webhook-signature: "},
		{"another body", current, 0, func(r *http.Request) { r.Body = http.NoBody }, 401, "webhook-signature: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, base+"/webhook", strings.NewReader(created(orderID)))
			keys(tt.by).Sign(r.Header, "msg_1", noon().Add(tt.at), []byte(created(orderID)))
			if tt.spoil != nil {
				tt.spoil(r)
			}
			w := httptest.NewRecorder()
			s.server.Handler().ServeHTTP(w, r)
			asked := len(d.all())
			if w.Code != tt.want || !strings.HasPrefix(field(lastLine(s), "problem"), tt.problem) || (asked == 1) != (tt.want == 200) {
				t.Errorf("got %d, asked %d times, %s; want %d and a problem of %s", w.Code, asked, lastLine(s), tt.want, tt.problem)
			}
		})
	}
}
