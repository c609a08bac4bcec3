package cmd_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// completed is what a command line offers for its last word.
func completed(t *testing.T, args ...string) string {
	t.Helper()
	var out, err bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Now: time.Now, Plugins: cmd.Included()}
	if status := p.Run(t.Context(), append([]string{"__complete"}, args...)); status != 0 {
		t.Fatalf("%d: %s", status, &err)
	}
	if said := err.String(); said != "Completion ended with directive: ShellCompDirectiveNoFileComp\n" {
		t.Errorf("it says %q", said)
	}
	return out.String()
}

// TestCompletionOfOrders asks a running service for its orders, those of the merchant that is named.
func TestCompletionOfOrders(t *testing.T) {
	t.Parallel()
	var asked string
	admin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		if r.URL.Query().Get("merchant") == "slow" {
			<-r.Context().Done()
			return
		}
		_, _ = w.Write([]byte(`{"orders": [{"order_id": "a1", "merchant": "shop", "state": "PARKED"}, {"order_id": "b2", "merchant": "shop", "state": "ACKED"}]}`))
	}))
	t.Cleanup(admin.Close)
	for _, test := range []struct {
		name, want string
		args       []string
	}{
		{"all", "a1\tPARKED, shop\nb2\tACKED, shop\n:4\n", []string{"orders", "show", "--admin", admin.URL, ""}},
		{"begun", "b2\tACKED, shop\n:4\n", []string{"orders", "show", "--admin", admin.URL, "b"}},
		{"named before", "b2\tACKED, shop\n:4\n", []string{"orders", "release", "--admin", admin.URL, "a1", ""}},
		{"of a merchant that is slow", ":4\n", []string{"orders", "show", "--admin", admin.URL, "--merchant", "slow", ""}},
	} {
		if got := completed(t, test.args...); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	if !strings.HasPrefix(asked, "/api/orders?") || !strings.Contains(asked, "merchant=slow") {
		t.Errorf("asked %s", asked)
	}
}
