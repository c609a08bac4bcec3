package callbacks

import (
	"crypto/sha256"
	"crypto/subtle"
	"time"
)

// A tokenAge says how a token that was given stands; it is a label of a metric.
type tokenAge string

const (
	tokenCurrent  tokenAge = "current"  // for ever
	tokenRetiring tokenAge = "retiring" // still good, with an end date
	tokenExpired  tokenAge = "expired"  // known, past its end date: as good as none
	tokenUnknown  tokenAge = "unknown"
)

// lock is the tokens of a merchant, filled up to the same number for all merchants so that the time of a comparison
// says nothing about them.
type lock struct {
	tokens []Token
	real   int // how many of tokens are the merchant's own; the rest opens nothing
}

func newLock(own []Token, size int) lock {
	l := lock{tokens: make([]Token, size), real: len(own)}
	copy(l.tokens, own)
	return l
}

// open compares the SHA-256 of a token with all hashes, in a time that depends on the token's own length and on
// nothing else.
func (l *lock) open(token string, now time.Time) tokenAge {
	var buffer [maxURL]byte // no token is longer, and none costs an allocation
	sum := sha256.Sum256(buffer[:copy(buffer[:], token)])
	found := -1
	for i := range l.tokens {
		equal := subtle.ConstantTimeCompare(sum[:], l.tokens[i].Hash[:])
		found = subtle.ConstantTimeSelect(equal, i, found)
	}
	switch {
	case found < 0 || found >= l.real:
		return tokenUnknown
	case l.tokens[found].Until.IsZero():
		return tokenCurrent
	case now.Before(l.tokens[found].Until):
		return tokenRetiring
	default:
		return tokenExpired
	}
}

// opens reports whether a token of this age lets the request in.
func (a tokenAge) opens() bool { return a == tokenCurrent || a == tokenRetiring }
