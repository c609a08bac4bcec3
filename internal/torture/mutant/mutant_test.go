package mutant_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/torture/mutant"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

const lease = 30 * time.Second

func key() confirm.Key { return confirm.Key{Merchant: "m", Order: "o"} }

func body(text string) confirm.Prepared {
	return confirm.Prepared{SHA: "sha of " + text, Body: []byte(text), Revision: 1}
}

// wrapped is a store in a file with a mutant around it, and an order that attempt one works on.
func wrapped(t *testing.T, name string) confirm.Store {
	t.Helper()
	list, err := mutant.Find(name)
	if err != nil || len(list) != 1 {
		t.Fatalf("mutant %s: %v %v", name, list, err)
	}
	s := boltstore.Open(filepath.Join(t.TempDir(), "store.db"), boltstore.Options{Now: time.Now})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := list[0].Wrap(s)
	for _, _, err := w.Enqueue(t.Context(), key(), confirm.Nudge{}); errors.Is(err, confirm.ErrDown); _, _, err = w.Enqueue(t.Context(), key(), confirm.Nudge{}) {
		if t.Context().Err() != nil { // it opens its file in the background
			t.Fatal(err)
		}
	}
	if _, _, err := w.Claim(t.Context(), key(), "one", lease); err != nil {
		t.Fatal(err)
	}
	return w
}

func state(t *testing.T, s confirm.Store) confirm.State {
	t.Helper()
	rec, err := s.Get(t.Context(), key())
	if err != nil {
		t.Fatal(err)
	}
	return rec.State
}

func TestEarlySaysHandedBeforeTheSinkIsAsked(t *testing.T) {
	t.Parallel()
	s := wrapped(t, "early")
	p, err := s.Prepare(t.Context(), key(), "one", body("a"))
	if err != nil || string(p.Body) != "a" || state(t, s) != confirm.Handed {
		t.Errorf("%+v %v, state %s; want the body, and HANDED", p, err, state(t, s))
	}
	if again, err := s.Prepare(t.Context(), key(), "one", body("b")); err != nil || len(again.Body) != 0 {
		t.Errorf("afterwards %+v %v; want no body", again, err)
	}
	if err := s.Handed(t.Context(), key(), p.SHA, confirm.Receipt{}); err != nil {
		t.Errorf("the sink's own word: %v", err)
	}
}

func TestLeaselessLetsEverybodyWork(t *testing.T) {
	t.Parallel()
	s := wrapped(t, "leaseless")
	rec, _, err := s.Claim(t.Context(), key(), "two", lease)
	if err != nil || rec.State != confirm.Pending {
		t.Fatalf("a second claim: %+v %v", rec, err)
	}
	if err := s.Renew(t.Context(), key(), "two", lease); err != nil {
		t.Errorf("renewed by the second: %v", err)
	}
	if p, err := s.Prepare(t.Context(), key(), "two", body("b")); err != nil || string(p.Body) != "b" {
		t.Errorf("prepared by the second: %+v %v", p, err)
	}
	p, err := s.Prepare(t.Context(), key(), "one", body("a"))
	if err != nil || string(p.Body) != "a" {
		t.Fatalf("prepared by the first: %+v %v", p, err)
	}
	if err := s.Handed(t.Context(), key(), p.SHA, confirm.Receipt{}); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Prepare(t.Context(), key(), "two", body("c")); err != nil || string(p.Body) != "c" {
		t.Errorf("prepared by the second after HANDED: %+v %v; it goes on", p, err)
	}
}

func TestUnpreparedMakesEachBodyAnew(t *testing.T) {
	t.Parallel()
	s := wrapped(t, "unprepared")
	for _, text := range []string{"a", "b"} {
		if p, err := s.Prepare(t.Context(), key(), "one", body(text)); err != nil || string(p.Body) != text {
			t.Errorf("prepared %s: %+v %v", text, p, err)
		}
	}
	if _, _, err := s.Claim(t.Context(), key(), "two", lease); !errors.Is(err, confirm.ErrBusy) {
		t.Errorf("its lease holds: %v", err)
	}
	if err := s.Handed(t.Context(), key(), "sha of b", confirm.Receipt{}); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Prepare(t.Context(), key(), "one", body("c")); err != nil || len(p.Body) != 0 || p.SHA != "sha of b" {
		t.Errorf("after HANDED: %+v %v", p, err)
	}
	gone := confirm.Key{Merchant: "m", Order: "gone"}
	if _, err := s.Prepare(t.Context(), gone, "one", body("a")); !errors.Is(err, confirm.ErrNotFound) {
		t.Errorf("without a record: %v", err)
	}
}

func TestNaiveForgetsWhatItHasSeen(t *testing.T) {
	t.Parallel()
	s := wrapped(t, "naive")
	if err := s.Yield(t.Context(), key(), "one"); err != nil {
		t.Fatal(err)
	}
	rec, _, err := s.Enqueue(t.Context(), key(), confirm.Nudge{})
	if err != nil || !rec.Done() {
		t.Errorf("a second push: %+v %v; want it done", rec, err)
	}
	due, err := s.Due(t.Context(), "m", 10)
	if err != nil || len(due.Trusted)+len(due.Others) != 0 || state(t, s) != confirm.Pending {
		t.Errorf("due %v %v, really %s", due, err, state(t, s))
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	names := func(list []mutant.Mutant) string {
		var all []string
		for _, m := range list {
			if m.What == "" || m.Wrap == nil {
				t.Errorf("%s has no fault", m.Name)
			}
			all = append(all, m.Name)
		}
		return strings.Join(all, ",")
	}
	got := []string{}
	for _, ask := range []string{"all", "", "naive,early"} {
		list, err := mutant.Find(ask)
		if err != nil {
			t.Error(err)
		}
		got = append(got, names(list))
	}
	if diff := cmp.Diff([]string{"early,leaseless,unprepared,naive", "", "naive,early"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := mutant.Find("naive,late"); err == nil || !strings.Contains(err.Error(), `mutant "late": there are early, leaseless`) {
		t.Errorf("an unknown name: %v", err)
	}
}
