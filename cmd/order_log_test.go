package cmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/management"
)

// TestEveryStepHasItsLine: level and words of each step, and whether it is in the audit; nothing else of a change is told.
func TestEveryStepHasItsLine(t *testing.T) {
	t.Parallel()
	for step, want := range map[confirm.Step]struct {
		level, message string
		audited        bool
	}{
		confirm.StepEnqueued:   {"debug", "an order is said to be complete", true},
		confirm.StepPrepared:   {"debug", "the body is frozen", true},
		confirm.StepHanded:     {"info", "the merchant has the order", true},
		confirm.StepAcked:      {"info", "the order is acknowledged", true},
		confirm.StepFinished:   {"info", "work on the order is done", true},
		confirm.StepParked:     {"error", "the order is parked and waits for a person: kvitto orders show, then release", true},
		confirm.StepReleased:   {"info", "the order is released", true},
		confirm.StepForgotten:  {"info", "a person dropped this order, which the provider never showed", true},
		confirm.StepRetried:    {"info", "a person wants the order tried now", true},
		confirm.StepFailed:     {"warn", "an attempt failed", false},
		confirm.StepNoConsents: {"warn", "the checkout order could not be read: the order goes on without consents", false},
		confirm.StepPaused:     {"error", "the provider is left alone for a while", false},
		confirm.StepStoreDown:  {"error", "the store of orders does not answer", false},
		confirm.StepStoreUp:    {"info", "the store of orders answers again", false},
		confirm.StepStoreLost:  {"error", "the store of orders lost its data: take the provider's list of orders that are not acknowledged to kvitto orders reconcile", true},
	} {
		t.Run(string(step), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "audit.jsonl")
			a := openedAudit(t, file)
			c := confirm.Change{Key: confirm.Key{Merchant: "shop", Order: "order-1"}, At: auditTime(), Step: step, From: confirm.Pending,
				To: confirm.Handed, Reason: confirm.ReasonSink, Work: confirm.Capture, SHA: "abc", Revision: 2, Token: 7, Receipt: "Canary",
				Wait: 1500 * time.Millisecond, By: "anna", Err: errors.New("status 500")}
			if step == confirm.StepEnqueued {
				c.From = "" // nobody has worked on it yet
			}
			var out bytes.Buffer
			if err := cmd.Observed(zerolog.New(&out), a, true, c); err != nil {
				t.Error(err)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatalf("%v: %s", err, &out)
			}
			for key, value := range map[string]any{"level": want.level, "message": want.message, "merchant": "shop", "order_id": "order-1",
				"step": string(step), "state": "HANDED", "reason": "sink_failed", "work": "capture", "by": "anna", "attempt": 7.0,
				"body_revision": 2.0, "again_in": "1.5s", "error": "status 500"} {
				if got[key] != value {
					t.Errorf("%s: %v, want %v", key, got[key], value)
				}
				delete(got, key)
			}
			if len(got) > 0 {
				t.Errorf("what is this: %v", got)
			}
			audit := strings.Join(auditText(t, file), "")
			if strings.Contains(audit, `"step":"`+string(step)+`"`) != want.audited || strings.Contains(audit+out.String(), "Canary") {
				t.Errorf("audit: %s", audit)
			}
		})
	}
}

// TestLinesThatAreNoFault: what waits for a decision, or was never shown for two days, has words of its own; what the provider
// said comes as fields, without its own sentences.
func TestLinesThatAreNoFault(t *testing.T) {
	t.Parallel()
	refused := &management.Error{Op: "acknowledge", Status: 403, Code: "NOT_ALLOWED", CorrelationID: "c-7", Messages: []string{"Canary"}}
	for _, tt := range []struct {
		name string
		c    confirm.Change
		want string
	}{
		{"fraud", confirm.Change{Step: confirm.StepFailed, Reason: confirm.ReasonPendingFraud, Wait: time.Minute, Err: errors.New("the provider has not decided")},
			`{"level":"info","merchant":"shop","step":"failed","order_id":"o","reason":"fraud_pending","again_in":"1m0s","message":"the provider has not decided about fraud yet: it is asked again"}`},
		{"stop", confirm.Change{Step: confirm.StepFailed, Reason: confirm.ReasonUnconfirmed, Err: errors.New("the order does not say so")},
			`{"level":"info","merchant":"shop","step":"failed","order_id":"o","reason":"stop_unconfirmed","message":"a notification said stop, and the order does not say so yet: it is looked at again"}`},
		{"never shown", confirm.Change{Step: confirm.StepForgotten, Reason: confirm.ReasonUnknown},
			`{"level":"warn","merchant":"shop","step":"forgotten","order_id":"o","reason":"unknown_order","message":"the provider never showed this order: it is forgotten"}`},
		{"refused", confirm.Change{Step: confirm.StepParked, Reason: confirm.ReasonRefused, Err: fmt.Errorf("parked: refused: %w", refused)},
			`{"level":"error","merchant":"shop","step":"parked","order_id":"o","reason":"refused","provider_status":403,"error_code":"NOT_ALLOWED","correlation_id":"c-7",` +
				`"error":"parked: refused: acknowledge: the provider does not allow this for the order as it is: status 403 NOT_ALLOWED (correlation id c-7)",` +
				`"message":"the order is parked and waits for a person: kvitto orders show, then release"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			tt.c.Key = confirm.Key{Merchant: "shop", Order: "o"}
			if err := cmd.Observed(zerolog.New(&out), nil, false, tt.c); err != nil {
				t.Fatal(err)
			}
			if out.String() != tt.want+"\n" {
				t.Errorf("got  %swant %s", &out, tt.want)
			}
		})
	}
}

// TestQuietFields: what a change does not have is not in its line, and a first start is no alarm.
func TestQuietFields(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := confirm.Change{Key: confirm.Key{Merchant: "shop"}, Step: confirm.StepStoreLost, First: true, Revision: 1}
	if err := cmd.Observed(zerolog.New(&out), nil, false, c); err != nil {
		t.Fatal(err)
	}
	const want = `{"level":"warn","merchant":"shop","step":"store_lost","message":"the store of orders is new: if this is not the first start, its data was lost, see kvitto orders reconcile"}` + "\n"
	if out.String() != want {
		t.Errorf("got %s", &out)
	}
}

// TestRepeatedTrigger: a push of an order that is being worked on has its line in the log, and none in the audit: it changed nothing.
func TestRepeatedTrigger(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	a := openedAudit(t, file)
	var out bytes.Buffer
	c := auditChange("order-1", confirm.StepEnqueued)
	c.From = confirm.Pending
	if err := cmd.Observed(zerolog.New(&out), a, true, c); err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"by":"push"`) || len(auditText(t, file)) != 1 {
		t.Errorf("log %s audit %v", &out, auditText(t, file))
	}
}

// TestRequiredAudit: what is not in the audit is told; the trigger is refused only where the audit is required.
func TestRequiredAudit(t *testing.T) {
	t.Parallel()
	for name, required := range map[string]bool{"required": true, "not required": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openedAudit(t, filepath.Join(t.TempDir(), "audit.jsonl"))
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			err := cmd.Observed(zerolog.New(&out), a, required, auditChange("order-1", confirm.StepEnqueued))
			if (err != nil) != required {
				t.Errorf("error %v", err)
			}
			if !strings.Contains(out.String(), "a change of an order is not in the audit") {
				t.Errorf("log: %s", &out)
			}
		})
	}
}
