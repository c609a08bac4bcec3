package redisstore

import "github.com/kvitto/kvitto/order/confirm"

// prefix of a merchant's keys. The merchant's id is ours, so nobody outside chooses a slot.
func prefix(merchant string) string { return "kco:{" + merchant + "}:" }

// stateKey names the set of the orders in a state that are not done.
func stateKey(merchant string, s confirm.State) string { return prefix(merchant) + "in:" + string(s) }

// othersKey names the due times of orders that are not trusted, unknownKey the ages of those that nobody knows.
func othersKey(merchant string) string  { return prefix(merchant) + "others" }
func unknownKey(merchant string) string { return prefix(merchant) + "unknown" }

func outKey(merchant string) string { return prefix(merchant) + "out" }

// states in the order of the keys.
func states() []confirm.State {
	return []confirm.State{confirm.Pending, confirm.Handed, confirm.Acked, confirm.Parked}
}

// orderKeys are the keys of a script of one order, in the order of record.lua.
func orderKeys(k confirm.Key) []string {
	p := prefix(k.Merchant)
	return []string{
		p + "o:" + k.Order, p + "s:" + k.Order, p + "due", p + "park", p + "age",
		p + "in:PENDING", p + "in:HANDED", p + "in:ACKED", p + "in:PARKED",
		othersKey(k.Merchant), unknownKey(k.Merchant),
	}
}

func streamKeys(k confirm.Key) []string { return append(orderKeys(k), outKey(k.Merchant)) }
