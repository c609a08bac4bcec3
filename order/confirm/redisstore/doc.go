// Package redisstore keeps the records of confirmed orders in Redis: one server, Sentinel or Cluster.
//
// Its one rule: every operation is one Lua script, atomic, on Redis's own clock, and changes nothing when the client sends
// it again. All keys of a merchant lie in one slot and are declared.
//
//	kco:{M}:o:<order>   hash, the record; without an end of life until nothing is left to do, then 14 days
//	kco:{M}:s:<order>   string, the frozen body as it was given; 49 h, or until the order is acknowledged
//	kco:{M}:due         sorted set, order ids by the time at which they are due
//	kco:{M}:park        sorted set, order ids by the time at which they were parked
//	kco:{M}:age         sorted set, order ids that are not acknowledged by the time First
//	kco:{M}:in:<STATE>  sorted set, the orders that are not done, by id: PENDING, HANDED, ACKED, PARKED
//	kco:{M}:out         stream, where the store is the sink too
//	kco:{M}:epoch       string, made with the first use: where it is missing, Redis has lost its data
//	kco:{M}:schema      string, the number of this layout
//	kco:{M}:probe       string, what Unreplicated writes
//
// A record holds no personal data; a body is what the caller makes of it, sealed or not. Whatever a client or Redis says
// that is no answer wraps confirm.ErrDown; Class names it in one word.
package redisstore
