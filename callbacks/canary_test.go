package callbacks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

const canary = "CanaryZq7"

// full is an order with every member that the model knows, from the model itself.
func full(t *testing.T) map[string]any {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal([]byte(orderJSON("")), &whole); err != nil {
		t.Fatal(err)
	}
	fill(whole, reflect.TypeFor[order.Order]())
	lines := whole["order_lines"].([]any)
	for _, l := range lines {
		fill(l.(map[string]any), reflect.TypeFor[order.Line]())
		delete(l.(map[string]any), "total_discount_amount")
	}
	whole["discount_lines"] = []any{map[string]any{"name": "d"}}
	for _, a := range []string{"shipping_address", "billing_address"} {
		whole[a].(map[string]any)["country"] = "se"
		whole[a].(map[string]any)["postal_code"] = "11122"
	}
	return whole
}

// fill adds the members of a type that are not there.
func fill(to map[string]any, t reflect.Type) {
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "" {
			continue
		}
		if inner, ok := to[name].(map[string]any); ok {
			fill(inner, indirect(t.Field(i).Type))
		} else if _, there := to[name]; !there {
			to[name] = sample(t.Field(i).Type)
		}
	}
}

func indirect(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

func sample(t reflect.Type) any {
	switch t = indirect(t); t.Kind() {
	case reflect.String:
		return "x"
	case reflect.Bool:
		return true
	case reflect.Slice:
		return []any{sample(t.Elem())}
	case reflect.Struct:
		m := map[string]any{}
		fill(m, t)
		return m
	default:
		return 1
	}
}

// walk calls f with a setter for each leaf and each name of v, and its place.
func walk(v any, at string, set func(any), f func(at string, set func(any), old any)) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			walk(inner, at+"/"+name, func(x any) { v[name] = x }, f)
		}
	case []any:
		for i, inner := range v {
			walk(inner, fmt.Sprintf("%s/%d", at, i), func(x any) { v[i] = x }, f)
		}
	default:
		f(at, set, v)
	}
}

// TestCanary plants a string in each member in turn, of the right type and of the wrong one, and beside each member
// under a name of its own. None may show in a log line, a metric or an answer; answers may echo lines.
func TestCanary(t *testing.T) {
	t.Parallel()
	whole := full(t)
	leaky := &plugin{validate: func(_ context.Context, q *rules.Query) (rules.Decision, error) {
		return rules.Decision{}, errors.New("no such customer: " + fmt.Sprint(q.Order))
	}}
	for name, e := range map[string]*rules.Engine{
		"tables": newEngine(t, &tables{}),
		"a plug-in that talks": newEngine(t, &tables{}, func(o *rules.Options) {
			o.Members = append(o.Members, rules.Member{Name: "leaky", Impl: leaky, OnFault: rules.FaultDeny})
		}),
		"an engine that panics": newEngine(t, &tables{tax: func(_ context.Context, q *rules.Query) error { panic(fmt.Sprint(q.Order)) }}),
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, withEngine(e))
			if good := s.plant(t, marshal(t, whole), "nowhere"); name == "tables" && good < 3 {
				t.Fatalf("the full order: got %d answers of 200, want the three carts: %s", good, s.log)
			}
			priced := 0
			walk(whole, "", nil, func(at string, set func(any), old any) {
				set(canary)
				priced += s.plant(t, marshal(t, whole), at)
				set(map[string]any{canary: canary, "x\n" + canary: []any{canary}})
				priced += s.plant(t, marshal(t, whole), at+" as an object")
				set(old)
			})
			if name == "tables" && priced < 50 {
				t.Errorf("got %d answers of 200, want the canaries to get through decoding", priced)
			}
			s.clean(t)
		})
	}
}

func marshal(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// plant posts a body to all callbacks and looks at the answers; it returns how many were 200.
func (s *shop) plant(t *testing.T, body, at string) (good int) {
	t.Helper()
	for _, cb := range []string{"address-update", "country-change", "shipping-option-update", "validation", "notification", "push"} {
		r := httptest.NewRequest(http.MethodPost, base+"/"+cb+"?"+canary+"="+canary+"&kustom_order_id="+orderID, strings.NewReader(body))
		r.Header.Set("User-Agent", canary)
		r.Header.Set("X-Forwarded-For", canary)
		r.Host = canary
		w := httptest.NewRecorder()
		s.server.Handler().ServeHTTP(w, r)
		if w.Code == http.StatusOK && cb != "notification" {
			good++
		}
		if strings.Contains(w.Body.String(), canary) && (w.Code != http.StatusOK || !strings.HasPrefix(at, "/order_lines/")) {
			t.Errorf("%s at %s: answer %d %s", cb, at, w.Code, w.Body)
		}
	}
	return good
}

// TestCanaryOfEvents plants a string in each member of the events, and in what the desk says of an order. What a sink gave as
// references is for the shop, so ensure answers it; nothing else does.
func TestCanaryOfEvents(t *testing.T) {
	t.Parallel()
	d := &desk{standing: callbacks.Standing{State: callbacks.Handed, Reference1: canary, Reference2: canary, Receipt: canary}}
	s := newDesk(t, d)
	for path, body := range map[string]string{
		"/notification": `{"order_id":"` + orderID + `","event_type":"FRAUD_RISK_ACCEPTED","time":"x","x":{"y":["z"]}}`,
		"/webhook":      `{"id":"kevt_1","merchant_id":"N1","timestamp":1,"type":"order.created","data":{"order_id":"` + orderID + `","x":"y"}}`,
	} {
		var whole map[string]any
		if err := json.Unmarshal([]byte(body), &whole); err != nil {
			t.Fatal(err)
		}
		walk(whole, "", nil, func(at string, set func(any), old any) {
			for _, planted := range []any{canary + " ", []any{canary}, map[string]any{"x\n" + canary: canary}} {
				set(planted)
				for _, got := range []*reply{s.signed(base+path, marshal(t, whole)), s.call(base+path, marshal(t, whole))} {
					if strings.Contains(got.body, canary) {
						t.Errorf("%s at %s: answer %v", path, at, got)
					}
				}
			}
			set(old)
		})
	}
	if got := s.call(base+"/push"+query, canary); got.status != 202 || strings.Contains(got.body, canary) {
		t.Errorf("push: got %v, want 202 without what the sink said", got)
	}
	if got := s.call(shopBase+"/ensure"+query+"&x="+canary, canary); strings.Count(got.body, canary) != 3 {
		t.Errorf("ensure: got %v, want what the sink said", got)
	}
	if got := s.call(shopBase+"/ensure"+query+"&wait="+canary, canary); strings.Contains(got.body, canary) {
		t.Errorf("ensure: got %v, want no text of the request", got)
	}
	for _, call := range d.all() {
		if strings.Contains(call, canary) {
			t.Errorf("the desk was asked %q", call)
		}
	}
	s.clean(t)
}

// clean looks for canaries in everything else that the server wrote.
func (s *shop) clean(t *testing.T) {
	t.Helper()
	for _, path := range []string{"/v1/" + canary + "/" + token + "/push", "/v1/demo/" + canary + "/push", "/" + canary,
		base + "/push?klarna_order_id=" + canary + "%20", base + "/push?klarna_order_id=%zz" + canary} {
		s.call(path, canary)
	}
	for _, line := range s.log.lines() {
		if strings.Contains(line, canary) || strings.Contains(line, token) {
			t.Errorf("log: %s", line)
		}
		if !json.Valid([]byte(line)) {
			t.Errorf("row 95: log line is not JSON: %s", line)
		}
	}
	families, err := s.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(b.String(), canary) || strings.Contains(b.String(), token) {
		t.Errorf("metrics: %s", b.String())
	}
}
