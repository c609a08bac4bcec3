package storetest

import (
	"maps"
	"slices"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// model is a store in its plainest form: what each operation does to a map, one line of thought each. It is written from the
// contract and shares no code with a store.
type model struct {
	now  time.Time
	rows map[confirm.Key]*row
}

// row is a record, its holder, its body and the end of its life.
type row struct {
	confirm.Record
	holder string
	body   []byte
	frozen time.Time // when body was
	end    time.Time
}

func newModel(now time.Time) *model { return &model{now: now, rows: map[confirm.Key]*row{}} }

// advance lets time pass; records that end their life are gone.
func (m *model) advance(d time.Duration) {
	m.now = m.now.Add(d)
	maps.DeleteFunc(m.rows, func(_ confirm.Key, r *row) bool { return !r.end.IsZero() && !m.now.Before(r.end) })
}

func (m *model) find(k confirm.Key) (*row, error) {
	if r := m.rows[k]; r != nil {
		return r, nil
	}
	return nil, confirm.ErrNotFound
}

// ensure finds a record or makes one.
func (m *model) ensure(k confirm.Key) *row {
	if m.rows[k] == nil {
		m.rows[k] = &row{Record: confirm.Record{Key: k, State: confirm.Pending, Seen: m.now, First: m.now, Due: m.now}}
	}
	return m.rows[k]
}

// held finds a record whose lease is the attempt's.
func (m *model) held(k confirm.Key, attempt string) (*row, error) {
	r, err := m.find(k)
	if err == nil && (attempt == "" || r.holder != attempt) {
		err = confirm.ErrStale
	}
	return r, err
}

// unlease ends the lease; the order is due at t.
func (r *row) unlease(t time.Time) { r.holder, r.LeaseUntil, r.Due = "", time.Time{}, t }

// level is the state that grows: of a parked record the one before.
func (r *row) level() *confirm.State {
	if r.State == confirm.Parked {
		return &r.Prev
	}
	return &r.State
}

// with is a set of work in the order of AllWork.
func with(set []confirm.Work, more ...confirm.Work) []confirm.Work {
	return slices.DeleteFunc(confirm.AllWork(), func(w confirm.Work) bool { return !slices.Contains(append(more, set...), w) })
}

// open opens work; a done record begins anew with it.
func (m *model) open(r *row, work ...confirm.Work) {
	for _, w := range work {
		if slices.Contains(r.Closed, w) || slices.Contains(r.Open, w) {
			continue
		}
		if r.Done() {
			r.First, r.Due, r.Attempts, r.end = m.now, m.now, 0, time.Time{}
		}
		r.Open = with(r.Open, w)
	}
}

// retire ends the life of a record that has nothing left to do.
func (m *model) retire(r *row) {
	if r.Done() && r.end.IsZero() {
		r.unlease(time.Time{})
		r.end = m.now.Add(14 * 24 * time.Hour)
	}
}

// calm makes the last fault history, but for a parked record.
func (r *row) calm() {
	if r.State != confirm.Parked {
		r.Reason, r.Fault = "", ""
	}
}

// say keeps a fault.
func (r *row) say(w confirm.Why) { r.Reason, r.Fault, r.Known = w.Reason, w.Fault, r.Known || w.Known }

func (m *model) enqueue(k confirm.Key, n confirm.Nudge) (confirm.Record, bool) {
	made := m.rows[k] == nil
	r := m.ensure(k)
	r.Vouched = r.Vouched || n.Vouched
	m.open(r, n.Work...)
	if n.Hurry && r.State != confirm.Parked && !r.Done() && !m.now.Before(r.LeaseUntil) && r.Due.After(m.now) {
		r.Due = m.now
	}
	return r.Record, made
}

func (m *model) claim(k confirm.Key, attempt string, d time.Duration) (confirm.Record, time.Duration, error) {
	r, err := m.find(k)
	switch {
	case err != nil:
		return confirm.Record{}, 0, err
	case r.State == confirm.Parked:
		return confirm.Record{}, 0, confirm.ErrParked
	case r.Done():
		return confirm.Record{}, 0, confirm.ErrDone
	case m.now.Before(r.LeaseUntil) && r.holder != attempt:
		return confirm.Record{}, 0, confirm.ErrBusy
	case !m.now.Before(r.LeaseUntil):
		r.holder, r.LeaseUntil, r.Due = attempt, m.now.Add(d), m.now.Add(d)
		r.Token++
	}
	return r.Record, m.now.Sub(r.First), nil
}

func (m *model) renew(k confirm.Key, attempt string, d time.Duration) error {
	r, err := m.held(k, attempt)
	if err == nil {
		r.LeaseUntil, r.Due = m.now.Add(d), m.now.Add(d)
	}
	return err
}

func (m *model) fail(k confirm.Key, attempt string, w confirm.Why, d time.Duration) error {
	r, err := m.held(k, attempt)
	if err == nil {
		r.unlease(m.now.Add(d))
		r.Attempts++
		r.say(w)
	}
	return err
}

func (m *model) yield(k confirm.Key, attempt string) error {
	r, err := m.held(k, attempt)
	if err == nil {
		r.unlease(m.now)
	}
	return err
}

func (m *model) prepare(k confirm.Key, attempt string, p confirm.Prepared) (confirm.Prepared, error) {
	r, err := m.find(k)
	if err != nil {
		return confirm.Prepared{}, err
	}
	gone := r.SHA == "" || !m.now.Before(r.frozen.Add(49*time.Hour))
	if *r.level() == confirm.Pending && gone {
		if r.holder != attempt {
			return confirm.Prepared{}, confirm.ErrStale
		}
		r.Known, r.SHA, r.Revision, r.body, r.frozen = true, p.SHA, p.Revision, p.Body, m.now
		r.calm()
		m.open(r, p.Work...)
	}
	used := confirm.Prepared{SHA: r.SHA, Revision: r.Revision}
	if *r.level() == confirm.Pending {
		used.Body = r.body
	}
	return used, nil
}

func (m *model) handed(k confirm.Key, sha string, receipt confirm.Receipt) error {
	r := m.ensure(k)
	if *r.level() != confirm.Pending && r.SHA != "" {
		if r.SHA != sha {
			return confirm.ErrConflict
		}
		return nil
	}
	if *r.level() == confirm.Pending {
		*r.level() = confirm.Handed
		r.calm()
	}
	r.Known, r.SHA, r.Receipt, r.Reference1, r.Reference2 = true, sha, receipt.Text, receipt.Reference1, receipt.Reference2
	if receipt.Reference1+receipt.Reference2 != "" {
		m.open(r, confirm.References)
	}
	return nil
}

func (m *model) acked(k confirm.Key) {
	r := m.ensure(k)
	if *r.level() == confirm.Acked {
		return
	}
	*r.level() = confirm.Acked
	r.AckedAt, r.Known, r.body = m.now, true, nil
	r.calm()
	if r.State == confirm.Acked {
		r.Due = m.now
	}
	m.retire(r)
}

func (m *model) finish(k confirm.Key, w confirm.Work, o confirm.Outcome) error {
	r, err := m.find(k)
	if err != nil {
		return err
	}
	was := r.Done()
	if o == confirm.Refuse && !slices.Contains(r.Closed, w) {
		r.Refused = with(r.Refused, w)
	}
	if o != confirm.Dropped {
		r.Closed = with(r.Closed, w)
	}
	r.Open = slices.DeleteFunc(r.Open, func(o confirm.Work) bool { return o == w })
	if r.Done() && !was {
		r.calm()
	}
	m.retire(r)
	return nil
}

func (m *model) park(k confirm.Key, w confirm.Why) error {
	r, err := m.find(k)
	switch {
	case err != nil:
		return err
	case r.Done():
		return confirm.ErrDone
	case r.State != confirm.Parked:
		r.unlease(time.Time{})
		r.Prev, r.State = r.State, confirm.Parked
		r.say(w)
	}
	return nil
}

func (m *model) release(k confirm.Key) error {
	r, err := m.find(k)
	if err == nil && r.State == confirm.Parked {
		r.State, r.Prev, r.First, r.Due, r.Attempts = r.Prev, "", m.now, m.now, 0
		r.Releases++
		m.retire(r)
	}
	return err
}

func (m *model) forget(k confirm.Key, attempt string) error {
	if m.rows[k] == nil {
		return nil
	}
	r, err := m.held(k, attempt)
	if err == nil && r.Known {
		err = confirm.ErrStale
	}
	if err == nil {
		delete(m.rows, k)
	}
	return err
}

func (m *model) discard(k confirm.Key) error {
	r := m.rows[k]
	switch {
	case r == nil:
	case r.Known:
		return confirm.ErrShown
	case m.now.Before(r.LeaseUntil):
		return confirm.ErrBusy
	default:
		delete(m.rows, k)
	}
	return nil
}

// list is what is open, due is what is due by now; both by id.
func (m *model) list(merchant string, keep func(*row) bool) []string {
	var ids []string
	for k, r := range m.rows {
		if k.Merchant == merchant && !r.Done() && keep(r) {
			ids = append(ids, k.Order)
		}
	}
	slices.Sort(ids)
	return ids
}

func (m *model) stats(merchant string) confirm.Stats {
	s := confirm.Stats{States: map[confirm.State]int64{}}
	for k, r := range m.rows {
		if k.Merchant != merchant || r.Done() {
			continue
		}
		s.States[r.State]++
		unknown := !r.Known && !r.Vouched && r.Reason == "unknown_order"
		switch age := m.now.Sub(r.First); {
		case *r.level() == confirm.Acked:
		case unknown:
			s.Unknown, s.OldestUnknown = s.Unknown+1, max(s.OldestUnknown, age)
		default:
			s.Oldest = max(s.Oldest, age)
		}
	}
	return s
}
