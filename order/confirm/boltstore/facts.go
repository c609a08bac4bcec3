package boltstore

import (
	"bytes"
	"context"
	"slices"

	"github.com/kvitto/kvitto/order/confirm"
)

// level is the state that grows: of a parked record the one before.
func (e *entry) level() *confirm.State {
	if e.State == confirm.Parked {
		return &e.Prev
	}
	return &e.State
}

// Prepare freezes a body; the first one wins.
func (s *Store) Prepare(ctx context.Context, k confirm.Key, attempt string, p confirm.Prepared) (confirm.Prepared, error) {
	var used confirm.Prepared
	err := s.change(ctx, k.Merchant, func(sh *shelf) (err error) {
		used, err = sh.prepare(k, attempt, p)
		return err
	})
	if err != nil {
		return confirm.Prepared{}, err
	}
	return used, nil
}

func (sh *shelf) prepare(k confirm.Key, attempt string, p confirm.Prepared) (confirm.Prepared, error) {
	e, err := sh.find(k.Order)
	if err != nil {
		return confirm.Prepared{}, err
	}
	if *e.level() != confirm.Pending {
		return confirm.Prepared{SHA: e.SHA, Revision: e.Revision}, nil
	}
	body, err := sh.body(k.Order)
	switch {
	case err != nil:
		return confirm.Prepared{}, err
	case body != nil:
		return confirm.Prepared{SHA: e.SHA, Revision: e.Revision, Body: bytes.Clone(body)}, nil
	case !e.holds(attempt):
		return confirm.Prepared{}, confirm.ErrStale
	}
	e.Known, e.SHA, e.Revision = true, p.SHA, p.Revision
	e.calm()
	e.open(sh.now, p.Work)
	if err := sh.save(e); err != nil {
		return confirm.Prepared{}, err
	}
	return p, sh.freeze(k.Order, p.Body)
}

// Handed records that the sink has taken the body with this SHA.
func (s *Store) Handed(ctx context.Context, k confirm.Key, sha string, r confirm.Receipt) error {
	return s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.ensure(k)
		if err != nil {
			return err
		}
		level := e.level()
		if *level != confirm.Pending && e.SHA != "" {
			if e.SHA != sha {
				return confirm.ErrConflict
			}
			return nil
		}
		if *level == confirm.Pending {
			*level = confirm.Handed
			e.calm()
		}
		e.Known, e.SHA, e.Receipt, e.Reference1, e.Reference2 = true, sha, r.Text, r.Reference1, r.Reference2
		if r.Reference1 != "" || r.Reference2 != "" {
			e.open(sh.now, []confirm.Work{confirm.References})
		}
		return sh.save(e)
	})
}

// Acked records the acknowledgement and drops the frozen body.
func (s *Store) Acked(ctx context.Context, k confirm.Key) error {
	return s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.ensure(k)
		if err != nil || *e.level() == confirm.Acked {
			return err
		}
		*e.level() = confirm.Acked
		e.AckedAt, e.Known = sh.now, true
		e.calm()
		if e.State == confirm.Acked {
			e.Due = sh.now
		}
		e.retire(sh.now)
		if err := sh.save(e); err != nil {
			return err
		}
		return sh.dropBody(k.Order)
	})
}

// calm makes the last fault history, where the order got further. Why a parked one is parked stays.
func (e *entry) calm() {
	if e.State != confirm.Parked {
		e.Reason, e.Fault = "", ""
	}
}

// Finish ends work.
func (s *Store) Finish(ctx context.Context, k confirm.Key, w confirm.Work, o confirm.Outcome) error {
	return s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.find(k.Order)
		if err != nil {
			return err
		}
		was := e.Done()
		if o != confirm.Dropped {
			e.close(w, o)
		}
		e.Open = slices.DeleteFunc(e.Open, func(o confirm.Work) bool { return o == w })
		if e.Done() && !was {
			e.calm()
		}
		e.retire(sh.now)
		return sh.save(e)
	})
}

// close closes work; the first outcome stays.
func (e *entry) close(w confirm.Work, o confirm.Outcome) {
	if o == confirm.Refuse && !slices.Contains(e.Closed, w) {
		e.Refused = with(e.Refused, w)
	}
	e.Closed = with(e.Closed, w)
}

// Park sets an order aside.
func (s *Store) Park(ctx context.Context, k confirm.Key, w confirm.Why) error {
	return s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.find(k.Order)
		switch {
		case err != nil:
			return err
		case e.Done():
			return confirm.ErrDone
		case e.State == confirm.Parked:
			return nil
		}
		e.Prev, e.State = e.State, confirm.Parked
		e.say(w)
		e.rest(moment(0))
		return sh.save(e)
	})
}

// Release brings a parked order back.
func (s *Store) Release(ctx context.Context, k confirm.Key) error {
	return s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.find(k.Order)
		if err != nil || e.State != confirm.Parked {
			return err
		}
		e.State, e.Prev, e.First, e.Due, e.Attempts = e.Prev, "", sh.now, sh.now, 0
		e.Releases++
		e.retire(sh.now)
		return sh.save(e)
	})
}

// Forget drops the record of an order that the provider never showed.
func (s *Store) Forget(ctx context.Context, k confirm.Key, attempt string) error {
	return s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.find(k.Order)
		switch {
		case isNotFound(err):
			return nil
		case err != nil:
			return err
		case e.Known || !e.holds(attempt):
			return confirm.ErrStale
		}
		return sh.drop(e)
	})
}

// Discard drops the record for a person.
func (s *Store) Discard(ctx context.Context, k confirm.Key) error {
	return s.change(ctx, k.Merchant, func(sh *shelf) error {
		e, err := sh.find(k.Order)
		switch {
		case isNotFound(err):
			return nil
		case err != nil:
			return err
		case e.Known:
			return confirm.ErrShown
		case e.leased(sh.now):
			return confirm.ErrBusy
		}
		return sh.drop(e)
	})
}

// say keeps why an attempt failed or the order is parked.
func (e *entry) say(w confirm.Why) {
	e.Reason, e.Fault, e.Known = w.Reason, w.Fault, e.Known || w.Known
}
