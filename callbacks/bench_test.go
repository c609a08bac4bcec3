package callbacks_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/internal/decisions"
	"github.com/kvitto/kvitto/internal/floor"
)

// sink is a response writer that keeps nothing, so that the benchmarks measure the handlers.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { s.bytes += len(p); return len(p), nil }

// benchBody is a request body that can be read again.
type benchBody struct {
	data []byte
	at   int
}

func (b *benchBody) Read(p []byte) (int, error) {
	if b.at == len(b.data) {
		return 0, io.EOF
	}
	n := copy(p, b.data[b.at:])
	b.at += n
	return n, nil
}

func (b *benchBody) Close() error { return nil }

func benchmark(b *testing.B, h http.Handler, path string, body []byte) {
	b.Helper()
	in := &benchBody{data: body}
	r := httptest.NewRequest(http.MethodPost, path, in)
	r.Header.Set("Content-Type", "application/json")
	r.ContentLength = int64(len(body))
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		in.at, w.bytes = 0, 0
		clear(w.header)
		h.ServeHTTP(w, r)
	}
	if w.status != http.StatusOK {
		b.Fatalf("got %d, want 200", w.status)
	}
	b.ReportMetric(float64(w.bytes), "answer-bytes")
}

// benchServer logs to nowhere at info level, as serve does with its output dropped.
func benchServer(b *testing.B, o ...func(*callbacks.Options)) *shop {
	b.Helper()
	change := append([]func(*callbacks.Options){func(o *callbacks.Options) {
		o.Log = zerolog.New(io.Discard)
		o.Registerer = prometheus.NewRegistry()
	}}, o...)
	return newServer(b, change...)
}

// BenchmarkCallback is each whole callback in this process with the sample rulebook, from the handler's first byte to
// its last, an order of 4 lines and 6.6 KB.
func BenchmarkCallback(b *testing.B) {
	body, err := floor.Body("41119")
	if err != nil {
		b.Fatal(err)
	}
	s := benchServer(b, withEngine(nordic(b)))
	h := s.server.Handler()
	for _, cb := range []string{"address-update", "country-change", "shipping-option-update"} {
		b.Run(cb, func(b *testing.B) { benchmark(b, h, base+"/"+cb+query, body) })
	}
	kept := benchServer(b, withEngine(nordic(b)), func(o *callbacks.Options) { o.Decisions = decisions.New(1000, 16<<20, "bench") })
	b.Run("address-update kept", func(b *testing.B) { benchmark(b, kept.server.Handler(), base+"/address-update"+query, body) })
	whole := merged(b, string(body), decoded(b, s.call(base+"/address-update", string(body)).body))
	whole["order_id"], whole["purchase_country"] = orderID, "SE"
	for _, o := range whole["shipping_options"].([]any) {
		if o.(map[string]any)["preselected"] == true {
			whole["selected_shipping_option"] = o
		}
	}
	order := []byte(marshal(b, whole))
	b.Run("validation", func(b *testing.B) { benchmark(b, h, base+"/validation"+query, order) })
}

// BenchmarkFloor is what the callbacks are measured against: encoding/json in, a fixed answer out.
func BenchmarkFloor(b *testing.B) {
	body, err := floor.Body("41119")
	if err != nil {
		b.Fatal(err)
	}
	var o floor.Order
	if err := json.Unmarshal(body, &o); err != nil {
		b.Fatal(err)
	}
	benchmark(b, floor.Handler(floor.Fixed(&o)), base+"/address-update", body)
}

// BenchmarkLoopback is an update and the floor over a connection that stays open, the client's own work included.
func BenchmarkLoopback(b *testing.B) {
	body, err := floor.Body("41119")
	if err != nil {
		b.Fatal(err)
	}
	var o floor.Order
	if err := json.Unmarshal(body, &o); err != nil {
		b.Fatal(err)
	}
	s := benchServer(b, withEngine(nordic(b)))
	b.Run("address-update", func(b *testing.B) { loopback(b, s.server.HTTP(), body) })
	b.Run("floor", func(b *testing.B) { loopback(b, &http.Server{Handler: floor.Handler(floor.Fixed(&o))}, body) })
}

func loopback(b *testing.B, srv *http.Server, body []byte) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	send := []byte(request(base+"/address-update", string(body), "Content-Type: application/json"))
	r := bufio.NewReaderSize(c, 16<<10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Write(send); err != nil {
			b.Fatal(err)
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatalf("got %v, %v, want 200", resp, err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
	}
	if err := errors.Join(c.Close(), srv.Close()); err != nil {
		b.Fatal(err)
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		b.Fatal(err)
	}
}

// BenchmarkRefused is a request with a wrong token.
func BenchmarkRefused(b *testing.B) {
	h := benchServer(b).server.Handler()
	w := &sink{header: http.Header{}}
	r := httptest.NewRequest(http.MethodPost, "/v1/demo/wrong/validation", http.NoBody)
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		h.ServeHTTP(w, r)
	}
	if w.status != http.StatusNotFound {
		b.Fatalf("got %d, want 404", w.status)
	}
}

// BenchmarkPush is a push of an order that was taken over.
func BenchmarkPush(b *testing.B) {
	d := &desk{standing: callbacks.Standing{State: callbacks.Acked}, forgets: true}
	s := newDesk(b, d)
	s.log.discard = true
	at := noon()
	s.now = func() time.Time { at = at.Add(10 * time.Millisecond); return at }
	benchmark(b, s.server.Handler(), base+"/push"+query, nil)
}
