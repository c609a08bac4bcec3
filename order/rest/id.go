package rest

import (
	"errors"
	"fmt"
	"strings"
)

// MaxID is the most characters of an id. The provider's documents allow 255; real ids are UUIDs.
const MaxID = 64

// ErrID is an id that the provider cannot have given. Nothing was sent.
var ErrID = errors.New("want letters, digits and hyphens, a letter or digit first, 64 at most")

// CheckID refuses what is not an id of the provider; what says which one it is, such as "order id". Only what passes may be
// a segment of a path.
func CheckID(what, id string) error {
	if ValidID(id) {
		return nil
	}
	shown := id
	if len(shown) > MaxID {
		shown = shown[:MaxID]
	}
	return fmt.Errorf("%s %q: %w", what, shown, ErrID)
}

// ValidID reports whether id matches ^[A-Za-z0-9][A-Za-z0-9-]{0,63}$.
func ValidID(id string) bool {
	if id == "" || len(id) > MaxID || id[0] == '-' {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// SameID reports whether the provider's answer names the id that was asked for; letters count without case.
func SameID(asked, answered string) bool {
	return ValidID(asked) && ValidID(answered) && strings.EqualFold(asked, answered)
}
