package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
)

// TestSiteRefusesOtherSites: a page of another site switches no fault on; a program without a browser does.
func TestSiteRefusesOtherSites(t *testing.T) {
	t.Parallel()
	p, err := fakeprovider.New(fakeprovider.Options{Now: time.Now, Control: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	site := simulator.Site(p, nil)
	for origin, want := range map[string]int{"": http.StatusOK, "https://evil.example": http.StatusForbidden} {
		r := httptest.NewRequest(http.MethodPut, "http://127.0.0.1:8081/_control/faults/read", strings.NewReader(`[]`))
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code/100 != want/100 {
			t.Errorf("origin %q: %d %s", origin, w.Code, w.Body)
		}
	}
}
