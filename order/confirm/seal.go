package confirm

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
)

// errSealed is a frozen body that none of the keys opens.
var errSealed = errors.New("the frozen body was sealed with a key that is not here")

// Seal keeps frozen bodies from readers of the store: AES-256-GCM, with the order as what the seal is bound to. The zero
// value leaves bodies in clear. It prints as ***.
type Seal struct{ keys []cipher.AEAD }

const (
	leastSealKey = 32
	sealPlain    = 0 // first byte of a body in clear
	sealAES      = 1 // first byte of a sealed one: nonce and ciphertext follow
)

// NewSeal takes secrets of at least 32 bytes: the first one seals, all of them open.
func NewSeal(secrets ...string) (Seal, error) {
	var s Seal
	for i, secret := range secrets {
		if len(secret) < leastSealKey {
			return Seal{}, fmt.Errorf("seal key %d has %d bytes, at least %d are needed", i+1, len(secret), leastSealKey)
		}
		key := sha256.Sum256([]byte("kvitto frozen body\x00" + secret))
		block, err := aes.NewCipher(key[:])
		if err != nil {
			return Seal{}, err
		}
		gcm, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return Seal{}, err
		}
		s.keys = append(s.keys, gcm)
	}
	return s, nil
}

// String returns ***.
func (Seal) String() string { return "***" }

// GoString returns ***, for %#v.
func (Seal) GoString() string { return "***" }

func (k Key) bound() []byte { return []byte(k.Merchant + "\x00" + k.Order) }

func (s Seal) close(k Key, body []byte) []byte {
	if len(s.keys) == 0 {
		return append([]byte{sealPlain}, body...)
	}
	return s.keys[0].Seal([]byte{sealAES}, nil, body, k.bound())
}

func (s Seal) open(k Key, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, errSealed
	}
	if sealed[0] == sealPlain {
		return sealed[1:], nil
	}
	for _, key := range s.keys {
		if body, err := key.Open(nil, nil, sealed[1:], k.bound()); err == nil {
			return body, nil
		}
	}
	return nil, errSealed
}

// newAttempt is a random id of one attempt.
func newAttempt() string { return rand.Text() }
