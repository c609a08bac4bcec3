package callbacks_test

import (
	"crypto/sha256"
	"fmt"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/rules"
)

// Example prices the cart of one merchant. In a service the engine comes from a rulebook and the handler is served
// by Server.HTTP.
func Example() {
	engine, err := rules.NewEngine(rules.Options{
		Revision: "demo",
		Members:  []rules.Member{{Name: "tables", Impl: &tables{}, Inline: true}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := callbacks.New(callbacks.Options{
		Merchants: []*callbacks.Merchant{{
			ID:                 "demo",
			Tokens:             []callbacks.Token{{Hash: sha256.Sum256([]byte("secret"))}},
			Rules:              callbacks.NewRules(engine),
			UpdateDeadline:     2 * time.Second,
			ValidationDeadline: 2500 * time.Millisecond,
		}},
		Now:           func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) },
		Log:           zerolog.Nop(),
		Registerer:    prometheus.NewRegistry(),
		BodyLimit:     5 << 20,
		InFlightLimit: 64 << 20,
		Texts:         map[string]map[string]string{"fault": {"en": "Something went wrong. Please try again."}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/v1/demo/secret/shipping-option-update", "/v1/demo/guess/shipping-option-update"} {
		w := httptest.NewRecorder()
		body := `{"order_amount":0,"order_tax_amount":0,"order_lines":[],"purchase_currency":"sek"}`
		server.Handler().ServeHTTP(w, httptest.NewRequest("POST", path, strings.NewReader(body)))
		fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
	}
	// Output:
	// 400 {"error_type":"unsupported_shipping_address","error_text":"Something went wrong. Please try again."}
	// 404 404 page not found
}
