package standardwebhooks_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/standardwebhooks"
)

// The secrets of the specification's reference libraries: tests and nothing else use them.
const (
	secret  = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	private = "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk="
)

// TestBadSecrets: what cannot be a key is told at once, in words that help, and never with the secret in them.
func TestBadSecrets(t *testing.T) {
	t.Parallel()
	long := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("canary", 100)))
	halves := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("canary!!", 8)))
	for _, tt := range []struct{ name, secret, want string }{
		{"not base64", "whsec_canary!canary!canary!canary!", "what follows whsec_ is not base64"},
		{"short", "canary", "the key has 6 bytes, 24 to 512 are needed"},
		{"short in base64", "whsec_Y2FuYXJ5", "the key has 6 bytes, 24 to 512 are needed"},
		{"long", strings.Repeat("canary", 100), "the key has 600 bytes"},
		{"long in base64", "whsec_" + long, "the key has 600 bytes"},
		{"empty", "", "the key has 0 bytes"},
		{"nothing but the prefix", "whsec_", "the key has 0 bytes"},
		{"private, not base64", "whsk_canary!", "what follows whsk_ is not base64"},
		{"private, of another length", "whsk_Y2FuYXJ5", "the key has 6 bytes, an ed25519 key has 32, or 64"},
		{"private, of two keys", "whsk_" + halves, "the two halves"},
		{"public", "whpk_Y2FuYXJ5", "give the private one, whsk_"},
	} {
		_, err := standardwebhooks.NewKey(tt.secret)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
			continue
		}
		for _, leak := range []string{"canary", "Y2Fu"} {
			if strings.Contains(err.Error(), leak) {
				t.Errorf("%s: %v shows the secret", tt.name, err)
			}
		}
	}
}

// TestBadKeys: one secret or two that differ; the one that is wrong is named by its place.
func TestBadKeys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		secrets []string
		want    string
	}{
		{"none", nil, "0 secrets, want 1, or 2 while the secret changes"},
		{"three", []string{secret, private, secret}, "3 secrets"},
		{"a single bad one", []string{"canary"}, "the key has 6 bytes"},
		{"the second is bad", []string{secret, "canary"}, "secret 2: the key has 6 bytes"},
		{"twice the same", []string{secret, secret}, "the two secrets are the same"},
	} {
		k, err := standardwebhooks.NewKeys(tt.secrets...)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || !k.Empty() {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

// TestNeverPrinted: neither a key, keys nor what holds them shows a secret, whatever prints it (I12).
func TestNeverPrinted(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{"symmetric": secret, "asymmetric": private, "raw": "a raw key of more than 24 bytes"} {
		key, err := standardwebhooks.NewKey(s)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := standardwebhooks.NewKeys(s)
		if err != nil {
			t.Fatal(err)
		}
		holder := struct {
			Key    standardwebhooks.Key
			keys   standardwebhooks.Keys
			hidden standardwebhooks.Key
			List   []standardwebhooks.Key
			Keys   *standardwebhooks.Keys
		}{key, keys, key, []standardwebhooks.Key{key}, &keys}
		var shown strings.Builder
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q", "%t"} {
			fmt.Fprintf(&shown, format+format+format, key, keys, holder)
		}
		encoded, err := json.Marshal(holder)
		if err != nil || !strings.Contains(string(encoded), `"***"`) {
			t.Errorf("%s: %s, %v", name, encoded, err)
		}
		text := shown.String() + string(encoded) + key.String() + keys.GoString()
		raw, err := base64.StdEncoding.DecodeString(s[strings.Index(s, "_")+1:])
		if name == "raw" {
			raw, err = []byte(s), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, leak := range []string{s[8:20], string(raw[:8]), fmt.Sprintf("%x", raw[:8]), fmt.Sprint(raw[0]) + " " + fmt.Sprint(raw[1]) + " "} {
			if strings.Contains(text, leak) {
				t.Errorf("%s shows the secret: %q", name, text)
			}
		}
	}
}

// TestPublic: the public key is that of an asymmetric key only, whichever way its secret is written.
func TestPublic(t *testing.T) {
	t.Parallel()
	key, err := standardwebhooks.NewKey(private)
	if err != nil {
		t.Fatal(err)
	}
	public, ok := strings.CutPrefix(key.Public(), "whpk_")
	raw, err := base64.StdEncoding.DecodeString(public)
	if !ok || err != nil || len(raw) != 32 {
		t.Fatalf("got %q, %v", key.Public(), err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(private, "whsk_"))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := standardwebhooks.NewKey("whsk_" + base64.RawStdEncoding.EncodeToString(append(seed, raw...)))
	if err != nil || whole.Public() != key.Public() {
		t.Errorf("seed and public key: got %q, %v", whole.Public(), err)
	}
	symmetric, err := standardwebhooks.NewKey(secret)
	if err != nil || symmetric.Public() != "" {
		t.Errorf("got %q, %v", symmetric.Public(), err)
	}
}
