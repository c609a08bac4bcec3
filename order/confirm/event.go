package confirm

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"time"

	"github.com/kvitto/kvitto/rules"
)

// eventID names an event of an order: the same whenever and wherever it is made.
func eventID(k Key, t rules.EventType) string {
	sum := sha256.Sum256([]byte(k.Merchant + "\x00" + k.Order + "\x00" + string(t)))
	return "evt_" + base32.StdEncoding.EncodeToString(sum[:])[:26]
}

func shaOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// event is what a sink is handed.
func event(k Key, t rules.EventType, token int64, at time.Time, body []byte) *rules.Event {
	return &rules.Event{ID: eventID(k, t), Type: t, Merchant: k.Merchant, OrderID: k.Order, Attempt: token, At: at, Body: body}
}
