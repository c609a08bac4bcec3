// Package confirm takes confirmed orders safely to the merchant before they are acknowledged at the provider.
//
// Its one rule: the first acknowledge request of an order leaves only after the merchant's sink has taken it.
//
// An order goes PENDING, HANDED, ACKED; facts only grow, whoever reports them. A lease guards nothing but who works on an
// order at a time. What is left to do after the acknowledgement (references, a capture, a decision about fraud) keeps the
// order due. PARKED is set aside for a person.
//
//	trigger   push, notification, signed webhook, ensure, reconcile: enqueue, which is idempotent
//	claim     one attempt holds the order for the lease, by the store's clock
//	read      the provider is the judge: only an order that it shows under the merchant's credentials exists
//	prepare   the body is frozen before the sink first sees it; the first one wins
//	hand      the sink takes it: HANDED
//	ack       204: ACKED
//	follow up references, capture, fraud decision: done
//
// Whatever fails leaves the order due, and any replica finishes what another began.
package confirm
