package cmd

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// adminServer is the admin listener: health, readiness, metrics, the API. Nothing of it is on the public port.
func (s *service) adminServer(registry *prometheus.Registry) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive\n") })
	mux.HandleFunc("GET /readyz", s.readyz)
	guarded := http.NewServeMux()
	guarded.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	guarded.HandleFunc("GET /api/rules", s.apiRules)
	s.ordersAPI(guarded)
	s.decisionsAPI(guarded)
	s.storeAPI(guarded)
	s.publishingAPI(mux, guarded)
	mux.Handle("/", s.bearer(guarded))
	return &http.Server{Handler: mux, ReadHeaderTimeout: 2 * time.Second, ReadTimeout: 5 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10}
}

// readyz means "can price": it does not fail because a store or the provider is down, only while stopping.
func (s *service) readyz(w http.ResponseWriter, _ *http.Request) {
	if s.draining.Load() {
		plain(w, http.StatusServiceUnavailable, "stopping\n")
		return
	}
	plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the client is gone: nobody to tell
}

// bearer asks for the admin token where there is one; the configuration demands one as soon as the listener is not loopback.
func (s *service) bearer(next http.Handler) http.Handler {
	want := s.cfg.AdminToken.Reveal()
	if want == "" {
		return next
	}
	wanted := sha256.Sum256([]byte(want))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		sum := sha256.Sum256([]byte(given))
		if !ok || subtle.ConstantTimeCompare(sum[:], wanted[:]) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			plain(w, http.StatusUnauthorized, "this listener asks for the admin token\n")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// apiRules lists the revision that each merchant is served by.
func (s *service) apiRules(w http.ResponseWriter, _ *http.Request) {
	list := []servedRules{}
	folders := *s.folders.Load()
	for _, m := range *s.serving.Load() {
		list = append(list, servedRules{m.ID, m.Rules.Engine().Revision(), folders[m.ID]})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"merchants": list}) // the client is gone: nobody to tell
}
