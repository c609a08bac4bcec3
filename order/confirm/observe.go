package confirm

import "time"

// Step is what happened to an order.
type Step string

// The steps. Those up to StepRetried change a record, the others do not.
const (
	StepEnqueued   Step = "enqueued"    // a trigger came; From is "" where it made the record, once for each order
	StepPrepared   Step = "prepared"    // its body is frozen
	StepHanded     Step = "handed"      // the sink has taken it
	StepAcked      Step = "acked"       // the provider knows
	StepFinished   Step = "finished"    // work was done, see Work
	StepParked     Step = "parked"      // it waits for a person, see Reason
	StepReleased   Step = "released"    // a person gave it back
	StepForgotten  Step = "forgotten"   // the provider never showed it; By says who asked for that, "" the horizon
	StepRetried    Step = "retried"     // a person wants it tried now
	StepFailed     Step = "failed"      // an attempt failed, see Reason and Err; it comes again after Wait
	StepNoConsents Step = "no_consents" // the checkout order could not be read; the order goes on without it
	StepPaused     Step = "paused"      // no order of the merchant is tried at the provider for Wait, see Reason
	StepStoreDown  Step = "store_down"
	StepStoreUp    Step = "store_up"
	StepStoreLost  Step = "store_lost" // the store's data is gone: reconcile; or this is its first start, see First
)

// Change is something that happened to an order or to a merchant (Order is "" then). It holds no personal data; Err may be
// shown to operators.
type Change struct {
	Key
	At       time.Time
	Step     Step
	From, To State // of steps that change the state
	Reason   Reason
	Work     Work
	SHA      string
	Revision int
	Token    int64
	Receipt  string
	Wait     time.Duration
	Repeated bool   // of StepHanded: an earlier attempt may have handed the same body over
	First    bool   // of StepStoreLost: this process has not seen an earlier epoch
	By       string // of StepEnqueued: the trigger; of what a person did: the person
	Err      error
}
