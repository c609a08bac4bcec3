package publication

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

// merging makes what a process knows of a rulebook and what the replicas share the same. Where both have another publication
// under one number, the side that knows the higher number is right, and of two equal ones that which is shared.
type merging struct {
	l           *Library
	own, theirs History
	now         time.Time
	faults      []error
}

// run returns what is known afterwards. With an error something is still missing on one side.
func (m *merging) run(ctx context.Context) (History, error) {
	ours := m.own.Newest().Number > m.theirs.Newest().Number
	all := map[int64]Entry{}
	for _, e := range m.own {
		all[e.Number] = e
	}
	union := maps.Clone(all)
	for _, e := range m.theirs {
		if o, ok := union[e.Number]; !ok || o.ID != e.ID && !ours {
			union[e.Number] = e
		}
	}
	surplus := sorted(slices.Collect(maps.Values(union))).Surplus(m.now)
	least := int64(0)
	if len(surplus) > 0 {
		least = surplus[len(surplus)-1].Number
	}
	m.take(ctx, all, ours, least)
	m.give(ctx, ours, least)
	var dropped []Entry
	for n, e := range all {
		if n <= least {
			dropped = append(dropped, e)
			delete(all, n)
		}
	}
	m.l.drop(dropped)
	return sorted(slices.Collect(maps.Values(all))), errors.Join(m.faults...)
}

// take fetches what the others know, the newest first.
func (m *merging) take(ctx context.Context, all map[int64]Entry, ours bool, least int64) {
	serving, _ := m.theirs.InForce(m.now)
	for _, e := range slices.Backward(m.theirs) {
		o, ok := all[e.Number]
		if e.Number <= least || ok && (o.ID == e.ID || ours) {
			continue
		}
		var archive []byte
		if !e.Folder {
			var err error
			if archive, err = m.l.fetch(ctx, &e); err != nil {
				m.fail(NotFound, e, err)
				continue
			}
		}
		if ok {
			m.l.o.Tell(Event{Kind: Outdone, Entry: o})
		}
		m.l.keep(&e, archive, e.Number >= serving.Number)
		all[e.Number] = e
	}
}

// give brings back what the others have lost, the newest first: what is in force counts at once.
func (m *merging) give(ctx context.Context, ours bool, least int64) {
	for _, o := range slices.Backward(m.own) {
		e, ok := m.theirs.Find(o.Number)
		if o.Number <= least || ok && (e.ID == o.ID || !ours) {
			continue
		}
		var archive []byte
		if !o.Folder {
			var err error
			if archive, err = m.l.Archive(ctx, &o); err != nil {
				m.fail(NotFound, o, err)
				continue
			}
		}
		err := m.l.o.Remote.Fill(ctx, &o, archive, e.ID)
		if errors.Is(err, ErrConflict) {
			continue // another replica was faster: the next Sync sees it
		}
		if err != nil {
			m.faults = append(m.faults, err)
			return
		}
		if ok {
			m.l.o.Tell(Event{Kind: Outdone, Entry: e})
		}
		m.l.o.Tell(Event{Kind: Refilled, Entry: o})
	}
}

func (m *merging) fail(kind string, e Entry, err error) {
	m.faults = append(m.faults, err)
	m.l.once(Event{Kind: kind, Entry: e, Err: err})
}
