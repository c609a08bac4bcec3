package confirm

import (
	"context"
	"errors"
	"sync"
	"time"
)

// writesSeen is how long after a write that failed a store that only reads is not taken for well: a full or read-only one
// reads on.
const writesSeen = time.Minute

// health is whether a merchant's part of the store answers.
type health struct {
	mu     sync.Mutex
	down   bool
	failed time.Time // when a write last did
}

// storeWrote tells when the store is lost and found; err is that of its last write.
func (m *Machine) storeWrote(t *tenant, err error) { m.storeAnswered(t, err, true) }

// storeRead is storeWrote of a call that changes nothing.
func (m *Machine) storeRead(t *tenant, err error) { m.storeAnswered(t, err, false) }

func (m *Machine) storeAnswered(t *tenant, err error, wrote bool) {
	if errors.Is(err, context.Canceled) {
		return // whoever asked went away
	}
	down := errors.Is(err, ErrDown)
	if !t.health.changed(down, wrote, m.o.Now()) {
		return
	}
	c := Change{Key: Key{Merchant: t.id}, Step: StepStoreUp}
	if down {
		c.Step, c.Reason, c.Err = StepStoreDown, ReasonStore, err
	}
	m.mention(c)
}

// StoreDown reports whether the store did not do what it was last asked for a merchant: it does not answer, or it reads but
// takes no writes. It is safe for concurrent use.
func (m *Machine) StoreDown(merchant string) bool {
	t, err := m.tenant(merchant)
	if err != nil {
		return false
	}
	t.health.mu.Lock()
	defer t.health.mu.Unlock()
	return t.health.down
}

func (h *health) changed(down, wrote bool, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if down && wrote {
		h.failed = now
	}
	if down == h.down || !down && !wrote && now.Sub(h.failed).Abs() < writesSeen {
		return false
	}
	h.down = down
	return true
}
