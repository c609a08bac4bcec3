package fakeprovider

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// hugeSize is what a huge body has.
const hugeSize = 200_000_000

// instead is the answer of a fault that keeps the call from being done.
func instead(f *Fault, order string) (reply, bool) {
	switch f.Mode {
	case Failing:
		return refuse(orDefault(f.Status, http.StatusServiceUnavailable), "TEMPORARILY_UNAVAILABLE", "Try again later"), true
	case Unauthorized:
		return unauthorized(), true
	case Missing:
		return noSuchOrder(order), true
	case TooMany:
		return tooMany(max(f.Delay(), time.Second)), true
	case Forbidden:
		return refuse(http.StatusForbidden, "NOT_ALLOWED", "Update not allowed"), true
	case Redirect:
		return reply{status: http.StatusFound, header: http.Header{"Location": {f.Location}}}, true
	}
	return reply{}, false
}

// spoil changes an answer after the call was done.
func spoil(f *Fault, r reply, order string) reply {
	switch f.Mode {
	case FailingAfter:
		spoilt := refuse(orDefault(f.Status, http.StatusGatewayTimeout), "TEMPORARILY_UNAVAILABLE", "Gateway timeout")
		spoilt.commits = r.commits
		return spoilt
	case HTML:
		r.header = page(r.header)
		r.body = []byte("<!DOCTYPE html><html><body>We are working on it.</body></html>\n")
		if r.status == http.StatusNoContent {
			r.status = http.StatusOK // 204 has no body
		}
	case HalfJSON:
		r.body = r.body[:len(r.body)/2]
	case OtherOrder:
		r.body = []byte(strings.ReplaceAll(string(r.body), order, other(order)))
	}
	return r
}

func page(h http.Header) http.Header {
	h = h.Clone()
	h.Set("Content-Type", "text/html;charset=utf-8")
	return h
}

// other is an order id that is not this one: its last character changed.
func other(order string) string {
	if strings.HasSuffix(order, "0") {
		return order[:len(order)-1] + "1"
	}
	return order[:max(len(order)-1, 0)] + "0"
}

// write sends an answer. An error is the client's business: it is gone.
func write(w http.ResponseWriter, r *reply) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	if r.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(r.body)))
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body)
}

// writeHuge sends JSON that never ends in time: an order with a member of size bytes, compressed or not.
func writeHuge(w http.ResponseWriter, r *reply, size int64, compressed bool) {
	if size == 0 {
		size = hugeSize
	}
	w.Header().Set("Content-Type", "application/json")
	var to io.Writer = w
	if compressed {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer func() { _ = z.Close() }() // the client is gone
		to = z
	}
	w.WriteHeader(r.status)
	start, _ := bytes.CutSuffix(r.body, []byte("}"))
	if len(start) == 0 {
		start = []byte("{")
	}
	block := bytes.Repeat([]byte("a"), 64<<10)
	_, err := io.WriteString(to, string(start)+`,"padding":"`)
	for sent := int64(0); err == nil && sent < size; sent += int64(len(block)) {
		_, err = to.Write(block)
	}
	if err == nil {
		_, _ = io.WriteString(to, `"}`) // the client is gone
	}
}
