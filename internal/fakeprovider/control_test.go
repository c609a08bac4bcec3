package fakeprovider_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

func TestControlFromAnotherProcess(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p := play(t, fakeprovider.Options{Now: func() time.Time { return at }, Control: true, PushURLs: []string{"http://127.0.0.1:1/"}})
	made := p.ask("POST", "/_control/orders?fraud=PENDING", strings.Replace(orderJSON, "ID", firstID, 1), "")
	if made.Status != 201 || members(t, made.Body)["order_id"] != firstID {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	for _, step := range []struct {
		method, path, body string
		status             int
		want               string // in the answer
	}{
		{"PUT", "/_control/faults/read", `[{"mode":"failing","status":500,"times":1}]`, 204, ""},
		{"GET", "/_control/faults", "", 200, `{"read":[{"mode":"failing","status":500,"times":1}]}`},
		{"GET", "/ordermanagement/v1/orders/" + firstID, "", 500, ""},
		{"PUT", "/_control/faults/any", `[{"mode":"forbidden"}]`, 204, ""},
		{"GET", "/ordermanagement/v1/orders/" + firstID, "", 200, "PENDING"},
		{"POST", "/ordermanagement/v1/orders/" + firstID + "/cancel", "", 403, ""},
		{"DELETE", "/_control/faults", "", 204, ""},
		{"POST", "/_control/orders/" + firstID + "/decide?fraud_status=ACCEPTED", "", 204, ""},
		{"GET", "/_control/orders", "", 200, `"fraud_status":"ACCEPTED"`},
		{"GET", "/_control/history?order=" + firstID + "&kind=read&kind=push&after=1", "", 200, `"kind":"read"`},
		{"GET", "/_control/history?after=999", "", 200, `[]`},
		{"GET", "/_control/history?after=x", "", 400, ""},
		{"PUT", "/_control/faults/reed", `[]`, 400, "no kind of call"},
		{"PUT", "/_control/faults/read", `[{"mod":"failing"}]`, 400, ""},
		{"PUT", "/_control/faults/read", `[{"mode":"fail"}]`, 400, "is none"},
		{"PUT", "/_control/speed/60", "", 204, ""},
		{"PUT", "/_control/speed/fast", "", 400, ""},
		{"POST", "/_control/orders/" + secondID + "/push", "", 400, "no such order"},
		{"POST", "/_control/orders/" + firstID + "/complete", "", 400, "completed or aborted already"},
		{"POST", "/_control/orders/" + firstID + "/elsewhere", "", 404, ""},
		{"POST", "/_control/orders", `{}`, 400, "order_amount"},
		{"GET", "/_control/elsewhere", "", 404, "no such switch"},
	} {
		if g := p.ask(step.method, step.path, step.body, ""); g.Status != step.status || !strings.Contains(g.Body, step.want) {
			t.Errorf("%s %s: %d %s, want %d with %q", step.method, step.path, g.Status, g.Body, step.status, step.want)
		}
	}
	at = at.Add(time.Second)
	if got := p.Now().Sub(at); got != 59*time.Second {
		t.Errorf("a second later the fast clock is %v ahead, want 59 s", got)
	}
	shut := play(t, fakeprovider.Options{})
	if g := shut.ask("GET", "/_control/faults", "", ""); g.Status != 404 || g.Code != "NOT_FOUND" {
		t.Errorf("without Control: %d %s", g.Status, g.Code)
	}
}

func TestOptionsThatAreWrong(t *testing.T) {
	t.Parallel()
	for _, o := range []fakeprovider.Options{{}, {Now: time.Now, Speed: -1}, {Now: time.Now, Parallel: -1}, {Now: time.Now, Rate: -1}} {
		if p, err := fakeprovider.New(o); err == nil {
			p.Close()
			t.Errorf("taken: %+v", o)
		}
	}
}

// Entries of concurrent calls are all there, once, in the order of their numbers, which another fake may share.
func TestHistoryOfConcurrentCalls(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var n int64
	p := play(t, fakeprovider.Options{Sequence: func() int64 {
		mu.Lock()
		defer mu.Unlock()
		n += 2
		return n
	}})
	p.add(firstID, fakeprovider.Completion{})
	var calls sync.WaitGroup
	for range 40 {
		calls.Go(func() { p.om("POST", "/captures", `{"captured_amount":300}`) })
	}
	calls.Wait()
	entries := p.History().Entries(fakeprovider.Filter{Order: firstID})
	taken, last := 0, int64(0)
	for _, e := range entries {
		if e.Seq <= last || e.Seq%2 != 0 {
			t.Fatalf("number %d after %d", e.Seq, last)
		}
		last = e.Seq
		if e.Committed {
			taken++
		}
	}
	if len(entries) != 40 || taken != 33 { // 33 * 300 <= 10000
		t.Errorf("%d entries, %d captures of 300 from 10000", len(entries), taken)
	}
	m := members(t, p.om("GET", "", "").Body)
	if diff := cmp.Diff([]any{9900.0, 100.0}, []any{m["captured_amount"], m["remaining_authorized_amount"]}); diff != "" {
		t.Errorf("captured, remaining (-want +got):\n%s", diff)
	}
}
