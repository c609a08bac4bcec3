package fakeprovider_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

func TestAKeyGetsTheFirstAnswerAgain(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p := play(t, fakeprovider.Options{Now: func() time.Time { return at }})
	p.add(firstID, fakeprovider.Completion{})
	path := "/ordermanagement/v1/orders/" + firstID + "/captures"
	first := p.ask("POST", path, `{"captured_amount":100}`, "k1")
	again := p.ask("POST", path, `{"captured_amount":9999}`, "k1")
	if first.Header.Get("Capture-Id") != again.Header.Get("Capture-Id") || again.Status != 201 {
		t.Errorf("only the key counts: first %v, again %v", first, again)
	}
	if other := p.ask("POST", path, `{"captured_amount":100}`, "k2"); other.Header.Get("Capture-Id") == first.Header.Get("Capture-Id") {
		t.Error("another key got the first key's answer")
	}
	refused := p.ask("POST", path, `{"captured_amount":20000}`, "k3")
	if g := p.ask("POST", path, `{"captured_amount":1}`, "k3"); g.Status != 403 || g.Body != refused.Body {
		t.Errorf("a refusal is an answer: %d %s", g.Status, g.Body)
	}
	at = at.Add(24*time.Hour + time.Second)
	if late := p.ask("POST", path, `{"captured_amount":100}`, "k1"); late.Header.Get("Capture-Id") == first.Header.Get("Capture-Id") {
		t.Error("a key is forgotten after 24 hours")
	}
	var repeats []bool
	for _, e := range p.History().Entries(fakeprovider.Filter{Kinds: []fakeprovider.Kind{fakeprovider.Capture}}) {
		repeats = append(repeats, e.Repeat)
	}
	if diff := cmp.Diff([]bool{false, true, false, false, true, false}, repeats); diff != "" {
		t.Errorf("history's repeats (-want +got):\n%s", diff)
	}
}

func TestAKeyDoesNotKeepAnOrderUnknown(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{})
	path := "/ordermanagement/v1/orders/" + firstID + "/acknowledge"
	if g := p.ask("POST", path, "", "k"); g.Status != 404 {
		t.Fatalf("before the order exists: %d", g.Status)
	}
	p.add(firstID, fakeprovider.Completion{})
	if g := p.ask("POST", path, "", "k"); g.Status != 204 {
		t.Errorf("after: %d, want 204", g.Status)
	}
}

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{Credentials: []fakeprovider.Credential{
		{Merchant: "one", User: "M1-a", Password: "kco_test_api_x"},
		{Merchant: "two", Raw: "kco_test_api_raw"},
		{User: "all", Password: "p:w"},
	}})
	p.add(firstID, fakeprovider.Completion{Merchant: "one"})
	p.add(secondID, fakeprovider.Completion{})
	for _, row := range []struct {
		name, auth    string
		first, second int
	}{
		{"user and password", "Basic TTEtYTprY29fdGVzdF9hcGlfeA==", 200, 200},
		{"raw key", "Basic kco_test_api_raw", 404, 200},
		{"who sees all", "Basic YWxsOnA6dw==", 200, 200},
		{"wrong password", "Basic TTEtYTp4", 401, 401},
		{"raw key in base64", "Basic a2NvX3Rlc3RfYXBpX3Jhdw==", 401, 401},
		{"bearer", "Bearer kco_test_api_raw", 401, 401},
		{"none", "", 401, 401},
	} {
		p.auth = row.auth
		first, second := p.om("GET", "", ""), p.ask("GET", "/ordermanagement/v1/orders/"+secondID, "", "")
		if first.Status != row.first || second.Status != row.second {
			t.Errorf("%s: own order %d, anybody's %d; want %d, %d", row.name, first.Status, second.Status, row.first, row.second)
		}
		if first.Status == 401 && first.Header.Get("Content-Type") != "text/html;charset=utf-8" {
			t.Errorf("%s: 401 as %s, want a page", row.name, first.Header.Get("Content-Type"))
		}
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	p := play(t, fakeprovider.Options{Now: func() time.Time { return at }, Rate: 2})
	p.add(firstID, fakeprovider.Completion{})
	var statuses []int
	var left []string
	for range 3 {
		g := p.om("GET", "", "")
		statuses, left = append(statuses, g.Status), append(left, g.Header.Get("X-Ratelimit-Remaining"))
	}
	at = at.Add(time.Second)
	g := p.om("GET", "", "")
	statuses, left = append(statuses, g.Status), append(left, g.Header.Get("X-Ratelimit-Remaining"))
	if diff := cmp.Diff([]int{200, 200, 429, 200}, statuses); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1", "0", "0", "1"}, left); diff != "" || g.Header.Get("X-Ratelimit-Limit") != "2, 2;w=1" {
		t.Errorf("remaining (-want +got):\n%s limit %q", diff, g.Header.Get("X-Ratelimit-Limit"))
	}
	free := play(t, fakeprovider.Options{Now: func() time.Time { return at }})
	for range 500 {
		if g := free.ask("GET", "/ordermanagement/v1/orders/"+firstID, "", ""); g.Status != http.StatusNotFound {
			t.Fatalf("without a limit: %d", g.Status)
		}
	}
}
