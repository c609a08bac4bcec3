package cmd_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHealth: fine only where the service is ready; whoever is not, or does not answer, is told with status 2.
func TestHealth(t *testing.T) {
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	c := new(counted)
	if status, out, said := runCommand(c, "health", "--admin", r.admin); status != 0 || out+said != "" {
		t.Errorf("a service that is ready: status %d, %s%s", status, out, said)
	}
	stopping := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != "/readyz" {
			t.Errorf("asked for %s", q.URL.Path)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	at := strings.TrimPrefix(stopping.URL, "http://")
	if status, _, said := runCommand(c, "health", "--admin", at); status != 2 || said != "kvitto: not ready: the service at "+at+" answers 503\n" {
		t.Errorf("one that stops: status %d, %s", status, said)
	}
	stopping.Close()
	if status, _, said := runCommand(c, "health", "--admin", at); status != 2 || !strings.HasPrefix(said, "kvitto: no answer from the admin listener: ") {
		t.Errorf("one that is gone: status %d, %s", status, said)
	}
	if status, _, said := runCommand(c, "health", "--admin", "no host:1"); status != 2 || !strings.HasPrefix(said, "kvitto: --admin \"no host:1\": ") {
		t.Errorf("no address: status %d, %s", status, said)
	}
}
