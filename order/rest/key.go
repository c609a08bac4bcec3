package rest

import (
	"fmt"

	"github.com/google/uuid"
)

// namespace of the keys. It may never change: the provider would take the repetition of a call for another one.
func namespace() uuid.UUID {
	return uuid.UUID{0xd4, 0x1f, 0x0c, 0x6a, 0x52, 0x8e, 0x4b, 0x37, 0x9a, 0x70, 0x5e, 0xc3, 0x21, 0xb8, 0x96, 0x4d}
}

// Key is the idempotency key of one action on one order of one merchant: a UUID of version 5, so that whoever repeats the
// action after a crash sends the same key. The provider keeps keys for 24 hours. The three parts may be any strings.
func Key(merchant, orderID, action string) string {
	name := fmt.Sprintf("%d:%s,%d:%s,%s", len(merchant), merchant, len(orderID), orderID, action)
	return uuid.NewSHA1(namespace(), []byte(name)).String()
}

// checkKey refuses what is not a UUID in the usual form.
func checkKey(key string) error {
	if _, err := uuid.Parse(key); err != nil || len(key) != len("00000000-0000-0000-0000-000000000000") {
		return fmt.Errorf("idempotency key %.64q: want a UUID", key)
	}
	return nil
}
