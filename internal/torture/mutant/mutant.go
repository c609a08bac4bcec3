// Package mutant makes stores with a known fault, for services that the torture run must catch.
//
// Its one rule: each fault is one that a peer in production has, and nothing else is wrong.
package mutant

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// Mutant is a known fault.
type Mutant struct {
	Name, What string
	Wrap       func(confirm.Store) confirm.Store
}

// All lists the mutants.
func All() []Mutant {
	return []Mutant{
		{"early", "HANDED written before the sink call", func(s confirm.Store) confirm.Store { return &early{s} }},
		{"leaseless", "lease check removed", func(s confirm.Store) confirm.Store { return &leaseless{s} }},
		{"unprepared", "no prepare", func(s confirm.Store) confirm.Store { return &unprepared{s} }},
		{"naive", "seen it, answer 200; no recovery", func(s confirm.Store) confirm.Store { return &naive{s} }},
	}
}

// Find returns the mutants with the names, separated by commas; "all" is all and "" none.
func Find(names string) ([]Mutant, error) {
	if names == "all" {
		return All(), nil
	}
	var found []Mutant
	for name := range strings.SplitSeq(names, ",") {
		if m, ok := find(name); ok {
			found = append(found, m)
		} else if names != "" {
			return nil, fmt.Errorf("mutant %q: there are %s", name, strings.Join(Names(), ", "))
		}
	}
	return found, nil
}

// Names are those of all.
func Names() []string {
	var names []string
	for _, m := range All() {
		names = append(names, m.Name)
	}
	return names
}

func find(name string) (Mutant, bool) {
	for _, m := range All() {
		if m.Name == name {
			return m, true
		}
	}
	return Mutant{}, false
}

// early writes that the sink has an order before the sink is asked.
type early struct{ confirm.Store }

func (s *early) Prepare(ctx context.Context, k confirm.Key, attempt string, p confirm.Prepared) (confirm.Prepared, error) {
	won, err := s.Store.Prepare(ctx, k, attempt, p)
	if err != nil || len(won.Body) == 0 {
		return won, err
	}
	return won, s.Handed(ctx, k, won.SHA, confirm.Receipt{})
}

// leaseless lets everybody work on an order at once.
type leaseless struct{ confirm.Store }

func (s *leaseless) Claim(ctx context.Context, k confirm.Key, attempt string, lease time.Duration) (confirm.Record, time.Duration, error) {
	rec, age, err := s.Store.Claim(ctx, k, attempt, lease)
	if !errors.Is(err, confirm.ErrBusy) {
		return rec, age, err
	}
	rec, err = s.Get(ctx, k)
	return rec, 0, err
}

func (s *leaseless) Renew(ctx context.Context, k confirm.Key, attempt string, lease time.Duration) error {
	return whoever(s.Store.Renew(ctx, k, attempt, lease))
}

func (s *leaseless) Prepare(ctx context.Context, k confirm.Key, attempt string, p confirm.Prepared) (confirm.Prepared, error) {
	won, err := s.Store.Prepare(ctx, k, attempt, p)
	switch {
	case errors.Is(err, confirm.ErrStale):
		return p, nil
	case err == nil && len(won.Body) == 0: // handed over meanwhile: whoever has begun goes on
		return p, nil
	}
	return won, err
}

// whoever takes it that a lease is everybody's.
func whoever(err error) error {
	if errors.Is(err, confirm.ErrStale) {
		return nil
	}
	return err
}

// unprepared makes a body anew for each attempt.
type unprepared struct{ confirm.Store }

func (s *unprepared) Prepare(ctx context.Context, k confirm.Key, _ string, p confirm.Prepared) (confirm.Prepared, error) {
	rec, err := s.Get(ctx, k)
	if err == nil && rec.State != confirm.Pending {
		return confirm.Prepared{SHA: rec.SHA}, nil
	}
	return p, err
}

// naive remembers that it has seen an order, as SET NX does, and leaves it at that.
type naive struct{ confirm.Store }

func (s *naive) Enqueue(ctx context.Context, k confirm.Key, n confirm.Nudge) (confirm.Record, bool, error) {
	if rec, err := s.Get(ctx, k); err == nil {
		rec.State, rec.Open = confirm.Acked, nil
		return rec, false, nil
	}
	return s.Store.Enqueue(ctx, k, n)
}

func (s *naive) Due(context.Context, string, int) (confirm.Due, error) { return confirm.Due{}, nil }
