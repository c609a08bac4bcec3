package standardwebhooks_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/standardwebhooks"
)

// The message of the reference libraries' test vectors, and the signatures that they publish:
// libraries/go/webhook_test.go and webhook_asymmetric_test.go of standard-webhooks, read 2026-11-25.
const (
	id         = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	stamp      = "1614265330"
	payload    = `{"test": 2432232314}`
	vector     = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	asymmetric = "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag=="
	wrong      = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
)

func at() time.Time { return time.Unix(1614265330, 0) }

func keys(t testing.TB, secrets ...string) standardwebhooks.Keys {
	t.Helper()
	k, err := standardwebhooks.NewKeys(secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestVectors are the published ones, and both at once while a secret changes.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		secrets []string
		want    string
	}{
		{"HMAC", []string{secret}, vector},
		{"HMAC, padded", []string{secret + "=="}, vector},
		{"ed25519", []string{private}, asymmetric},
		{"two secrets", []string{secret, private}, vector + " " + asymmetric},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h, k := http.Header{}, keys(t, tt.secrets...)
			k.Sign(h, id, at(), []byte(payload))
			want := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {tt.want}}
			if d := cmp.Diff(want, h); d != "" {
				t.Error(d)
			}
			if got, err := k.Verify(h, []byte(payload), at(), 0); got != id || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// TestRawKey: a secret without a prefix is the key itself.
func TestRawKey(t *testing.T) {
	t.Parallel()
	const raw = "a raw key of more than 24 bytes"
	h := http.Header{}
	keys(t, raw).Sign(h, "a", at(), []byte("b"))
	mac := hmac.New(sha256.New, []byte(raw))
	_, _ = io.WriteString(mac, "a.1614265330.b") // a hash never returns an error
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); h.Get("Webhook-Signature") != want {
		t.Errorf("got %s, want %s", h.Get("Webhook-Signature"), want)
	}
}

// TestVerify: one signature that matches is enough, and everything else has to be right.
func TestVerify(t *testing.T) {
	t.Parallel()
	set := func(name string, values ...string) func(http.Header) { return func(h http.Header) { h[name] = values } }
	many := strings.TrimSpace(strings.Repeat(wrong+" ", 15))
	for _, tt := range []struct {
		name string
		edit func(http.Header)
		body string        // "": the payload
		now  time.Duration // after the time of the request
		want error         // nil: taken
	}{
		{name: "as it was sent"},
		{name: "as late as can be", now: 5 * time.Minute},
		{name: "late", now: 5*time.Minute + time.Second, want: standardwebhooks.ErrStale},
		{name: "as early as can be", now: -5 * time.Minute},
		{name: "early", now: -5*time.Minute - time.Second, want: standardwebhooks.ErrFuture},
		{name: "no id", edit: set("Webhook-Id"), want: standardwebhooks.ErrMissing},
		{name: "empty id", edit: set("Webhook-Id", ""), want: standardwebhooks.ErrMissing},
		{name: "no time", edit: set("Webhook-Timestamp"), want: standardwebhooks.ErrMissing},
		{name: "no signature", edit: set("Webhook-Signature"), want: standardwebhooks.ErrMissing},
		{name: "two ids", edit: set("Webhook-Id", id, "msg_other"), want: standardwebhooks.ErrMalformed},
		{name: "two signature headers", edit: set("Webhook-Signature", vector, vector), want: standardwebhooks.ErrMalformed},
		{name: "id with a full stop", edit: set("Webhook-Id", id+".1"), want: standardwebhooks.ErrMalformed},
		{name: "id with a blank", edit: set("Webhook-Id", id+" x"), want: standardwebhooks.ErrMalformed},
		{name: "long id", edit: set("Webhook-Id", strings.Repeat("a", 257)), want: standardwebhooks.ErrMalformed},
		{name: "time that is no number", edit: set("Webhook-Timestamp", "2021-02-25"), want: standardwebhooks.ErrMalformed},
		{name: "time with a sign", edit: set("Webhook-Timestamp", "+1614265330"), want: standardwebhooks.ErrMalformed},
		{name: "negative time", edit: set("Webhook-Timestamp", "-1614265330"), want: standardwebhooks.ErrMalformed},
		{name: "time with zeros", edit: set("Webhook-Timestamp", "01614265330"), want: standardwebhooks.ErrMalformed},
		{name: "time of 400 digits", edit: set("Webhook-Timestamp", strings.Repeat("9", 400)), want: standardwebhooks.ErrMalformed},
		{name: "end of time", edit: set("Webhook-Timestamp", "9223372036854775807"), want: standardwebhooks.ErrFuture},
		{name: "time in milliseconds", edit: set("Webhook-Timestamp", stamp+"000"), want: standardwebhooks.ErrFuture},
		{name: "another time", edit: set("Webhook-Timestamp", "1614265331"), want: standardwebhooks.ErrNoMatch},
		{name: "another id", edit: set("Webhook-Id", "msg_other"), want: standardwebhooks.ErrNoMatch},
		{name: "another body", body: payload + "\n", want: standardwebhooks.ErrNoMatch},
		{name: "another signature", edit: set("Webhook-Signature", wrong), want: standardwebhooks.ErrNoMatch},
		{name: "the right one among others", edit: set("Webhook-Signature", wrong+" v2,"+wrong[3:]+" "+vector+" "+wrong)},
		{name: "as many as are read", edit: set("Webhook-Signature", many+" "+vector)},
		{name: "too many", edit: set("Webhook-Signature", many+" "+wrong+" "+vector), want: standardwebhooks.ErrMalformed},
		{name: "of a version nobody knows", edit: set("Webhook-Signature", "v2"+vector[2:]), want: standardwebhooks.ErrNoMatch},
		{name: "of another scheme's version", edit: set("Webhook-Signature", "v1a"+vector[2:]), want: standardwebhooks.ErrNoMatch},
		{name: "no version", edit: set("Webhook-Signature", vector[3:]), want: standardwebhooks.ErrNoMatch},
		{name: "half a signature", edit: set("Webhook-Signature", vector[:20]), want: standardwebhooks.ErrNoMatch},
		{name: "no base64", edit: set("Webhook-Signature", "v1,!!!"), want: standardwebhooks.ErrNoMatch},
		{name: "nothing behind the version", edit: set("Webhook-Signature", "v1, v1a, v1"), want: standardwebhooks.ErrNoMatch},
		{name: "without its padding", edit: set("Webhook-Signature", strings.TrimRight(vector, "="))},
		{name: "in another spelling", edit: set("Webhook-Signature", strings.Replace(vector, "OE=", "OF=", 1)), want: standardwebhooks.ErrNoMatch},
		{name: "blanks only", edit: set("Webhook-Signature", "   "), want: standardwebhooks.ErrNoMatch},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := keys(t, secret)
			h := http.Header{}
			k.Sign(h, id, at(), []byte(payload))
			if tt.edit != nil {
				tt.edit(h)
			}
			if tt.body == "" {
				tt.body = payload
			}
			got, err := k.Verify(h, []byte(tt.body), at().Add(tt.now), standardwebhooks.Tolerance)
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %q, %v; want %v", got, err, tt.want)
			}
			if want := map[bool]string{true: id}[tt.want == nil]; got != want {
				t.Errorf("got id %q, want %q", got, want)
			}
		})
	}
}

// TestRotation: while the secret changes, whoever knows the old or the new one understands; a stranger does not.
func TestRotation(t *testing.T) {
	t.Parallel()
	const next, stranger = "whsec_bmV4dCBuZXh0IG5leHQgbmV4dCBuZXh0IG5leHQ=", "whsec_c3RyYW5nZXIgc3RyYW5nZXIgc3RyYW5nZXIg"
	for _, tt := range []struct {
		name           string
		sender, taker  []string
		want           error
		wantSignatures int
	}{
		{"the receiver has the old one", []string{next, secret}, []string{secret}, nil, 2},
		{"the receiver has the new one", []string{next, secret}, []string{next}, nil, 2},
		{"the sender has not changed yet", []string{secret}, []string{next, secret}, nil, 1},
		{"the sender was first", []string{next}, []string{next, secret}, nil, 1},
		{"the receiver was forgotten", []string{next}, []string{secret}, standardwebhooks.ErrNoMatch, 1},
		{"a stranger", []string{stranger}, []string{next, secret}, standardwebhooks.ErrNoMatch, 1},
		{"another scheme", []string{private, secret}, []string{private}, nil, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			keys(t, tt.sender...).Sign(h, id, at(), []byte(payload))
			if n := len(strings.Fields(h.Get("Webhook-Signature"))); n != tt.wantSignatures {
				t.Errorf("%d signatures, want %d", n, tt.wantSignatures)
			}
			if _, err := keys(t, tt.taker...).Verify(h, []byte(payload), at(), standardwebhooks.Tolerance); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// TestNoKeys: keys that were never made take nothing.
func TestNoKeys(t *testing.T) {
	t.Parallel()
	var none standardwebhooks.Keys
	h := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {vector}}
	if _, err := none.Verify(h, []byte(payload), at(), standardwebhooks.Tolerance); !errors.Is(err, standardwebhooks.ErrNoMatch) {
		t.Errorf("got %v", err)
	}
}
