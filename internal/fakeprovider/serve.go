package fakeprovider

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// maxBody is the largest request that is read.
const maxBody = 5 << 20

var orderID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// call is one request to an API.
type call struct {
	kind     Kind
	order    string
	part     string // id of a capture or refund
	body     []byte
	merchant string
	base     string // of Location: scheme, host and path of the order
}

// Handler serves both APIs and, where Options.Control says so, the switches.
func (p *Provider) Handler() http.Handler { return http.HandlerFunc(p.serve) }

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	if p.o.Control && strings.HasPrefix(r.URL.Path, controlPath) {
		p.control(w, r)
		return
	}
	c := call{kind: Unknown}
	e := Entry{Seq: p.history.next(), At: p.o.Now(), Method: r.Method, Target: r.URL.Path}
	c.kind, c.order, c.part = route(r.Method, r.URL.Path)
	e.Kind, e.Order, e.Key = c.kind, c.order, r.Header.Get("Klarna-Idempotency-Key")
	delay, fault := p.pick(c.kind, c.order)
	e.Fault = fault.Mode
	if delay > 0 && e.Fault == "" {
		e.Fault = Slow
	}
	if fault.Mode == BlackHole {
		p.history.add(e)
		p.wait(r.Context(), -1)
		panic(http.ErrAbortHandler)
	}
	if !p.wait(r.Context(), delay) {
		p.history.add(e)
		panic(http.ErrAbortHandler)
	}
	answer := p.answer(w, r, &c, &e, &fault)
	e.Merchant, e.Status, e.Committed = c.merchant, answer.status, answer.commits || (e.Repeat && answer.status < 300)
	e.Code = code(&answer)
	answer = spoil(&fault, answer, c.order)
	if fault.Mode == LostReply {
		e.Status = 0
		p.history.add(e)
		panic(http.ErrAbortHandler)
	}
	if fault.Mode == FailingAfter {
		e.Status = answer.status
	}
	p.history.add(e)
	if fault.Mode == Huge || fault.Mode == CompressedHuge {
		writeHuge(w, &answer, fault.Size, fault.Mode == CompressedHuge)
		return
	}
	write(w, &answer)
}

// wait waits in real time, for ever if d is negative; false where the caller or the provider is gone.
func (p *Provider) wait(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return true
	}
	var end <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		end = t.C
	}
	select {
	case <-end:
		return true
	case <-ctx.Done():
	case <-p.ctx.Done():
	}
	return false
}

// answer decides what a call gets, before an answer is spoilt.
func (p *Provider) answer(w http.ResponseWriter, r *http.Request, c *call, e *Entry, f *Fault) reply {
	if refused, ok := instead(f, c.order); ok {
		return refused
	}
	who, ok := p.caller(r.Header)
	if !ok {
		return unauthorized()
	}
	c.merchant = who.Merchant
	limits := http.Header{}
	if p.rate.count(limits, c.merchant, p.o.Now()) {
		return withHeaders(tooMany(time.Second), limits)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return refuse(http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE", "Request too large")
	} else if err != nil {
		return badValue("body")
	}
	c.body, c.base = body, p.base(r, c)
	if r.Method == http.MethodGet {
		return withHeaders(p.do(c), limits)
	}
	var a reply
	a, e.Repeat = p.keys.once(c.merchant, e.Key, p.Now(), func() reply { return p.do(c) })
	return withHeaders(a, limits)
}

func withHeaders(r reply, more http.Header) reply {
	r.header = r.header.Clone()
	for name, values := range more {
		r.header[name] = values
	}
	return r
}

// base is where an order lives.
func (p *Provider) base(r *http.Request, c *call) string {
	origin := p.o.Origin
	if origin == "" {
		origin = "http://" + r.Host
	}
	prefix, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/orders")
	return origin + "/" + prefix + "/orders/" + c.order
}

// route finds what a request asks for.
func route(method, path string) (k Kind, order, part string) {
	if rest, ok := strings.CutPrefix(path, "/ordermanagement/v1/orders/"); ok {
		order, rest, _ = strings.Cut(rest, "/")
		k, part = managementRoute(method, rest)
		return k, order, part
	}
	if path == "/checkout/v3/orders" && method == http.MethodPost {
		return CheckoutCreate, "", ""
	}
	if rest, ok := strings.CutPrefix(path, "/checkout/v3/orders/"); ok {
		order, rest, _ = strings.Cut(rest, "/")
		switch method + " " + rest {
		case "GET ":
			return CheckoutRead, order, ""
		case "POST ":
			return CheckoutUpdate, order, ""
		case "POST abort":
			return CheckoutAbort, order, ""
		}
	}
	return Unknown, order, ""
}

func managementRoute(method, rest string) (Kind, string) {
	words := strings.Split(rest, "/")
	part := ""
	if len(words) > 1 {
		part, words[1] = words[1], "*"
	}
	switch method + " " + strings.Join(words, "/") {
	case "GET ":
		return Read, ""
	case "POST acknowledge":
		return Acknowledge, ""
	case "PATCH authorization":
		return Authorization, ""
	case "PATCH customer-details":
		return CustomerDetails, ""
	case "PATCH merchant-references":
		return MerchantReferences, ""
	case "POST extend-authorization-time":
		return ExtendAuthorization, ""
	case "POST release-remaining-authorization":
		return Release, ""
	case "POST cancel":
		return Cancel, ""
	case "POST shipping-info":
		return ShippingInfo, ""
	case "POST captures":
		return Capture, ""
	case "GET captures":
		return Captures, ""
	case "POST refunds":
		return Refund, ""
	case "GET refunds/*":
		return RefundRead, part
	}
	return captureRoute(method + " " + strings.Join(words, "/")), part
}

func captureRoute(call string) Kind {
	switch call {
	case "GET captures/*":
		return CaptureRead
	case "POST captures/*/shipping-info":
		return CaptureShippingInfo
	case "POST captures/*/trigger-send-out":
		return TriggerSendOut
	case "PATCH captures/*/extend-due-date":
		return ExtendDueDate
	case "GET captures/*/extend-due-date-options":
		return DueDateOptions
	}
	return Unknown
}
