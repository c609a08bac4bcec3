package sink_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/rules"
)

// The rows are those of the fault matrix (58 to 63) and of the bad-input matrix (100).

// TestRow58ErrorsForAnHour: a shop that answers 500 for an hour gets the same event until it takes it, and few requests.
func TestRow58ErrorsForAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		way, asked := answers(func(int) int {
			if time.Since(began) < time.Hour {
				return 500
			}
			return 200
		})
		w := webhook(t, sink.Options{URL: "https://shop.example/", Transport: way})
		faults := 0
		for {
			_, err := w.Take(t.Context(), event())
			if err == nil {
				break
			}
			var status *sink.StatusError
			if !errors.Is(err, sink.ErrBreaker) && (!errors.As(err, &status) || status.Status != 500) {
				t.Fatalf("got %v", err)
			}
			faults++
			time.Sleep(time.Second) // of the bubble: a thousand orders take turns
		}
		if took := time.Since(began); took < time.Hour || took > time.Hour+10*time.Second {
			t.Errorf("taken after %v", took)
		}
		if *asked > faults/4 {
			t.Errorf("%d requests in %d attempts", *asked, faults)
		}
	})
}

// TestRow59Gone: 410 is told apart, so that the order is set aside, and is asked once.
func TestRow59Gone(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	s := shop(t, func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusGone)
	})
	_, err := webhook(t, sink.Options{URL: s.URL}).Take(t.Context(), event())
	var later *rules.Later
	if !errors.Is(err, rules.ErrSinkGone) || errors.As(err, &later) || hits.Load() != 1 {
		t.Errorf("got %v after %d requests", err, hits.Load())
	}
}

// TestRow60Hangs: a shop that hangs is left when ctx ends; meanwhile the shop of another merchant takes its orders.
func TestRow60Hangs(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	hanging := shop(t, func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
		close(arrived)
		<-r.Context().Done()
	})
	other := shop(t, func(http.ResponseWriter, *http.Request) {})
	ctx, cancel := context.WithCancelCause(t.Context())
	result := make(chan error)
	w := webhook(t, sink.Options{URL: hanging.URL})
	go func() {
		_, err := w.Take(ctx, event())
		result <- err
	}()
	<-arrived
	if _, err := webhook(t, sink.Options{URL: other.URL}).Take(t.Context(), event()); err != nil {
		t.Error(err)
	}
	cancel(context.DeadlineExceeded)
	err := <-result
	var none *sink.UnreachableError
	if !errors.As(err, &none) || !errors.Is(err, context.DeadlineExceeded) || err.Error() != "no answer of the shop: not in time" {
		t.Errorf("got %v", err)
	}
}

// TestRow61ReplyLost: the shop took the order and its answer is lost. That is an error, and nothing is sent by itself, on a
// connection that was used before either; the next attempt brings the same id and the same bytes.
func TestRow61ReplyLost(t *testing.T) {
	t.Parallel()
	var got []string
	s := shop(t, func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, r.Header.Get("Webhook-Id")+" "+string(text))
		if len(got) != 2 {
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	w := webhook(t, sink.Options{URL: s.URL})
	var none *sink.UnreachableError
	for n, want := range []bool{true, false, true} {
		_, err := w.Take(t.Context(), event())
		if (err == nil) != want || err != nil && (!errors.As(err, &none) || err.Error() != "no answer of the shop: the connection broke") {
			t.Errorf("attempt %d: got %v", n+1, err)
		}
	}
	want := id + " " + body
	if d := cmp.Diff([]string{want, want, want}, got); d != "" {
		t.Error(d)
	}
}

// endless is an answer without an end that counts what is read of it.
type endless struct{ read *int }

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	*e.read += len(p)
	return len(p), nil
}

func (endless) Close() error { return nil }

// TestRow62HugeAnswer: of a gigabyte 64 KiB are read. The order is taken all the same.
func TestRow62HugeAnswer(t *testing.T) {
	t.Parallel()
	read := 0
	way := trip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: endless{&read}, ContentLength: 1 << 30}, nil
	})
	why := ""
	w := webhook(t, sink.Options{URL: "https://shop.example/", Transport: way, OnOddAnswer: func(e *rules.Event, err error) { why = e.ID + " " + err.Error() }})
	if taken, err := w.Take(t.Context(), event()); err != nil || taken != (rules.Taken{}) {
		t.Errorf("got %+v, %v", taken, err)
	}
	if read > sink.MostAnswer+1 {
		t.Errorf("%d bytes were read", read)
	}
	if want := id + " a part of the shop's answer is ignored: it has more than 65536 bytes"; why != want {
		t.Errorf("got %q, want %q", why, want)
	}
}

// TestRow62DrippingAnswer: an answer that never ends holds nobody longer than ctx. What its status said counts.
func TestRow62DrippingAnswer(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{200: true, 500: false} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s := shop(t, func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.Copy(io.Discard, r.Body); err != nil {
					t.Error(err)
				}
				w.WriteHeader(status)
				for range 3 { // until the caller goes away, which it may do at once
					if _, err := io.WriteString(w, "{"); err != nil {
						return
					}
					if err := http.NewResponseController(w).Flush(); err != nil {
						return
					}
				}
				<-r.Context().Done()
			})
			way := &http.Transport{DisableCompression: true}
			defer way.CloseIdleConnections()
			head := trip(func(r *http.Request) (*http.Response, error) {
				defer cancel() // the head is there, and time is up
				return way.RoundTrip(r)
			})
			odd := 0
			w := webhook(t, sink.Options{URL: s.URL, Transport: head, OnOddAnswer: func(*rules.Event, error) { odd++ }})
			if _, err := w.Take(ctx, event()); (err == nil) != want || (odd == 1) != want {
				t.Errorf("got %v, %d odd answers", err, odd)
			}
		})
	}
}

// TestRow63Redirects: none is followed, wherever it leads (I15).
func TestRow63Redirects(t *testing.T) {
	t.Parallel()
	var inside atomic.Int64
	inner := shop(t, func(http.ResponseWriter, *http.Request) { inside.Add(1) })
	for _, status := range []int{300, 301, 302, 303, 307, 308} {
		s := shop(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", inner.URL+"/canary")
			w.WriteHeader(status)
		})
		_, err := webhook(t, sink.Options{URL: s.URL}).Take(t.Context(), event())
		want := fmt.Sprintf("the shop answered %d, want 2xx; a redirect is not followed: set the URL that it leads to", status)
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if inside.Load() != 0 {
		t.Errorf("%d requests went inside", inside.Load())
	}
}

// TestRow100GzipBomb: an answer that was compressed without being asked for is not inflated.
func TestRow100GzipBomb(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(append([]byte(`{"receipt":"r-1"}`), bytes.Repeat([]byte(" "), 8<<20)...)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s := shop(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		if _, err := w.Write(bomb.Bytes()); err != nil {
			t.Error(err)
		}
	})
	why := ""
	w := webhook(t, sink.Options{URL: s.URL, OnOddAnswer: func(_ *rules.Event, err error) { why = err.Error() }})
	taken, err := w.Take(t.Context(), event())
	if err != nil || taken != (rules.Taken{}) || !strings.HasSuffix(why, "it has a Content-Encoding, which was not asked for") {
		t.Errorf("got %+v, %v, %q", taken, err, why)
	}
}

// TestRow100RetryAfter: a shop may ask for 1 s to 1 h, whatever it writes, with 429 and 503.
func TestRow100RetryAfter(t *testing.T) {
	t.Parallel()
	date := func(d time.Duration) string { return at().Add(d).Format(http.TimeFormat) }
	for _, tt := range []struct {
		name, value string
		want        time.Duration // 0: no *rules.Later
	}{
		{"seconds", "120", 2 * time.Minute},
		{"with blanks", " 120 ", 2 * time.Minute},
		{"zero", "0", time.Second},
		{"an hour", "3600", time.Hour},
		{"a second more", "3601", time.Hour},
		{"huge", "99999999999", time.Hour},
		{"beyond any number", strings.Repeat("9", 400), time.Hour},
		{"negative", "-1", time.Second},
		{"very negative", "-" + strings.Repeat("9", 400), time.Second},
		{"a date", date(90 * time.Second), 90 * time.Second},
		{"a date in 1970", "Thu, 01 Jan 1970 00:00:00 GMT", time.Second},
		{"a date far off", "Fri, 31 Dec 9999 23:59:59 GMT", time.Hour},
		{"a date of the old form", at().Add(time.Minute).Format(time.RFC850), time.Minute},
		{"this moment", date(0), time.Second},
		{"missing", "", 0},
		{"a word", "soon", 0},
		{"broken seconds", "1.5", 0},
		{"a minus", "-", 0},
		{"two minus", "--5", 0},
		{"no ASCII digits", "\u0665", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{429, 503, 500, 404} {
				way := trip(func(*http.Request) (*http.Response, error) {
					return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {tt.value}}, Body: http.NoBody}, nil
				})
				_, err := webhook(t, sink.Options{URL: "https://shop.example/", Transport: way}).Take(t.Context(), event())
				var later *rules.Later
				var fault *sink.StatusError
				if !errors.As(err, &fault) || fault.Status != status {
					t.Fatalf("%d: got %v", status, err)
				}
				want := tt.want
				if status != 429 && status != 503 {
					want = 0
				}
				if errors.As(err, &later) != (want != 0) || later != nil && later.After != want {
					t.Errorf("%d: got %v, want %v", status, err, want)
				}
			}
		})
	}
}

// FuzzRetryAfter: whatever is written there, it is no time at all or one within the bounds.
func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "-1", "99999999999", "Thu, 01 Jan 1970 00:00:00 GMT", "1.5", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if d := sink.RetryAfter(value, at()); d != 0 && (d < time.Second || d > time.Hour) {
			t.Errorf("%q: %v", value, d)
		}
	})
}
