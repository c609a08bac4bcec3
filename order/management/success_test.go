package management_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/order/management"
)

// TestAny2xxOfAChangeIsSuccessAndRow52IsAboutReads holds the decision between contract 4.2 (any 2xx is success, which wins) and
// row 52 of the fault matrix (a 200 with HTML, half JSON or bytes without end is a failure): a change succeeds by its status,
// whatever comes with it; what is read must be what was asked for.
func TestAny2xxOfAChangeIsSuccessAndRow52IsAboutReads(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status      int
		media, body string
	}{
		"200 with a page":      {200, "text/html", "<html>moved</html>"},
		"201 with a page":      {201, "text/html; charset=iso-8859-1", "<html>"},
		"202 with half JSON":   {202, "application/json", `{"order_id":`},
		"200 of another order": {200, "application/json", `{"order_id":"another"}`},
		"204":                  {204, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.media)
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body)) // a 204 takes none
			}))
			t.Cleanup(s.Close)
			credentials, err := management.UserPassword("M1", "x")
			if err != nil {
				t.Fatal(err)
			}
			way := egress.Transport(egress.Guard{Loopback: true})
			t.Cleanup(way.CloseIdleConnections)
			c, err := management.New(management.Options{BaseURL: s.URL, Credentials: credentials, Transport: way, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Acknowledge(t.Context(), orderID, management.Key("shop", orderID, "ack")); err != nil {
				t.Errorf("acknowledge: %v", err)
			}
			id, err := c.Capture(t.Context(), orderID, management.CaptureRequest{Amount: 1}, management.Key("shop", orderID, "capture"))
			if err != nil || id != "" {
				t.Errorf("capture: %q, %v; want success without an id", id, err)
			}
			if _, err := c.Order(t.Context(), orderID); !errors.Is(err, management.ErrAnswer) {
				t.Errorf("read: %v, want an answer that cannot be used", err)
			}
		})
	}
}
