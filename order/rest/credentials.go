package rest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// hidden is what is printed in the place of a secret.
const hidden = "***"

// Credentials are a merchant's for the provider's APIs. However they are printed, they are ***. The zero value is none.
type Credentials struct {
	// header is behind a pointer, because fmt goes past Format where it complains about a verb.
	header *string
}

// errCredentials tells what credentials look like; it never holds any.
var errCredentials = errors.New("credentials: want a user without colon and a password, or the value that follows Basic, " +
	"all of printable ASCII")

// UserPassword are the user and the password of the provider's portal. Kustom's two parts, merchant id with suffix and API
// key, are such a pair too.
func UserPassword(user, password string) (Credentials, error) {
	if !printable(user) || !printable(password) || strings.Contains(user, ":") {
		return Credentials{}, errCredentials
	}
	return basic(base64.StdEncoding.EncodeToString([]byte(user + ":" + password))), nil
}

// RawValue is what follows Basic in the header, as it is: Kustom's kco_live_api_… or kco_test_api_…, or the base64 of both
// parts.
func RawValue(value string) (Credentials, error) {
	if !printable(value) || strings.Contains(value, " ") {
		return Credentials{}, errCredentials
	}
	return basic(value), nil
}

func basic(value string) Credentials {
	header := "Basic " + value
	return Credentials{&header}
}

// printable reports whether s is not empty and can stand in a header.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

// String returns ***.
func (Credentials) String() string { return hidden }

// GoString returns ***, for %#v.
func (Credentials) GoString() string { return hidden }

// Format writes *** whatever the verb.
func (Credentials) Format(f fmt.State, _ rune) {
	// The error is that of the writer behind fmt, which its caller gets from fmt itself.
	_, _ = io.WriteString(f, hidden)
}

// MarshalText returns ***.
func (Credentials) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON returns "***".
func (Credentials) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

var (
	_ fmt.Stringer   = Credentials{}
	_ fmt.GoStringer = Credentials{}
	_ fmt.Formatter  = Credentials{}
)
