package standardwebhooks

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Tolerance is how far the clocks of sender and receiver may be apart, with the time on the way.
const Tolerance = 5 * time.Minute

// Bounds of what is looked at before anything is verified.
const (
	mostID         = 256
	mostSignatures = 16
)

// Why a request is not taken for the sender's. The errors of Verify wrap one of them and hold nothing of the request.
var (
	ErrMissing   = errors.New("the header is missing")
	ErrMalformed = errors.New("the header cannot be read")
	ErrStale     = errors.New("the request is too old, or the clock of this machine is fast")
	ErrFuture    = errors.New("the request is from the future: the clock of this machine or of the sender is wrong")
	ErrNoMatch   = errors.New("no signature is made with a secret that is known here, or the body is not the one that was signed")
)

// Verify tells whether the headers are those of a request with this very body that the holder of one of the keys has signed
// at most tolerance before or after now, and returns its webhook-id. Each header stands once. Of several signatures one has
// to match; versions that are not known, and signatures that cannot be read, are passed over. What one request says may
// come again, so what was taken is to be known by the id.
func (k Keys) Verify(h http.Header, body []byte, now time.Time, tolerance time.Duration) (id string, err error) {
	id, err = header(h, HeaderID)
	if err != nil {
		return "", err
	}
	stamp, err := header(h, HeaderTimestamp)
	if err != nil {
		return "", err
	}
	list, err := header(h, HeaderSignature)
	if err != nil {
		return "", err
	}
	if !cleanID(id) {
		return "", fmt.Errorf("webhook-id: %w: want 1 to %d visible characters without a full stop", ErrMalformed, mostID)
	}
	if err := checkTime(stamp, now, tolerance); err != nil {
		return "", fmt.Errorf("webhook-timestamp: %w", err)
	}
	signatures := strings.Fields(list)
	if len(signatures) > mostSignatures {
		return "", fmt.Errorf("webhook-signature: %w: more than %d signatures", ErrMalformed, mostSignatures)
	}
	if !k.match(signed(id, stamp, body), signatures) {
		return "", fmt.Errorf("webhook-signature: %w", ErrNoMatch)
	}
	return id, nil
}

// header returns the value of a header that has to stand there once: of two, another reader might take the other.
func header(h http.Header, name string) (string, error) {
	values := h.Values(name)
	switch {
	case len(values) == 0, len(values) == 1 && values[0] == "":
		return "", fmt.Errorf("%s: %w", strings.ToLower(name), ErrMissing)
	case len(values) > 1:
		return "", fmt.Errorf("%s: %w: it is there %d times", strings.ToLower(name), ErrMalformed, len(values))
	default:
		return values[0], nil
	}
}

// cleanID wants visible ASCII without a full stop, which would let a part of the body be read as the time.
func cleanID(id string) bool {
	return id != "" && len(id) <= mostID && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '.' })
}

// checkTime wants whole seconds, written in the only way there is, near to now.
func checkTime(stamp string, now time.Time, tolerance time.Duration) error {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || seconds < 0 || strconv.FormatInt(seconds, 10) != stamp {
		return fmt.Errorf("%w: want whole seconds since 1970", ErrMalformed)
	}
	switch {
	case seconds < now.Add(-tolerance).Unix():
		return ErrStale
	case seconds > now.Add(tolerance).Unix():
		return ErrFuture
	default:
		return nil
	}
}

func (k Keys) match(content []byte, signatures []string) bool {
	found := false
	for _, key := range k.keys {
		matches := key.judge(content)
		for _, s := range signatures {
			version, text, _ := strings.Cut(s, ",")
			if version != key.version {
				continue
			}
			// Strictly: one signature has one spelling, but for the padding.
			raw, err := base64.RawStdEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
			if err == nil && matches(raw) {
				found = true
			}
		}
	}
	return found
}
