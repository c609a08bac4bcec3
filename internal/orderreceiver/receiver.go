// Package orderreceiver is a shop's side of the webhook: it takes confirmed orders from Kvitto. It is the sample of
// docs/order-sink.md, needs nothing but the standard library, and is meant to be copied.
//
// Its one rule: 2xx is said after the commit, never before.
package orderreceiver

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	tolerance = 5 * time.Minute // how far the two clocks may be apart
	mostBody  = 8 << 20         // an order has at most about 5 MiB, and usually some KiB
)

// Receiver takes orders. All members are mandatory.
type Receiver struct {
	Secrets []string // whsec_ and base64; two while you change it, in any order
	Now     func() time.Time
	// Keep stores the body under the id and commits, unless the id is there already: then it changes nothing and is no
	// error. It returns your order number, the same one each time, or "".
	Keep func(ctx context.Context, id string, body []byte) (number string, err error)
}

// ServeHTTP answers one attempt of one event.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, mostBody))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	id := req.Header.Get("webhook-id")
	if !r.signed(req.Header, id, body) {
		http.Error(w, "the signature is wrong", http.StatusUnauthorized)
		return
	}
	number, err := r.Keep(req.Context(), id, body)
	if err != nil { // the order comes again
		w.Header().Set("Retry-After", "30")
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// Where this fails the order comes again, and Keep knows its id.
	_ = json.NewEncoder(w).Encode(map[string]string{"merchant_reference1": number})
}

// signed tells whether one of the signatures is made with one of the secrets, over the bytes as they came, just now.
func (r *Receiver) signed(h http.Header, id string, body []byte) bool {
	stamp := h.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if id == "" || err != nil || r.Now().Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return false
	}
	for _, secret := range r.Secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil || len(key) == 0 {
			continue
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + stamp + "."))
		mac.Write(body)
		want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		for _, given := range strings.Fields(h.Get("webhook-signature")) {
			if hmac.Equal([]byte(given), []byte(want)) { // in constant time
				return true
			}
		}
	}
	return false
}
