// Package failpoint names the places where a process may die, so that crash tests can kill it there. In a build without
// the tag failpoints, At does nothing and costs nothing.
//
// Its one rule: a failpoint changes nothing but when the process ends.
package failpoint

// Place is a named step of the confirmation machine.
type Place string

// The places, in the order in which an order passes them.
const (
	AfterEnqueue Place = "after_enqueue"
	AfterClaim   Place = "after_claim"
	AfterRead    Place = "after_read"
	AfterPrepare Place = "after_prepare"
	DuringHand   Place = "during_hand"
	AfterHand    Place = "after_hand"
	AfterHanded  Place = "after_handed"
	AfterAck     Place = "after_ack"
	AfterAcked   Place = "after_acked"
	AfterEffect  Place = "after_effect"
)
