package callbacks_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/callbacks"
)

// counter reads a counter or gauge by its labels, or how often a histogram observed; 0 where there is none.
func (s *shop) counter(name string, labels ...string) float64 {
	s.t.Helper()
	families, err := s.registry.Gather()
	if err != nil {
		s.t.Fatal(err)
	}
	want := map[string]string{}
	for i := 0; i+1 < len(labels); i += 2 {
		want[labels[i]] = labels[i+1]
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			have := map[string]string{}
			for _, l := range m.GetLabel() {
				have[l.GetName()] = l.GetValue()
			}
			if f.GetName() == name && maps.Equal(have, want) {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return 0
}

// labelValues returns all values of a label in all metrics, sorted.
func (s *shop) labelValues(label string) []string {
	s.t.Helper()
	families, err := s.registry.Gather()
	if err != nil {
		s.t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == label {
					seen[l.GetValue()] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.post(base+"/address-update", cartJSON(""))
	s.post(base+"/address-update", "{}")
	s.post(base+"/validation", orderJSON(""))
	s.post(base+"/push", "")
	s.post("/v1/stranger/secret/push", "")
	s.post("/elsewhere", "")
	requests := "kvitto_callback_requests_total"
	for _, tt := range []struct {
		name   string
		labels []string
		want   float64
	}{
		{requests, []string{"merchant", "demo", "callback", "address_update", "outcome", "priced"}, 1},
		{requests, []string{"merchant", "demo", "callback", "address_update", "outcome", "refused"}, 1},
		{requests, []string{"merchant", "demo", "callback", "validation", "outcome", "approved"}, 1},
		{requests, []string{"merchant", "demo", "callback", "push", "outcome", "refused"}, 1},
		{requests, []string{"merchant", "none", "callback", "push", "outcome", "not_found"}, 1},
		{requests, []string{"merchant", "none", "callback", "none", "outcome", "not_found"}, 1},
		{"kvitto_callback_refusals_total", []string{"callback", "address_update", "class", "missing"}, 1},
		{"kvitto_callback_refusals_total", []string{"callback", "push", "class", "order_id_missing"}, 1},
		{"kvitto_callback_tokens_total", []string{"merchant", "demo", "age", "current"}, 4},
		{"kvitto_callback_tokens_total", []string{"merchant", "none", "age", "unknown"}, 2},
		{"kvitto_callback_duration_seconds", []string{"callback", "address_update"}, 2},
		{"kvitto_callback_carts_without_weight_total", []string{"merchant", "demo"}, 1},
		{"kvitto_callback_in_flight_requests", nil, 0},
		{"kvitto_callback_in_flight_bytes", nil, 0},
	} {
		if got := s.counter(tt.name, tt.labels...); got != tt.want {
			t.Errorf("%s%v: got %v, want %v", tt.name, tt.labels, got, tt.want)
		}
	}
}

// TestLabelsAreBounded asks for merchants and paths that are not there.
func TestLabelsAreBounded(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, name := range []string{"a", "b", "c"} {
		s.post("/v1/"+name+"/"+token+"/validation", "")
		s.post(base+"/"+name, "")
		s.post(base+"/notification", `{"order_id":"`+name+`","event_type":"`+name+`"}`)
		s.post(base+"/address-update", `{"`+name+`":1,"`+name+`":2}`)
	}
	for label, want := range map[string]string{
		"merchant": "demo none",
		"callback": "address_update none notification validation",
		"class":    "duplicate",
	} {
		if got := strings.Join(s.labelValues(label), " "); got != want {
			t.Errorf("values of %s: got %q, want %q", label, got, want)
		}
	}
}

func TestForgottenMerchant(t *testing.T) {
	t.Parallel()
	e := newEngine(t, &tables{})
	demo, other := newMerchant("demo", e), newMerchant("other", e)
	s := newShop(t, func(o *callbacks.Options) { o.Merchants = []*callbacks.Merchant{demo, other} })
	s.post("/v1/other/"+token+"/address-update", cartJSON(""))
	if got := strings.Join(s.labelValues("merchant"), " "); got != "other" {
		t.Fatalf("merchants in metrics: got %q, want other", got)
	}
	if err := s.server.SetMerchants([]*callbacks.Merchant{demo}); err != nil {
		t.Fatal(err)
	}
	if got := s.labelValues("merchant"); len(got) != 0 {
		t.Errorf("merchants in metrics: got %q, want none", got)
	}
	if got := s.post("/v1/other/"+token+"/address-update", cartJSON("")); got.status != 404 {
		t.Errorf("merchant that is gone: got %v, want 404", got)
	}
	s.served()
}
