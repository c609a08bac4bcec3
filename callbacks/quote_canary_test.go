package callbacks_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/rules"
)

// TestQuoteCanary puts a canary into every place of a draft: the order that goes back is the shop's own, but no log line, no
// metric and no problem holds it, nor the shop's token.
func TestQuoteCanary(t *testing.T) {
	t.Parallel()
	whole := full(t)
	whole["merchant_data"] = "{}"
	whole["merchant_urls"] = map[string]any{"terms": "x"}
	for name, e := range map[string]*rules.Engine{
		"tables":                newEngine(t, &tables{}),
		"an engine that talks":  newEngine(t, &tables{tax: func(_ context.Context, q *rules.Query) error { return errors.New("no rate") }}),
		"an engine that panics": newEngine(t, &tables{tax: func(_ context.Context, q *rules.Query) error { panic(fmt.Sprint(q.Order)) }}),
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, withEngine(e, quoting(t)))
			quoted := 0
			ask := func(at, path, body string) {
				got := s.call(shopBase+path, body)
				if got.status == http.StatusOK {
					quoted++
				} else if strings.Contains(got.body, canary) {
					t.Errorf("%s at %s: got %v", path, at, got)
				}
			}
			walk(whole, "", nil, func(at string, set func(any), old any) {
				for _, v := range []any{canary, map[string]any{canary: canary, "x\n" + canary: []any{canary}}} {
					set(v)
					ask(at, "/quote", marshal(t, whole))
				}
				set(old)
			})
			piece := map[string]any{"country": "SE", "currency": "SEK", "postcode": "1", "region": "r", "locale": "sv", "reference": "r", "tags": []any{"a"}, "weight": 1}
			for key, old := range piece {
				for _, v := range []any{canary, map[string]any{canary: canary}} {
					piece[key] = v
					ask(key, "/freight-from", marshal(t, piece))
				}
				piece[key] = old
			}
			if name == "tables" && quoted < 50 {
				t.Errorf("got %d answers of 200, want the canaries to get through decoding", quoted)
			}
			s.clean(t)
			if strings.Contains(s.log.String(), shopToken) {
				t.Error("the shop's token is in the log")
			}
		})
	}
}

// TestDigestCanary: what the log says about a changed cart holds nothing of the order.
func TestDigestCanary(t *testing.T) {
	t.Parallel()
	s := newServer(t, withEngine(newEngine(t, &tables{}), quoting(t)))
	k := quoteKey(t, "now")
	o := sound(t, []byte(orderJSON("")))
	o.Lines[0].Reference, o.Lines[0].Name = canary, canary
	data, err := k.Seal(`{"`+canary+`":"`+canary+`"}`, "SEK", o.Lines)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{
		orderJSON(`,"merchant_data":` + marshal(t, data)),
		strings.ReplaceAll(orderJSON(`,"merchant_data":`+marshal(t, data)), "A1", canary+"2"),
		orderJSON(`,"merchant_data":"{\"kvitto_cart\":\"1.` + canary + `.` + canary + `\"}"`),
	} {
		if got := s.call(base+"/validation"+query, body); got.status != 400 || strings.Contains(got.body, canary) {
			t.Errorf("got %v, want it denied", got)
		}
		if !strings.Contains(lastLine(s), `"rule":"cart_digest"`) {
			t.Errorf("got %s", lastLine(s))
		}
	}
	s.clean(t)
}

// TestQuoteFlood: quotes fill half of the limits at most, so the provider's callbacks are still answered.
func TestQuoteFlood(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}, 8), make(chan struct{})
	e := newEngine(t, &tables{tax: func(_ context.Context, q *rules.Query) error {
		if q.Callback == rules.Quote {
			entered <- struct{}{}
			<-release
		}
		return nil
	}})
	s := newServer(t, withEngine(e, quoting(t), func(m *callbacks.Merchant) { m.UpdateDeadline = 9 * time.Second }),
		func(o *callbacks.Options) { o.Concurrency = 8 })
	done := make(chan int, 4)
	for range 4 {
		go func() { done <- s.call(shopBase+"/quote", draftJSON("")).status }()
	}
	for range 4 {
		<-entered
	}
	if got := s.call(shopBase+"/quote", draftJSON("")); got.status != 503 || got.header.Get("Retry-After") == "" {
		t.Errorf("one more quote: got %v, want 503 and Retry-After", got)
	}
	if got := s.call(base+"/address-update"+query, cartJSON("")); got.status != 200 {
		t.Errorf("address-update: got %v, want 200", got)
	}
	if got := s.call(base+"/validation"+query, orderJSON("")); got.status != 200 {
		t.Errorf("validation: got %v, want 200", got)
	}
	close(release)
	for range 4 {
		if status := <-done; status != 200 {
			t.Errorf("got %d, want 200", status)
		}
	}
}
