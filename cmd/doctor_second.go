package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/order/confirm"
)

// What makes a pattern of orders whose push is missing.
const (
	enoughApproved = 5
	pushAfter      = 30 * time.Minute   // of serving: the first push comes about 2 minutes after the purchase, the next ones up to 15 later
	auditDays      = 3 * 24 * time.Hour // how far back the audit is read
	mostAudit      = 16 << 20           // bytes of it, from its end
	exactlyOne     = "exactly one party may acknowledge: switch it off in the shop's plug-in, and on its confirmation page call ensure instead"
	pushesMissing  = "pushes are blocked on the way (a firewall: look at its log), merchant_urls of the shop name another push, or somebody else acknowledges first: an order that is acknowledged is never pushed"
)

// acknowledges looks for a second party that acknowledges orders. The provider does not tell who did, so only traces can be
// found; the last line says what cannot be known.
func (d *doctor) acknowledges(ctx context.Context, m *configs.Merchant) {
	at := d.about("acknowledge", m)
	if m.Mode != "full" {
		d.pushesForOthers(at, m)
		return
	}
	d.pushes(at, m)
	d.found(at, m)
	d.refusals(ctx, at, m)
	at.skip("second party", "the provider", "who acknowledged an order stands in no answer of its API: a plug-in that acknowledges after Kvitto leaves no trace, "+
		"one that does so before keeps the push away")
}

// callbacksEnded sums callbacks by how they ended, as the running service counted them.
func (d *doctor) callbacksEnded(m *configs.Merchant, callback, outcomes string) int {
	n, _ := d.metrics.sum("kvitto_callback_requests_total", map[string]string{"merchant": m.ID, "callback": callback, "outcome": outcomes})
	return int(n)
}

// pushesForOthers looks for pushes in mode pricing.
func (d *doctor) pushesForOthers(at about, m *configs.Merchant) {
	const check, looked = "pushes", "kvitto_callback_requests_total of the running service"
	if !d.admin.up {
		at.skip(check, looked, "the admin listener did not show it")
		return
	}
	if n := d.callbacksEnded(m, "push|notification", "unavailable"); n > 0 {
		at.note(isFailed, check, looked, fmt.Sprintf("%d pushes or notifications came here and were answered 503: in mode pricing nobody here takes them", n),
			"give merchant_urls the push of the shop's own plug-in, as kvitto urls prints none; or write mode: full")
		return
	}
	at.note(isFine, check, looked, "none came here: in mode pricing the shop's own plug-in takes and acknowledges orders", "")
}

// pushes compares the validations that were approved with the pushes that came.
func (d *doctor) pushes(at about, m *configs.Merchant) {
	const check, looked = "pushes", "kvitto_callback_requests_total of the running service"
	if !d.admin.up {
		at.skip(check, looked, "the admin listener did not show it")
		return
	}
	approved := d.callbacksEnded(m, "validation", "approved")
	pushed := d.callbacksEnded(m, "push", "taken|done|parked")
	others := d.callbacksEnded(m, "ensure|webhook", "taken|done|parked")
	up := d.metrics.since(d.p.Now())
	found := fmt.Sprintf("since the start %v ago: %d validations approved, %d pushes, %d by ensure or webhook", up.Round(time.Minute), approved, pushed, others)
	switch {
	case pushed > 0:
		at.note(isFine, check, looked, found, "")
	case others > 0:
		at.note(isFine, check, looked, found+": orders are taken over before their push", "")
	case approved < enoughApproved || up < pushAfter:
		at.skip(check, looked, found+": too little to judge")
	default:
		at.note(isWarned, check, looked, found, pushesMissing+". "+exactlyOne)
	}
}

// found looks in the audit for orders whose push had not come when the provider was asked for them.
func (d *doctor) found(at about, m *configs.Merchant) {
	const check = "found without a push"
	file := d.cfg.Audit.File
	switch {
	case m.ExpectPush == 0:
		at.note(isWarned, check, "expect_push", "it is off: nobody asks for orders whose push does not come", "write expect_push: 10m")
		return
	case file == "":
		at.skip(check, "audit.file", "none is kept")
		return
	}
	looked := fmt.Sprintf("%s, the last %d days", file, int(auditDays.Hours()/24))
	t, err := readTriggers(file, m.ID, d.p.Now().Add(-auditDays))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		at.skip(check, looked, "there is no such file here")
	case err != nil:
		at.skip(check, looked, plainCause(err))
	case t.expected == 0:
		at.note(isFine, check, looked, fmt.Sprintf("none of %d orders", t.orders), "")
	default:
		at.note(isWarned, check, looked, fmt.Sprintf("%d of %d orders, %v after their validation", t.expected, t.orders, m.ExpectPush), pushesMissing+". "+exactlyOne)
	}
}

// triggers counts how orders came to be known.
type triggers struct{ orders, expected int }

// readTriggers reads what the audit has of a merchant since a time. What is no line of an audit is passed over.
func readTriggers(file, merchant string, since time.Time) (t triggers, err error) {
	f, err := os.Open(file)
	if err != nil {
		return t, err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return t, err
	}
	raw, err := io.ReadAll(io.NewSectionReader(f, max(info.Size()-mostAudit, 0), mostAudit))
	if err != nil {
		return t, err
	}
	known := map[string]bool{}
	for line := range bytes.Lines(raw) {
		var l auditLine
		if json.Unmarshal(line, &l) != nil || l.Merchant != merchant || l.Step != string(confirm.StepEnqueued) || l.Order == "" || known[l.Order] {
			continue
		}
		if when, err := time.Parse(time.RFC3339Nano, l.Time); err != nil || when.Before(since) {
			continue
		}
		known[l.Order] = true // what came first
		t.orders++
		if l.By == confirm.ByExpected {
			t.expected++
		}
	}
	return t, nil
}

// refusals looks for orders that wait because the provider refused our acknowledgement.
func (d *doctor) refusals(ctx context.Context, at about, m *configs.Merchant) {
	const check = "parked"
	looked := "orders that wait for a person"
	if !d.admin.up {
		at.skip(check, looked, "the admin listener did not show them")
		return
	}
	var page ordersPage
	status, raw, err := d.admin.get(ctx, fmt.Sprintf("/api/orders?merchant=%s&state=PARKED&limit=%d", m.ID, maxPage), true)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the service answers %d", status)
	}
	if err == nil {
		err = json.Unmarshal(raw, &page)
	}
	if err != nil {
		at.note(isFailed, check, looked, plainCause(err), "is the store up? kvitto orders list says more")
		return
	}
	refused := 0
	for _, o := range page.Orders {
		if o.Reason == string(confirm.ReasonRefused) {
			refused++
		}
	}
	over, _ := d.metrics.sum("kvitto_order_steps_total", map[string]string{"merchant": m.ID, "step": string(confirm.StepAcked), "reason": string(confirm.ReasonOver)})
	found := fmt.Sprintf("%d, of which %d because the provider refused the acknowledgement (403) of an order that is alive; %d were captured, cancelled or closed before we acknowledged them",
		len(page.Orders), refused, int(over))
	const list = "kvitto orders list --state parked, then release each once the cause is gone"
	switch {
	case refused > 0:
		at.note(isFailed, check, looked, found, "somebody else may acknowledge or change these orders. "+exactlyOne+"; "+list)
	case over > 0:
		at.note(isWarned, check, looked, found, "somebody else may capture, and so acknowledge, orders. "+exactlyOne)
	case len(page.Orders) > 0:
		at.note(isWarned, check, looked, found, list)
	default:
		at.note(isFine, check, looked, "none", "")
	}
}
