package callbacks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/rules"
)

// crowd holds requests in the rules until it is let go.
type crowd struct {
	*shop
	held    *sync.WaitGroup
	release chan struct{}
}

// newCrowd makes a server for so many requests at once, with the given merchants.
func newCrowd(t *testing.T, concurrency int, merchants ...string) *crowd {
	c := &crowd{held: &sync.WaitGroup{}, release: make(chan struct{})}
	e := newEngine(t, &tables{tax: func(context.Context, *rules.Query) error {
		<-c.release
		return nil
	}})
	c.shop = newServer(t, func(o *callbacks.Options) {
		o.Concurrency = concurrency
		for _, m := range merchants {
			o.Merchants = append(o.Merchants, newMerchant(m, e))
		}
	})
	return c
}

// hold begins a request that stays at work.
func (c *crowd) hold(merchant, callback, body string) {
	c.held.Go(func() {
		if r := c.call("/v1/"+merchant+"/"+token+"/"+callback, body); r.status != http.StatusOK {
			c.t.Errorf("%s of %s: got %v, want 200 in the end", callback, merchant, r)
		}
	})
	synctest.Wait()
}

func (c *crowd) letGo() {
	close(c.release)
	c.held.Wait()
}

// TestShedInOrder fills the server: pushes are refused first, then updates, validation last.
func TestShedInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 10, "demo")
		want := func(at int, push, cart string) {
			t.Helper()
			if got := c.call(base+"/push"+query, ""); field(lastLine(c.shop), "class") != push || got.status != 503 ||
				got.header.Get("Retry-After") == "" {
				t.Errorf("push with %d at work: got %v and %s, want 503 and class %s", at, got, lastLine(c.shop), push)
			}
			if cart == "" {
				return
			}
			if got := c.call(base+"/address-update", cartJSON("")); got.status != 400 || got.body != fault ||
				field(lastLine(c.shop), "class") != cart || field(lastLine(c.shop), "outcome") != "shed" {
				t.Errorf("update with %d at work: got %v and %s, want 400 and class %s", at, got, lastLine(c.shop), cart)
			}
		}
		for range 4 {
			c.hold("demo", "address-update", cartJSON(""))
		}
		want(4, "no_store", "")
		c.hold("demo", "address-update", cartJSON(""))
		want(5, "busy", "")
		for range 3 {
			c.hold("demo", "address-update", cartJSON(""))
		}
		want(8, "busy", "busy")
		c.hold("demo", "validation", orderJSON(""))
		c.hold("demo", "validation", orderJSON(""))
		want(10, "busy", "busy")
		if got := c.call(base+"/validation", orderJSON("")); got.status != 400 || got.body != fault {
			t.Errorf("validation with 10 at work: got %v, want 400", got)
		}
		c.letGo()
		if n, held := c.server.InFlight(); n != 0 || held != 0 {
			t.Errorf("got %d requests, %d bytes in flight, want none", n, held)
		}
	})
}

func lastLine(s *shop) string {
	lines := s.log.lines()
	return lines[len(lines)-1]
}

// TestTenantsApart lets one merchant use all it may; the other one is served.
func TestTenantsApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, 10, "demo", "other")
		for range 4 {
			c.hold("demo", "address-update", cartJSON(""))
		}
		if got := c.call(base+"/address-update", cartJSON("")); got.status != 400 {
			t.Errorf("fifth of demo: got %v, want 400", got)
		}
		c.hold("other", "address-update", cartJSON(""))
		c.hold("other", "validation", orderJSON(""))
		c.hold("demo", "validation", orderJSON(""))
		if got := c.call(base+"/validation", orderJSON("")); got.status != 400 {
			t.Errorf("sixth of demo: got %v, want 400", got)
		}
		if err := c.server.SetMerchants([]*callbacks.Merchant{
			newMerchant("demo", newEngine(t, &tables{})), newMerchant("other", newEngine(t, &tables{}))}); err != nil {
			t.Fatal(err)
		}
		if got := c.call(base+"/validation", orderJSON("")); got.status != 400 {
			t.Errorf("sixth of demo after a reload: got %v, want 400: its share is in use", got)
		}
		c.letGo()
	})
}

// TestBytesInFlight fills the memory for bodies with bodies that do not end.
func TestBytesInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, func(o *callbacks.Options) { o.BodyLimit, o.InFlightLimit = 256<<10, 1<<20 })
		var bodies []*io.PipeWriter
		var wait sync.WaitGroup
		statuses := make(chan int, 8)
		for range 8 {
			r, w := io.Pipe()
			bodies = append(bodies, w)
			wait.Go(func() {
				rec := httptest.NewRecorder()
				s.server.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodPost, base+"/address-update", r))
				statuses <- rec.Code
				_ = r.Close() // always nil
			})
			if _, err := io.WriteString(w, strings.Repeat(" ", 200<<10)); err != nil && !errors.Is(err, io.ErrClosedPipe) {
				t.Error(err)
			}
			synctest.Wait()
		}
		if n, held := s.server.InFlight(); held > 1<<20*4/5 || n != 3 {
			t.Errorf("got %d requests with %d bytes in flight, want 3 within four fifths of 1 MiB", n, held)
		}
		if got := strings.Count(s.log.String(), `"class":"memory"`); got != 5 {
			t.Errorf("got %d refused for memory, want 5", got)
		}
		for _, w := range bodies {
			_ = w.Close() // always nil
		}
		wait.Wait()
		close(statuses)
		for status := range statuses {
			if status != 400 {
				t.Errorf("got %d, want 400", status)
			}
		}
		if n, held := s.server.InFlight(); n != 0 || held != 0 {
			t.Errorf("got %d requests, %d bytes in flight, want none", n, held)
		}
	})
}

// TestAnnouncedLength holds nothing for a length that is only announced.
func TestAnnouncedLength(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		r, w := io.Pipe()
		var wait sync.WaitGroup
		wait.Go(func() {
			req := httptest.NewRequest(http.MethodPost, base+"/address-update", r)
			req.ContentLength = 1 << 20
			s.server.Handler().ServeHTTP(httptest.NewRecorder(), req)
		})
		synctest.Wait()
		if _, held := s.server.InFlight(); held > 16<<10 {
			t.Errorf("got %d bytes in flight for an announced MiB, want one buffer", held)
		}
		_ = w.Close() // always nil
		wait.Wait()
	})
}

// TestSmallLimits lets the largest body in even where the shares are smaller.
func TestSmallLimits(t *testing.T) {
	t.Parallel()
	e := newEngine(t, &tables{})
	s := newServer(t, func(o *callbacks.Options) {
		o.Concurrency, o.BodyLimit, o.InFlightLimit = 1, 64<<10, 64<<10
		o.Merchants = []*callbacks.Merchant{newMerchant("demo", e), newMerchant("other", e)}
	})
	whole := cartJSON("")
	for _, cb := range []string{"/address-update", "/shipping-option-update"} {
		if got := s.call(base+cb, whole+strings.Repeat(" ", 64<<10-len(whole))); got.status != 200 {
			t.Errorf("%s: got %v, want 200", cb, got)
		}
	}
}

// TestFlood is many requests at once over loopback: each has an answer that the contract knows, and nothing stays.
func TestFlood(t *testing.T) {
	t.Parallel()
	e := newEngine(t, &tables{})
	s := newShop(t, func(o *callbacks.Options) {
		o.Concurrency = 4
		o.Merchants = []*callbacks.Merchant{newMerchant("demo", e), newMerchant("other", e)}
	})
	want := cartAnswer(t)
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			for range 20 {
				merchant := [...]string{"demo", "other"}[i%2]
				r := s.post(fmt.Sprintf("/v1/%s/%s/address-update", merchant, token), cartJSON(""))
				if r.status == 200 && r.body != want || r.status == 400 && r.body != fault || r.status != 200 && r.status != 400 {
					t.Errorf("got %v, want the cart or the fault text", r)
				}
			}
		})
	}
	wait.Wait()
	s.served()
}

func cartAnswer(t *testing.T) string {
	t.Helper()
	r := newServer(t).call(base+"/address-update", cartJSON(""))
	if r.status != 200 {
		t.Fatal(r)
	}
	return r.body
}

func TestServerTimes(t *testing.T) {
	t.Parallel()
	srv := newServer(t).server.HTTP()
	for name, d := range map[string]time.Duration{"ReadHeaderTimeout": srv.ReadHeaderTimeout, "ReadTimeout": srv.ReadTimeout,
		"WriteTimeout": srv.WriteTimeout, "IdleTimeout": srv.IdleTimeout} {
		if d <= 0 {
			t.Errorf("%s is not set", name)
		}
	}
	if srv.MaxHeaderBytes != 8<<10 || srv.Protocols.HTTP2() || srv.Protocols.UnencryptedHTTP2() {
		t.Errorf("got headers of %d bytes, protocols %v, want 8 KiB and HTTP/1 only", srv.MaxHeaderBytes, srv.Protocols)
	}
	if srv.WriteTimeout <= callbacks.MaxDeadline {
		t.Errorf("got write time-out %v, want it beyond every deadline", srv.WriteTimeout)
	}
}

func TestServerLog(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	srv := s.server.HTTP()
	srv.ErrorLog.Printf("http: panic serving %s: %s", "192.0.2.1", secretText)
	srv.ErrorLog.Printf("http: TLS handshake error from 192.0.2.1: EOF")
	srv.ErrorLog.Printf("http: Accept error: too many open files; retrying in 5ms")
	srv.ErrorLog.Printf("anything else %s", secretText)
	for _, kind := range []string{"panic", "tls", "accept", "other"} {
		if n := s.counter("kvitto_callback_server_errors_total", "kind", kind); n != 1 {
			t.Errorf("%s: got %v, want 1", kind, n)
		}
	}
	if log := s.log.String(); strings.Contains(log, secretText) || strings.Contains(log, "192.0.2.1") || strings.Count(log, "\n") != 4 {
		t.Errorf("got %s, want four lines without text of the client", log)
	}
}
