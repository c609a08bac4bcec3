package fakeprovider_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// over asks a provider over a real connection. status 0: no answer.
func over(t *testing.T, s *httptest.Server, method, path string) (status int, h http.Header, body string, n int64) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Basic x")
	req.Header.Set("Klarna-Idempotency-Key", "key")
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true} // no retry on a reused connection
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		return 0, nil, "", 0
	}
	defer func() { _ = res.Body.Close() }()
	var from io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		if from, err = gzip.NewReader(res.Body); err != nil {
			t.Fatal(err)
		}
	}
	start := &strings.Builder{}
	if _, err := io.CopyN(start, from, 4096); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	rest, err := io.Copy(io.Discard, from)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, start.String(), int64(start.Len()) + rest
}

func TestEachFault(t *testing.T) {
	t.Parallel()
	path := "/ordermanagement/v1/orders/" + firstID
	for _, row := range []struct {
		fault     fakeprovider.Fault
		method    string
		rest      string
		status    int
		committed bool
		has       string // in the body
	}{
		{fakeprovider.Fault{Mode: fakeprovider.Failing}, "POST", "/acknowledge", 503, false, "TEMPORARILY_UNAVAILABLE"},
		{fakeprovider.Fault{Mode: fakeprovider.Failing, Status: 500}, "POST", "/acknowledge", 500, false, "TEMPORARILY_UNAVAILABLE"},
		{fakeprovider.Fault{Mode: fakeprovider.FailingAfter}, "POST", "/acknowledge", 504, true, "TEMPORARILY_UNAVAILABLE"},
		{fakeprovider.Fault{Mode: fakeprovider.LostReply}, "POST", "/acknowledge", 0, true, ""},
		{fakeprovider.Fault{Mode: fakeprovider.Unauthorized}, "POST", "/acknowledge", 401, false, "<html>"},
		{fakeprovider.Fault{Mode: fakeprovider.Missing}, "POST", "/acknowledge", 404, false, "NO_SUCH_ORDER"},
		{fakeprovider.Fault{Mode: fakeprovider.TooMany, DelayMS: 2500}, "POST", "/acknowledge", 429, false, "TOO_MANY_REQUESTS"},
		{fakeprovider.Fault{Mode: fakeprovider.Forbidden}, "POST", "/acknowledge", 403, false, "NOT_ALLOWED"},
		{fakeprovider.Fault{Mode: fakeprovider.Redirect, Location: "http://inner.example/"}, "POST", "/acknowledge", 302, false, ""},
		{fakeprovider.Fault{Mode: fakeprovider.HTML}, "POST", "/acknowledge", 200, true, "<html>"},
		{fakeprovider.Fault{Mode: fakeprovider.Slow, DelayMS: 1}, "POST", "/acknowledge", 204, true, ""},
		{fakeprovider.Fault{Mode: fakeprovider.HTML}, "GET", "", 200, false, "<html>"},
		{fakeprovider.Fault{Mode: fakeprovider.HalfJSON}, "GET", "", 200, false, "{"},
		{fakeprovider.Fault{Mode: fakeprovider.OtherOrder}, "GET", "", 200, false, firstID[:35] + "1"},
		{fakeprovider.Fault{Mode: fakeprovider.Huge, Size: 1 << 20}, "GET", "", 200, false, firstID},
		{fakeprovider.Fault{Mode: fakeprovider.CompressedHuge, Size: 1 << 20}, "GET", "", 200, false, firstID},
	} {
		t.Run(string(row.fault.Mode)+row.rest, func(t *testing.T) {
			t.Parallel()
			p := play(t, fakeprovider.Options{})
			s := httptest.NewServer(p.Handler())
			defer s.Close()
			p.add(firstID, fakeprovider.Completion{})
			if err := p.SetFault(fakeprovider.Any, row.fault); err != nil {
				t.Fatal(err)
			}
			status, h, body, n := over(t, s, row.method, path+row.rest)
			if status != row.status || !strings.Contains(body, row.has) {
				t.Errorf("%d %s, want %d with %q", status, body, row.status, row.has)
			}
			if row.fault.Size > 0 && n < row.fault.Size {
				t.Errorf("%d bytes, want more than %d", n, row.fault.Size)
			}
			if row.fault.Mode == fakeprovider.TooMany && h.Get("Retry-After") != "3" {
				t.Errorf("Retry-After %q, want 3", h.Get("Retry-After"))
			}
			entries := p.History().Entries(fakeprovider.Filter{})
			if len(entries) != 1 || entries[0].Committed != row.committed || entries[0].Fault != row.fault.Mode {
				t.Errorf("history: %+v", entries)
			}
			standing, _ := p.Standing(firstID)
			if standing.Acknowledged != row.committed {
				t.Errorf("acknowledged: %v, committed: %v", standing.Acknowledged, row.committed)
			}
			p.ClearFaults()
			if status, _, _, _ := over(t, s, "POST", path+"/acknowledge"); status != 204 {
				t.Errorf("afterwards %d, want 204", status)
			}
		})
	}
}

func TestABlackHoleLetsGoWhenTheProviderCloses(t *testing.T) {
	defer goleak.VerifyNone(t)
	p, err := fakeprovider.New(fakeprovider.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(p.Handler())
	defer s.Close()
	if err := p.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.BlackHole}); err != nil {
		t.Fatal(err)
	}
	done := make(chan int)
	go func() {
		status, _, _, _ := over(t, s, "GET", "/ordermanagement/v1/orders/"+firstID)
		done <- status
	}()
	for p.History().Count(fakeprovider.Filter{}) == 0 {
		if t.Context().Err() != nil {
			t.Fatal("the call never came")
		}
		select {
		case status := <-done:
			t.Fatalf("a black hole answered %d", status)
		default:
		}
	}
	p.Close()
	if status := <-done; status != 0 {
		t.Errorf("a black hole answered %d", status)
	}
}

func TestASlowCallEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{})
	if err := p.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Slow, DelayMS: 3_600_000}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, "GET", "/ordermanagement/v1/orders/"+firstID, nil)
	defer func() {
		if got, _ := recover().(error); !errors.Is(got, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want the handler aborted", got)
		}
	}()
	p.Handler().ServeHTTP(httptest.NewRecorder(), r)
	t.Error("it answered")
}

func TestHowLongAFaultStays(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p := play(t, fakeprovider.Options{Now: func() time.Time { return at }, Seed: 7})
	p.add(firstID, fakeprovider.Completion{})
	p.add(secondID, fakeprovider.Completion{})
	set := func(list ...fakeprovider.Fault) {
		t.Helper()
		if err := p.SetFault(fakeprovider.Read, list...); err != nil {
			t.Fatal(err)
		}
	}
	read := func(id string) int { return p.ask("GET", "/ordermanagement/v1/orders/"+id, "", "").Status }
	set(fakeprovider.Fault{Mode: fakeprovider.Failing, Times: 2})
	if diff := cmp.Diff([]int{503, 503, 200}, []int{read(firstID), read(firstID), read(firstID)}); diff != "" {
		t.Errorf("twice (-want +got):\n%s", diff)
	}
	set(fakeprovider.Fault{Mode: fakeprovider.Missing, ForMS: 60_000})
	before := read(firstID)
	at = at.Add(time.Minute)
	if before != 404 || read(firstID) != 200 || len(p.Faults()) != 0 {
		t.Errorf("for a minute: %d, then %d; still on: %v", before, read(firstID), p.Faults())
	}
	set(fakeprovider.Fault{Mode: fakeprovider.Failing, Order: secondID})
	if read(firstID) != 200 || read(secondID) != 503 {
		t.Error("a fault of one order")
	}
	set(fakeprovider.Fault{Mode: fakeprovider.Failing, Percent: 10}, fakeprovider.Fault{Mode: fakeprovider.Forbidden, Percent: 20})
	counts := map[int]int{}
	for range 2000 {
		counts[read(firstID)]++
	}
	if counts[503] < 100 || counts[503] > 300 || counts[403] < 240 || counts[403] > 480 || counts[200]+counts[403]+counts[503] != 2000 {
		t.Errorf("10 %% and then 20 %%: %v", counts)
	}
	set()
	if read(secondID) != 200 {
		t.Error("switched off")
	}
}

func TestFaultsThatCannotBeSet(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{})
	for _, row := range []struct {
		kind  fakeprovider.Kind
		fault fakeprovider.Fault
		want  string
	}{
		{"reed", fakeprovider.Fault{Mode: fakeprovider.Slow}, `"reed" is no kind of call`},
		{fakeprovider.Read, fakeprovider.Fault{Mode: "sloww"}, `"sloww" is none`},
		{fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Dropped}, "is for push and notification, not for read"},
		{fakeprovider.Push, fakeprovider.Fault{Mode: fakeprovider.Failing}, "not for push"},
		{fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Redirect}, "wants a location"},
		{fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Failing, Percent: 101}, "percent is 0 to 100"},
		{fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Failing, Status: 200}, "status 200 is not 400 to 599"},
	} {
		if err := p.SetFault(row.kind, row.fault); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s %+v: %v, want %q", row.kind, row.fault, err, row.want)
		}
	}
}
