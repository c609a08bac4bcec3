package simulator

import (
	"net/http"
	"strings"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// Site serves the provider's APIs and, for everything else, pages; pages nil: nothing else. A page of another site that is open
// in a browser on this machine cannot change anything through it.
func Site(p *fakeprovider.Provider, pages http.Handler) http.Handler {
	api := http.NewCrossOriginProtection().Handler(p.Handler())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, prefix := range []string{"/checkout/v3/", "/ordermanagement/v1/", "/_control/"} {
			if pages == nil || strings.HasPrefix(r.URL.Path, prefix) {
				api.ServeHTTP(w, r)
				return
			}
		}
		pages.ServeHTTP(w, r)
	})
}
