package standardwebhooks

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers. Their names in HTTP are in any case; the specification writes them in lower case.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// mostKeys is how many secrets are valid at once: the one in use, and the one before or after it while it changes.
const mostKeys = 2

// Keys are the secrets of one sender and one receiver: one, or two while it changes. The zero value has none: it signs
// nothing and verifies nothing. It is read-only, safe for concurrent use, and is printed as ***.
type Keys struct{ keys []Key }

// NewKeys reads one secret or two, see NewKey. An error names the secret by its place, from 1 on.
func NewKeys(secrets ...string) (Keys, error) {
	if len(secrets) == 0 || len(secrets) > mostKeys {
		return Keys{}, fmt.Errorf("%d secrets, want 1, or 2 while the secret changes", len(secrets))
	}
	k := Keys{keys: make([]Key, 0, len(secrets))}
	for i, secret := range secrets {
		key, err := NewKey(secret)
		if err != nil && len(secrets) > 1 {
			err = fmt.Errorf("secret %d: %w", i+1, err)
		}
		if err != nil {
			return Keys{}, err
		}
		k.keys = append(k.keys, key)
	}
	if len(secrets) > 1 && secrets[0] == secrets[1] {
		return Keys{}, errors.New("the two secrets are the same")
	}
	return k, nil
}

// Empty reports whether there is no key at all.
func (k Keys) Empty() bool { return len(k.keys) == 0 }

// Sign sets the three headers. The id must have no full stop in it. With two keys there are two signatures.
func (k Keys) Sign(h http.Header, id string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	content := signed(id, stamp, body)
	signatures := make([]string, len(k.keys))
	for i, key := range k.keys {
		signatures[i] = key.version + "," + base64.StdEncoding.EncodeToString(key.sign(content))
	}
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, stamp)
	h.Set(HeaderSignature, strings.Join(signatures, " "))
}

// signed is what a signature is over.
func signed(id, stamp string, body []byte) []byte {
	content := make([]byte, 0, len(id)+len(stamp)+len(body)+2)
	content = append(content, id...)
	content = append(content, '.')
	content = append(content, stamp...)
	content = append(content, '.')
	return append(content, body...)
}

// String returns ***.
func (Keys) String() string { return hidden }

// GoString returns ***, for %#v.
func (Keys) GoString() string { return hidden }

// MarshalText gives *** to JSON, YAML and their like.
func (Keys) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Format writes *** whatever the verb.
func (Keys) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, hidden) // the error is that of the writer behind fmt, which its caller gets from fmt itself
}
