package sink_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/rules"
)

// private is an event with a canary in every place that may hold something of a buyer.
func private() *rules.Event {
	e := event()
	e.Body = []byte(`{"data":{"order":{"given_name":"canary","email":"canary@example.org"}}}`)
	e.Merchant, e.OrderID = "canary", "canary"
	return e
}

// TestNoPersonalData: no error, no word about an odd answer and no way to print a sink shows anything of an event, of what
// the shop said, of a query in the URL or of the secret (I11, I12).
func TestNoPersonalData(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"500 with a text":         status(500, "canary"),
		"422 with the order":      status(422, `{"email":"canary"}`),
		"302":                     status(302, "canary"),
		"410":                     status(410, "canary"),
		"429":                     status(429, "canary"),
		"a receipt that is wrong": status(200, `{"receipt":"canary\n","merchant_reference1":{"canary":1}}`),
		"half an answer":          status(200, `{"receipt":"canary`),
		"a page":                  status(200, "<html>canary"),
		"a broken answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"canary":`) // the handler ends the connection
		},
		"no HTTP":               raw("SSH-2.0-canary\r\n"),
		"a header that is none": raw("HTTP/1.1 200 OK\r\ncanary\r\n\r\n"),
		"a length that is none": raw("HTTP/1.1 200 OK\r\nContent-Length: canary\r\n\r\n"),
		"nothing":               raw(""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := shop(t, answer)
			var told []string
			w := webhook(t, sink.Options{URL: s.URL + "/?canary=1", OnOddAnswer: func(_ *rules.Event, err error) { told = append(told, err.Error()) }})
			_, err := w.Take(t.Context(), private())
			told = append(told, fmt.Sprint(err), fmt.Sprintf("%v %+v %#v", err, err, errors.Unwrap(err) == nil))
			if err == nil && len(told) < 3 {
				t.Error("neither an error nor a word about the answer")
			}
			for _, text := range told {
				if strings.Contains(text, "canary") || strings.Contains(text, "MfKQ9r8") {
					t.Errorf("shown: %q", text)
				}
			}
		})
	}
}

// TestNoPersonalDataUnreachable: the same where no answer comes; what helps to find the fault is told.
func TestNoPersonalDataUnreachable(t *testing.T) {
	t.Parallel()
	refused := shop(t, func(http.ResponseWriter, *http.Request) {})
	refused.Close()
	for _, tt := range []struct {
		name, url string
		cause     error
		want      string
	}{
		{name: "refused", url: refused.URL, want: "no answer of the shop: dial tcp 127.0.0.1:"},
		{name: "no such name", cause: &net.DNSError{Err: "canary", Name: "shop.example"}, want: "no answer of the shop: its name cannot be resolved"},
		{name: "certificate", cause: &tls.CertificateVerificationError{Err: errors.New("x509: expired")}, want: "no answer of the shop: tls: failed to verify certificate: x509: expired"},
		{name: "time", cause: fmt.Errorf("canary: %w", context.DeadlineExceeded), want: "no answer of the shop: not in time"},
		{name: "called off", cause: context.Canceled, want: "no answer of the shop: it was called off"},
		{name: "reset", cause: &net.OpError{Op: "read", Err: errors.New("canary")}, want: "no answer of the shop: the connection broke"},
		{name: "whatever", cause: errors.New("canary"), want: "no answer of the shop: the connection broke"},
	} {
		o := sink.Options{URL: tt.url}
		if tt.cause != nil {
			o.URL, o.Transport = "https://shop.example/", trip(func(*http.Request) (*http.Response, error) { return nil, tt.cause })
		}
		_, err := webhook(t, o).Take(t.Context(), private())
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
		if tt.cause != nil && !errors.Is(err, tt.cause) {
			t.Errorf("%s: the cause is not wrapped in %v", tt.name, err)
		}
	}
}

// TestNoPersonalDataSpool: the same where a file cannot be written.
func TestNoPersonalDataSpool(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "orders")
	s, err := sink.NewSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Take(t.Context(), private()); err == nil || strings.Contains(err.Error(), "canary") || !strings.HasPrefix(err.Error(), "spool: ") {
		t.Errorf("got %v", err)
	}
}

func status(code int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://canary.example/")
		w.Header().Set("Retry-After", "canary")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, text) // a test's server
	}
}

// raw answers with bytes instead of HTTP.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_, _ = io.WriteString(conn, text) // a test's server
			_ = conn.Close()
		}
	}
}
