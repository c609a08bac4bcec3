package confirm

import "context"

// What a person can do with records. by names the person, for the audit.

// Release brings a parked order back to work. One that is not parked is left alone.
func (m *Machine) Release(ctx context.Context, k Key, by string) (Record, error) {
	if err := k.check(); err != nil {
		return Record{}, err
	}
	before, err := m.o.Store.Get(ctx, k)
	if err != nil {
		return before, err
	}
	if err := m.o.Store.Release(ctx, k); err != nil {
		return before, err
	}
	rec, err := m.o.Store.Get(ctx, k)
	if err != nil {
		return rec, err
	}
	if before.State != Parked {
		return rec, nil
	}
	m.mention(Change{Key: k, Step: StepReleased, From: Parked, To: rec.State, Reason: Reason(before.Reason), By: by})
	if t, err := m.tenant(k.Merchant); err == nil {
		m.try(t, k, reason{since: m.mark(t), stranger: !rec.Trusted()})
	}
	return rec, nil
}

// Retry has an order that waits tried now: ErrParked where it is parked, ErrDone where nothing is left to do. What is being
// tried is tried again after that.
func (m *Machine) Retry(ctx context.Context, k Key, by string) (Record, error) {
	if err := k.check(); err != nil {
		return Record{}, err
	}
	before, err := m.o.Store.Get(ctx, k)
	switch {
	case err != nil:
		return before, err
	case before.State == Parked:
		return before, ErrParked
	case before.Done():
		return before, ErrDone
	}
	rec, _, err := m.o.Store.Enqueue(ctx, k, Nudge{Hurry: true})
	if err != nil {
		return rec, err
	}
	m.mention(Change{Key: k, Step: StepRetried, From: rec.State, To: rec.State, Reason: Reason(rec.Reason), By: by})
	if t, err := m.tenant(k.Merchant); err == nil {
		m.try(t, k, reason{since: m.mark(t), hurry: true, stranger: !rec.Trusted()})
	}
	return rec, nil
}

// Forget drops an order that the provider never showed: ErrShown where it did, ErrBusy while it is being tried. It returns the
// record that was.
func (m *Machine) Forget(ctx context.Context, k Key, by string) (Record, error) {
	if err := k.check(); err != nil {
		return Record{}, err
	}
	before, err := m.o.Store.Get(ctx, k)
	if err != nil {
		return before, err
	}
	if err := m.o.Store.Discard(ctx, k); err != nil {
		return before, err
	}
	m.mention(Change{Key: k, Step: StepForgotten, From: before.State, Reason: Reason(before.Reason), By: by})
	return before, nil
}

// Park sets an order aside by hand.
func (m *Machine) Park(ctx context.Context, k Key, by string) (Record, error) {
	if err := k.check(); err != nil {
		return Record{}, err
	}
	before, err := m.o.Store.Get(ctx, k)
	if err != nil {
		return before, err
	}
	if err := m.o.Store.Park(ctx, k, Why{Reason: string(ReasonPerson)}); err != nil {
		return before, err
	}
	rec, err := m.o.Store.Get(ctx, k)
	if err == nil && before.State != Parked && rec.State == Parked {
		m.mention(Change{Key: k, Step: StepParked, From: before.State, To: Parked, Reason: ReasonPerson, By: by})
	}
	return rec, err
}

// Reconcile takes over an order that somebody lists as not acknowledged: it is Push, and one that waits is tried now.
func (m *Machine) Reconcile(ctx context.Context, k Key) (Record, error) {
	return m.push(ctx, k, Nudge{Hurry: true}, ByReconcile)
}

// Store is the store of the machine, to look at records.
func (m *Machine) Store() Reading { return m.o.Store }

// Paused is why no order of a merchant is tried at the provider, "" where they are.
func (m *Machine) Paused(merchant string) Reason {
	t, err := m.tenant(merchant)
	if err != nil {
		return ""
	}
	return t.pace.why()
}
