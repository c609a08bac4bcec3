package configs

import (
	"fmt"
	"io"
)

// hidden is what is printed in the place of a secret.
const hidden = "***"

// Secret is a value that never prints: every way to write it gives ***. The zero value is no secret.
type Secret struct {
	// value is behind a pointer, because fmt goes past Format where it complains about a verb: %s of a struct that
	// holds a pointer to one with a Secret would print a string.
	value *string
}

// NewSecret keeps a value from being printed.
func NewSecret(value string) Secret { return Secret{&value} }

// Reveal returns the value, "" of the zero value.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// String returns ***.
func (Secret) String() string { return hidden }

// GoString returns ***, for %#v.
func (Secret) GoString() string { return hidden }

// Format writes *** whatever the verb.
func (Secret) Format(f fmt.State, _ rune) {
	// The error is that of the writer behind fmt, which its caller gets from fmt itself.
	_, _ = io.WriteString(f, hidden)
}

// MarshalText returns ***.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// MarshalJSON returns "***".
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

var (
	_ fmt.Stringer   = Secret{}
	_ fmt.GoStringer = Secret{}
	_ fmt.Formatter  = Secret{}
)
