package shopcheck

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of a key in bytes. The specification says 24 to 64; a raw key may be longer.
const (
	leastKey = 24
	mostKey  = 512
)

// Key signs by Standard Webhooks 1.0 (https://github.com/standard-webhooks/standard-webhooks, read 2026-11-24). Every way to
// print it gives ***, and what holds one can be printed too: fmt goes past Format in an unexported field.
type Key struct{ mac func() hash.Hash }

// secretPrefix begins a secret that is base64.
const secretPrefix = "whsec_"

// NewKey reads a secret: whsec_ and standard base64, with or without padding, or else the key itself. Errors tell its
// length, never what is in it.
func NewKey(secret string) (Key, error) {
	key := []byte(secret)
	if text, ok := strings.CutPrefix(secret, secretPrefix); ok {
		raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
		if err != nil {
			return Key{}, errors.New("what follows whsec_ is not base64")
		}
		key = raw
	}
	if len(key) < leastKey || len(key) > mostKey {
		return Key{}, fmt.Errorf("the key has %d bytes, %d to %d are needed; make one with `openssl rand -base64 32` behind whsec_", len(key), leastKey, mostKey)
	}
	return Key{mac: func() hash.Hash { return hmac.New(sha256.New, key) }}, nil
}

// String returns ***.
func (Key) String() string { return "***" }

// GoString returns ***, for %#v.
func (Key) GoString() string { return "***" }

// Format writes *** whatever the verb.
func (Key) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "***") // the error is that of the writer behind fmt, which its caller gets from fmt itself
}

// Sign sets webhook-id, webhook-timestamp (seconds) and webhook-signature (v1, HMAC-SHA256 over id.timestamp.body).
func (k Key) Sign(h http.Header, id string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := k.mac()
	// A hash never returns an error.
	_, _ = io.WriteString(mac, id+"."+stamp+".")
	_, _ = mac.Write(body)
	h.Set("Webhook-Id", id)
	h.Set("Webhook-Timestamp", stamp)
	h.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// messageID names a question by its body: what is asked again, as after 3-D Secure with nothing changed, has the same id.
func messageID(body []byte) string {
	sum := sha256.Sum256(body)
	return "msg_" + base64.RawURLEncoding.EncodeToString(sum[:18])
}
