package standardwebhooks

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of an HMAC key in bytes. The specification says 24 to 64; a raw key may be longer.
const (
	leastKey = 24
	mostKey  = 512
)

// What a secret begins with.
const (
	symmetricPrefix = "whsec_"
	privatePrefix   = "whsk_"
	publicPrefix    = "whpk_"
)

// hidden is what is printed in place of a key.
const hidden = "***"

// Key is one secret. The zero value is none and must not be used. Every way to print it gives ***, and what holds one can be
// printed too: fmt goes past Format in an unexported field, so it is made of functions. It is safe for concurrent use.
type Key struct {
	version string
	sign    func(content []byte) []byte
	judge   func(content []byte) func(signature []byte) bool // in constant time
	public  string                                           // whpk_, of an asymmetric key
}

// NewKey reads a secret: whsec_ or whsk_ and standard base64, with or without padding, or else the HMAC key itself. Errors
// tell its length, never what is in it.
func NewKey(secret string) (Key, error) {
	if text, ok := strings.CutPrefix(secret, privatePrefix); ok {
		return privateKey(text)
	}
	if strings.HasPrefix(secret, publicPrefix) {
		return Key{}, errors.New("whpk_ begins a public key, which signs nothing; give the private one, whsk_")
	}
	key := []byte(secret)
	if text, ok := strings.CutPrefix(secret, symmetricPrefix); ok {
		raw, err := decode(text)
		if err != nil {
			return Key{}, errors.New("what follows whsec_ is not base64")
		}
		key = raw
	}
	if len(key) < leastKey || len(key) > mostKey {
		return Key{}, fmt.Errorf("the key has %d bytes, %d to %d are needed; make one with `openssl rand -base64 32` behind whsec_",
			len(key), leastKey, mostKey)
	}
	sign := func(content []byte) []byte {
		mac := hmac.New(sha256.New, key)
		_, _ = mac.Write(content) // a hash never returns an error
		return mac.Sum(nil)
	}
	return Key{version: "v1", sign: sign, judge: func(content []byte) func([]byte) bool {
		want := sign(content)
		return func(signature []byte) bool { return hmac.Equal(want, signature) }
	}}, nil
}

// privateKey reads an ed25519 key: its seed, or the seed and the public key behind it.
func privateKey(text string) (Key, error) {
	raw, err := decode(text)
	if err != nil {
		return Key{}, errors.New("what follows whsk_ is not base64")
	}
	if len(raw) != ed25519.SeedSize && len(raw) != ed25519.PrivateKeySize {
		return Key{}, fmt.Errorf("the key has %d bytes, an ed25519 key has %d, or %d with its public key",
			len(raw), ed25519.SeedSize, ed25519.PrivateKeySize)
	}
	private := ed25519.NewKeyFromSeed(raw[:ed25519.SeedSize])
	if len(raw) == ed25519.PrivateKeySize && !bytes.Equal(raw, private) {
		return Key{}, errors.New("the two halves of the ed25519 key do not belong together")
	}
	public := private[ed25519.SeedSize:]
	return Key{
		version: "v1a",
		sign:    func(content []byte) []byte { return ed25519.Sign(private, content) },
		judge: func(content []byte) func([]byte) bool {
			return func(signature []byte) bool { return ed25519.Verify(ed25519.PublicKey(public), content, signature) }
		},
		public: publicPrefix + base64.StdEncoding.EncodeToString(public),
	}, nil
}

// decode reads standard base64 with or without padding.
func decode(text string) ([]byte, error) {
	return base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
}

// Public returns the public key of a whsk_ key, whpk_ and base64, to be given to whoever verifies; "" for any other key,
// which has none.
func (k Key) Public() string { return k.public }

// String returns ***.
func (Key) String() string { return hidden }

// GoString returns ***, for %#v.
func (Key) GoString() string { return hidden }

// MarshalText gives *** to JSON, YAML and their like.
func (Key) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Format writes *** whatever the verb.
func (Key) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, hidden) // the error is that of the writer behind fmt, which its caller gets from fmt itself
}
