package fakesink_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/internal/faults"
)

const eventJSON = `{"type":"order.confirmed","timestamp":"2026-11-25T08:00:00Z","data":{"merchant":"demo","order_id":"o-1","revision":1}}`

func start(t *testing.T, o fakesink.Options) *fakesink.Sink {
	t.Helper()
	if o.Now == nil {
		o.Now = time.Now
	}
	s, err := fakesink.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// send posts an event; status 0: no answer.
func send(t *testing.T, s *httptest.Server, id, body string) (status int, h http.Header, n int64) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if id != "" {
		r.Header.Set("Webhook-Id", id)
	}
	c := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(r)
	if err != nil {
		return 0, nil, 0
	}
	n, err = io.Copy(io.Discard, res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, n
}

func TestWhatIsKept(t *testing.T) {
	t.Parallel()
	s := start(t, fakesink.Options{})
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	other := strings.Replace(eventJSON, `"revision":1`, `"revision":2`, 1)
	for _, e := range [][2]string{{"evt_a", eventJSON}, {"evt_b", "no JSON"}, {"evt_a", eventJSON}, {"evt_a", other}, {"", eventJSON}} {
		send(t, server, e[0], e[1])
	}
	want := []fakesink.Event{
		{ID: "evt_a", Order: "o-1", Type: "order.confirmed", Bodies: [][]byte{[]byte(eventJSON), []byte(other)}, Taken: 3},
		{ID: "evt_b", Bodies: [][]byte{[]byte("no JSON")}, Taken: 1},
	}
	if diff := cmp.Diff(want, s.Events()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	list := s.Deliveries()
	if len(list) != 5 || list[0].Merchant != "demo" || list[3].Revision != 2 || list[0].SHA == list[3].SHA || list[0].SHA != list[2].SHA {
		t.Errorf("history: %+v", list)
	}
	if last := list[4]; last.Taken || last.Status != 401 || last.Error != "webhook-id is missing" || last.Confirmed() || !list[0].Confirmed() {
		t.Errorf("without an id: %+v", last)
	}
}

func TestASignatureThatDoesNotFit(t *testing.T) {
	t.Parallel()
	s := start(t, fakesink.Options{Verify: func(h http.Header, body []byte) error {
		if h.Get("Webhook-Id") != "evt_good" || string(body) != eventJSON {
			return errors.New("signature: no match")
		}
		return nil
	}, Answer: func(d *fakesink.Delivery) []byte { return []byte(`{"merchant_reference1":"` + d.Order + `"}`) }})
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	if status, _, _ := send(t, server, "evt_bad", eventJSON); status != 401 || len(s.Events()) != 0 || s.Deliveries()[0].Error != "signature: no match" {
		t.Errorf("bad: %d %+v", status, s.Deliveries())
	}
	status, h, n := send(t, server, "evt_good", eventJSON)
	if status != 200 || h.Get("Content-Type") != "application/json" || n != int64(len(`{"merchant_reference1":"o-1"}`)) {
		t.Errorf("good: %d %v %d bytes", status, h, n)
	}
	r := httptest.NewRequest("GET", "/", nil)
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	if w.Code != 401 || !strings.Contains(w.Body.String(), "POST is needed") {
		t.Errorf("GET: %d %s", w.Code, w.Body)
	}
}

func TestEachFault(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		fault  faults.Fault
		status int
		taken  bool
		bytes  int64
	}{
		{faults.Fault{Mode: fakesink.Slow, DelayMS: 1}, 200, true, 0},
		{faults.Fault{Mode: fakesink.Failing}, 500, false, 0},
		{faults.Fault{Mode: fakesink.Failing, Status: 503}, 503, false, 0},
		{faults.Fault{Mode: fakesink.Gone}, 410, false, 0},
		{faults.Fault{Mode: fakesink.TooMany, DelayMS: 1500}, 429, false, 0},
		{faults.Fault{Mode: fakesink.LostEvent}, 0, false, 0},
		{faults.Fault{Mode: fakesink.Redirect, Location: "http://inner.example/"}, 302, false, 0},
		{faults.Fault{Mode: fakesink.LostReply}, 0, true, 0},
		{faults.Fault{Mode: fakesink.FailingAfter}, 500, true, 0},
		{faults.Fault{Mode: fakesink.Drip, Size: 3, DelayMS: 1}, 200, true, 3},
		{faults.Fault{Mode: fakesink.Huge, Size: 100_000}, 200, true, 100_000},
	} {
		t.Run(string(row.fault.Mode), func(t *testing.T) {
			t.Parallel()
			s := start(t, fakesink.Options{})
			server := httptest.NewServer(s.Handler())
			defer server.Close()
			if err := s.SetFault(row.fault); err != nil {
				t.Fatal(err)
			}
			status, h, n := send(t, server, "evt_a", eventJSON)
			if status != row.status || n != row.bytes {
				t.Errorf("%d with %d bytes, want %d with %d", status, n, row.status, row.bytes)
			}
			if status == 429 && h.Get("Retry-After") != "2" || status == 302 && h.Get("Location") != "http://inner.example/" {
				t.Errorf("headers: %v", h)
			}
			d := s.Deliveries()
			if len(d) != 1 || d[0].Taken != row.taken || len(s.Events()) == 1 != row.taken || d[0].Confirmed() != (row.taken && row.status == 200) {
				t.Errorf("history: %+v", d)
			}
			if err := s.SetFault(); err != nil {
				t.Fatal(err)
			}
			if status, _, _ := send(t, server, "evt_a", eventJSON); status != 200 {
				t.Errorf("afterwards %d", status)
			}
		})
	}
	s := start(t, fakesink.Options{})
	for _, f := range []faults.Fault{{Mode: "hanging"}, {Mode: fakesink.Redirect}, {Mode: fakesink.Failing, Percent: 101}} {
		if s.SetFault(f) == nil {
			t.Errorf("taken: %+v", f)
		}
	}
}

func TestWhatHangsIsLetGo(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, f := range []faults.Fault{{Mode: fakesink.Hang}, {Mode: fakesink.Slow, DelayMS: 3_600_000}} {
		synctest.Test(t, func(t *testing.T) {
			s := start(t, fakesink.Options{})
			if err := s.SetFault(f); err != nil {
				t.Fatal(err)
			}
			var hangs sync.WaitGroup
			hangs.Go(func() {
				defer func() {
					if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
						t.Errorf("%s ended with %v", f.Mode, err)
					}
				}()
				s.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(eventJSON)))
			})
			time.Sleep(time.Minute)
			synctest.Wait()
			if len(s.Deliveries()) != 0 {
				t.Errorf("%s: over after a minute: %+v", f.Mode, s.Deliveries())
			}
			s.Close()
			hangs.Wait()
			if d := s.Deliveries(); len(d) != 1 || d[0].Taken || d[0].Status != 0 {
				t.Errorf("%s: history %+v", f.Mode, d)
			}
		})
	}
}

func TestControlFromAnotherProcess(t *testing.T) {
	t.Parallel()
	s := start(t, fakesink.Options{Control: true})
	for _, step := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/_control/history", "", 200, "[]"},
		{"GET", "/_control/faults", "", 200, "[]"},
		{"PUT", "/_control/faults", `[{"mode":"gone","times":1}]`, 204, ""},
		{"GET", "/_control/faults", "", 200, `[{"mode":"gone","times":1}]`},
		{"POST", "/", eventJSON, 410, ""},
		{"GET", "/_control/history", "", 200, `"status":410,"fault":"gone"`},
		{"PUT", "/_control/faults", `[{"mode":"gon"}]`, 400, "is none"},
		{"PUT", "/_control/faults", `[{"mood":"gone"}]`, 400, "mood"},
		{"GET", "/_control/elsewhere", "", 404, "no such switch"},
	} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(step.method, step.path, strings.NewReader(step.body)))
		if w.Code != step.status || !strings.Contains(w.Body.String(), step.want) {
			t.Errorf("%s %s: %d %s, want %d with %q", step.method, step.path, w.Code, w.Body, step.status, step.want)
		}
	}
}

func TestNumbersAreSharedWithOtherFakes(t *testing.T) {
	t.Parallel()
	n := int64(40)
	s := start(t, fakesink.Options{Sequence: func() int64 { n++; return n }})
	r := httptest.NewRequest("POST", "/", strings.NewReader(eventJSON))
	r.Header.Set("Webhook-Id", "evt_a")
	s.Handler().ServeHTTP(httptest.NewRecorder(), r)
	if d := s.Deliveries(); len(d) != 1 || d[0].Seq != 41 {
		t.Errorf("%+v, want number 41", d)
	}
	if _, err := fakesink.New(fakesink.Options{}); err == nil {
		t.Error("a sink without a clock was made")
	}
}
