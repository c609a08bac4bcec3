package page

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// event is a request into the provider or out of it, in words.
type event struct {
	At     time.Time
	Tone   string // good, bad, warn, info
	Sign   string
	Out    bool // the provider called
	Text   string
	Detail string
	Fault  string // that the provider was told to have
	Times  int    // that it happened in a row
	Until  time.Time
}

// same reports whether two events differ in their time only.
func (e *event) same(o *event) bool {
	return e.Out == o.Out && e.Text == o.Text && e.Detail == o.Detail && e.Fault == o.Fault
}

// eventsOf tells the history of an order, oldest first; what repeats in a row is told once.
func eventsOf(entries []fakeprovider.Entry, m mask) []event {
	events := make([]event, 0, len(entries))
	pushes := 0
	for i := range entries {
		e := &entries[i]
		if e.Kind == fakeprovider.Push && e.Fault != fakeprovider.Dropped {
			pushes++
		}
		v := event{At: e.At, Out: e.Kind == fakeprovider.Push || e.Kind == fakeprovider.Notification, Fault: strings.ReplaceAll(string(e.Fault), "_", " ")}
		if v.Out {
			v.Text = sentText(e, pushes)
		} else {
			v.Text = calledText(e.Kind)
		}
		v.Tone, v.Sign, v.Detail = resultOf(e, m)
		if n := len(events); n > 0 && events[n-1].same(&v) {
			events[n-1].Times++
			events[n-1].Until = v.At
			continue
		}
		v.Times = 1
		events = append(events, v)
	}
	return events
}

func sentText(e *fakeprovider.Entry, n int) string {
	switch {
	case e.Kind == fakeprovider.Notification:
		return "The provider notifies of its decision"
	case e.Fault == fakeprovider.Dropped:
		return "A push is due and gets lost"
	}
	return fmt.Sprintf("Push %d", n)
}

// calledText says what the service asks for.
func calledText(k fakeprovider.Kind) string {
	switch k {
	case fakeprovider.Read:
		return "The service reads the order"
	case fakeprovider.CheckoutRead:
		return "The service reads the checkout"
	case fakeprovider.Acknowledge:
		return "The service acknowledges"
	case fakeprovider.MerchantReferences:
		return "The service sets its references"
	case fakeprovider.Capture:
		return "The order is captured"
	case fakeprovider.Cancel:
		return "The order is cancelled"
	case fakeprovider.Refund:
		return "A refund is made"
	}
	return "Call: " + strings.ReplaceAll(string(k), "_", " ")
}

// resultOf says what came of a request.
func resultOf(e *fakeprovider.Entry, m mask) (tone, sign, detail string) {
	status := fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		status += " " + e.Code
	}
	switch {
	case e.Fault == fakeprovider.Dropped:
		return "bad", "✕", "not sent"
	case e.Error != "":
		return "bad", "✕", m.text(strings.TrimPrefix(e.Error, fmt.Sprintf("Post %q: ", e.Target)))
	case e.Committed && (e.Status == 0 || e.Status >= 300):
		return "bad", "✕", "done, but the service was not told so"
	case e.Status == 0:
		return "bad", "✕", "no answer"
	case e.Status >= 500:
		return "bad", "✕", status
	case e.Status >= 300:
		return "warn", "!", status
	case e.Repeat:
		return "good", "✓", status + ", the first answer again"
	}
	return "good", "✓", status
}
