// Package digest seals a cart: what a shop had quoted is written, signed, into the merchant_data of its order, and
// validation sees whether the buyer is about to pay for the same.
//
// Its one rule: a change that an answer of Kvitto's own may make is no change of the cart. So freight of ours, sales tax
// and our fees are not sealed, a price may move with its tax rate, and a gift card may pay less.
//
// The digest is the member kvitto_cart of merchant_data, which is a JSON object or empty:
//
//	1.MAC.SEK:ID/quantity/unit_price/tax_rate/total_discount_amount,ID/quantity/card/most,…
//
// 1 is the version. MAC is HMAC-SHA256 over version and content, its first 16 bytes in base64url. ID is the SHA-256 of type
// and reference (the name where there is none), its first 6 bytes in base64url: the digest names no product. A cart that is
// too long for this is sealed by two sums, #GROSS/NET, which can say that it changed, but not what.
package digest

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
)

const (
	// Member is the name of the digest in merchant_data.
	Member = "kvitto_cart"
	// MaxMerchantData is the most characters of an order's merchant_data (contract 2.1).
	MaxMerchantData = 6000

	version = "1"
	// maxListed is the longest content that names lines one by one; a longer one is summed.
	maxListed = 3000
	macBytes  = 16
	idBytes   = 6
)

// ErrNotObject is a merchant_data that is neither empty nor a JSON object, so nothing can be put into it.
var ErrNotObject = errors.New("merchant_data is not a JSON object")

// ErrNoRoom is a merchant_data that would get too long.
var ErrNoRoom = errors.New("merchant_data has no room for the cart digest")

// Key signs and checks digests of one merchant.
type Key [sha256.Size]byte

// FromSecret derives a merchant's key from a secret of the configuration. Replicas with the same secret agree.
func FromSecret(merchant, secret string) (Key, error) {
	return derive(merchant, []byte(secret), "secret")
}

// FromToken derives a merchant's key from the SHA-256 of a shop token, for shops without a secret for quotes. Whoever
// can read that hash can sign.
func FromToken(merchant string, hash [sha256.Size]byte) (Key, error) {
	return derive(merchant, hash[:], "token")
}

// derive is HKDF-SHA256 with the merchant as salt, so that two merchants with one secret have different keys.
func derive(merchant string, secret []byte, from string) (Key, error) {
	b, err := hkdf.Key(sha256.New, secret, []byte(merchant), "kvitto cart digest, from "+from, sha256.Size)
	if err != nil {
		return Key{}, fmt.Errorf("key of the cart digest: %w", err)
	}
	return Key(b), nil
}

// Seal returns merchantData with the digest of lines put in, in the place of one that was there. Every other member stays as
// it is. Freight lines are left out, but for those that kept names, as in pricing.ShippingPolicy. Errors: ErrNotObject,
// ErrNoRoom.
func (k Key) Seal(merchantData, currency string, lines []order.Line, kept ...string) (string, error) {
	if merchantData == "" {
		merchantData = "{}"
	}
	records := recordsOf(lines, kept)
	for _, content := range [...]string{list(currency, records), summed(currency, records)} {
		if content == "" {
			continue
		}
		value, err := json.Marshal(version + "." + k.mac(content) + "." + content)
		if err != nil {
			return "", fmt.Errorf("cart digest: %w", err)
		}
		out, err := order.Replace(nil, []byte(merchantData), order.Member{Name: Member, Value: value})
		if err != nil {
			return "", ErrNotObject
		}
		if utf8.RuneCount(out) <= MaxMerchantData {
			return string(out), nil
		}
	}
	return "", ErrNoRoom
}

func (k Key) mac(content string) string {
	h := hmac.New(sha256.New, k[:])
	h.Write([]byte(version + "." + content)) // a hash takes everything
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:macBytes])
}

// find returns the digest in a merchant_data; false where there is none. What is not a string is no digest of ours, but
// stands in its place: it is returned as "".
func find(merchantData string) (string, bool) {
	if merchantData == "" || merchantData[0] != '{' && merchantData[0] > ' ' {
		return "", false
	}
	var in struct {
		Cart jsontext.Value `json:"kvitto_cart"`
	}
	if err := json.Unmarshal([]byte(merchantData), &in); err != nil || in.Cart == nil {
		return "", false // the shop may keep anything there: no fault
	}
	var value string
	if err := json.Unmarshal(in.Cart, &value); err != nil {
		return "", true
	}
	return value, true
}
