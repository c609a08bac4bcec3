package confirm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

const (
	oldKey = "old-key-old-key-old-key-old-key-"
	newKey = "new-key-new-key-new-key-new-key-"
)

func sealWith(t *testing.T, keys ...string) confirm.Seal {
	t.Helper()
	s, err := confirm.NewSeal(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// depot makes an empty store.
func depot(t *testing.T) *boltstore.Store {
	t.Helper()
	s := boltstore.Open(filepath.Join(t.TempDir(), "kvitto.db"), boltstore.Options{Now: func() time.Time { return time.UnixMilli(1_764_000_000_000) }})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func fine(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func moving(order string) confirm.Key { return confirm.Key{Merchant: "shop", Order: order} }

// frozenIn puts an order with a body that was sealed by keys.
func frozenIn(t *testing.T, s confirm.Store, order string, seal confirm.Seal) {
	t.Helper()
	_, _, err := s.Enqueue(t.Context(), moving(order), confirm.Nudge{})
	fine(t, err)
	_, _, err = s.Claim(t.Context(), moving(order), "x", time.Minute)
	fine(t, err)
	sealed := confirm.CloseSeal(seal, moving(order), []byte("body of "+order))
	_, err = s.Prepare(t.Context(), moving(order), "x", confirm.Prepared{SHA: "sha", Body: sealed, Revision: 1})
	fine(t, err)
}

// bodies dumps the frozen bodies of a store.
func bodiesIn(t *testing.T, s confirm.Mover) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	fine(t, s.Dump(t.Context(), "shop", func(s confirm.Snapshot) error { all[s.Order] = s.Body; return nil }))
	return all
}

func TestMove(t *testing.T) {
	t.Parallel()
	from, to := depot(t), depot(t)
	for i := range 20 {
		fine(t, from.Acked(t.Context(), moving(fmt.Sprintf("done%d", i))))
	}
	frozenIn(t, from, "open", confirm.Seal{})
	epoch, err := from.Epoch(t.Context(), "shop")
	fine(t, err)
	m := confirm.Move{From: from, To: to}
	for _, want := range []confirm.Moved{{Orders: 21}, {Orders: 21, Before: 21}} {
		got, err := m.Merchant(t.Context(), "shop")
		fine(t, err)
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if d := cmp.Diff(bodiesIn(t, to), bodiesIn(t, from)); d != "" {
		t.Errorf("got - / want +:\n%s", d)
	}
	got, err := to.Epoch(t.Context(), "shop")
	fine(t, err)
	if epoch.New = false; got != epoch {
		t.Errorf("got %+v, want %+v", got, epoch)
	}
}

// TestMoveSeals holds that a body arrives so that the new keys open it, is never left in clear where there are keys, and
// that a second run finds it.
func TestMoveSeals(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		was, from, to []string
		same          bool // the bytes stay
	}{
		"in clear, no keys":          {same: true},
		"in clear, a key":            {to: []string{newKey}},
		"the same key":               {was: []string{oldKey}, from: []string{oldKey}, to: []string{oldKey}, same: true},
		"the old key is known":       {was: []string{oldKey}, to: []string{newKey, oldKey}, same: true},
		"the old key is not known":   {was: []string{oldKey}, from: []string{oldKey}, to: []string{newKey}},
		"a key, then none":           {was: []string{oldKey}, from: []string{oldKey}},
		"an older key of the former": {was: []string{oldKey}, from: []string{newKey, oldKey}, to: []string{newKey}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := depot(t), depot(t)
			frozenIn(t, from, "a", sealWith(t, test.was...))
			m := confirm.Move{From: from, To: to, FromSeal: sealWith(t, test.from...), ToSeal: sealWith(t, test.to...)}
			for run := range 2 {
				got, err := m.Merchant(t.Context(), "shop")
				fine(t, err)
				if want := (confirm.Moved{Orders: 1, Before: run}); got != want {
					t.Errorf("run %d: got %+v, want %+v", run, got, want)
				}
			}
			body := bodiesIn(t, to)["a"]
			if plain, err := confirm.OpenSeal(m.ToSeal, moving("a"), body); err != nil || string(plain) != "body of a" {
				t.Errorf("the body is %q, %v", plain, err)
			}
			if clear := bytes.Contains(body, []byte("body of a")); clear != (len(test.to) == 0) {
				t.Errorf("in clear: %t", clear)
			}
			if same := bytes.Equal(body, bodiesIn(t, from)["a"]); same != test.same {
				t.Errorf("the same bytes: %t", same)
			}
		})
	}
}

func TestMoveOfABodyThatNobodyOpens(t *testing.T) {
	t.Parallel()
	from, to := depot(t), depot(t)
	frozenIn(t, from, "a", sealWith(t, oldKey))
	_, err := confirm.Move{From: from, To: to, ToSeal: sealWith(t, newKey)}.Merchant(t.Context(), "shop")
	if err == nil || !strings.Contains(err.Error(), "order a: the frozen body was sealed with a key that is not here") {
		t.Errorf("error %v", err)
	}
	if len(bodiesIn(t, to)) != 0 {
		t.Error("it was written")
	}
}

func TestMoveOverwritesNothing(t *testing.T) {
	t.Parallel()
	from, to := depot(t), depot(t)
	fine(t, from.Acked(t.Context(), moving("a")))
	fine(t, to.Handed(t.Context(), moving("a"), "sha", confirm.Receipt{}))
	fine(t, to.Handed(t.Context(), moving("theirs"), "sha", confirm.Receipt{}))
	_, err := confirm.Move{From: from, To: to}.Merchant(t.Context(), "shop")
	if !errors.Is(err, confirm.ErrExists) || !strings.HasPrefix(err.Error(), "order a: ") {
		t.Errorf("error %v", err)
	}
	if r, err := to.Get(t.Context(), moving("a")); err != nil || r.State != confirm.Handed {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestMoveKeepsTheOlderEpoch(t *testing.T) {
	t.Parallel()
	from, to := depot(t), depot(t)
	for name, began := range map[string]time.Time{"older": time.UnixMilli(1_700_000_000_000), "newer": time.UnixMilli(1_800_000_000_000)} {
		fine(t, to.Adopt(t.Context(), name, confirm.Epoch{ID: "theirs", Began: began}))
		ours, err := from.Epoch(t.Context(), name)
		fine(t, err)
		_, err = confirm.Move{From: from, To: to}.Merchant(t.Context(), name)
		fine(t, err)
		got, err := to.Epoch(t.Context(), name)
		fine(t, err)
		if want := map[string]string{"older": "theirs", "newer": ours.ID}[name]; got.ID != want {
			t.Errorf("%s: got %+v, want %s", name, got, want)
		}
	}
}

// lossy is a store that answers OK and drops, or changes, what is loaded.
type lossy struct {
	*boltstore.Store
	change bool
}

func (l *lossy) Load(ctx context.Context, s confirm.Snapshot) error {
	if !l.change {
		return nil
	}
	s.Receipt = "another"
	return l.Store.Load(ctx, s)
}

func TestMoveProves(t *testing.T) {
	t.Parallel()
	for text, change := range map[string]bool{"order a: it did not arrive": false, "order a: it arrived changed": true} {
		from := depot(t)
		fine(t, from.Handed(t.Context(), moving("a"), "sha", confirm.Receipt{Text: "r-1"}))
		_, err := confirm.Move{From: from, To: &lossy{depot(t), change}}.Merchant(t.Context(), "shop")
		if err == nil || err.Error() != text {
			t.Errorf("got %v, want %s", err, text)
		}
	}
}
