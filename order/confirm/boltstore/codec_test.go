package boltstore_test

import (
	"bytes"
	"encoding/hex"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

func sample() confirm.Record {
	return confirm.Record{State: confirm.Parked, Prev: confirm.Handed, Reason: "horizon", Token: 3, Attempts: 2,
		First: time.UnixMilli(1_764_000_000_123).UTC(), Due: time.UnixMilli(1_764_000_000_456).UTC(), Known: true,
		SHA: "ab", Revision: 1, Receipt: "r-1", Reference1: "1001", Reference2: "web", Fault: "status 403", Releases: 2, Vouched: true,
		Seen: time.UnixMilli(1_763_000_000_789).UTC(), Refused: []confirm.Work{confirm.Fraud},
		Open: []confirm.Work{confirm.References, confirm.Stop}, Closed: []confirm.Work{confirm.Fraud}}
}

// TestStoredForm holds the form that files of this layout have: a change needs another layout number.
func TestStoredForm(t *testing.T) {
	t.Parallel()
	got := hex.EncodeToString(boltstore.Encoded(sample()))
	if got != storedForm {
		t.Errorf("got\n%s, want\n%s", got, storedForm)
	}
}

// TestFirstForm holds that records of the first layout are read: what that did not have is zero, and it first came when its age
// begins.
func TestFirstForm(t *testing.T) {
	t.Parallel()
	raw, err := hex.DecodeString(firstForm)
	if err != nil {
		t.Fatal(err)
	}
	got, err := boltstore.Decoded(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := sample()
	want.Fault, want.Releases, want.Vouched, want.Refused, want.Seen = "", 0, false, nil, want.First
	if d := cmp.Diff(got, want, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("got - / want +:\n%s", d)
	}
}

func TestRecordsSurviveStoring(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		state := rapid.SampledFrom([]confirm.State{"", confirm.Pending, confirm.Handed, confirm.Acked, confirm.Parked})
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			if ms := rapid.Int64Range(0, 1<<45).Draw(t, "ms"); ms != 0 {
				return time.UnixMilli(ms).UTC()
			}
			return time.Time{}
		})
		set := rapid.Custom(func(t *rapid.T) (set []confirm.Work) {
			for _, w := range confirm.AllWork() {
				if rapid.Bool().Draw(t, string(w)) {
					set = append(set, w)
				}
			}
			return set
		})
		want := confirm.Record{State: state.Draw(t, "state"), Prev: state.Draw(t, "prev"), Reason: rapid.String().Draw(t, "reason"),
			Token: rapid.Int64().Draw(t, "token"), Attempts: rapid.Int64().Draw(t, "attempts"), First: moment.Draw(t, "first"),
			Due: moment.Draw(t, "due"), LeaseUntil: moment.Draw(t, "lease"), AckedAt: moment.Draw(t, "acked"),
			Known: rapid.Bool().Draw(t, "known"), SHA: rapid.String().Draw(t, "sha"), Revision: rapid.IntRange(0, 9).Draw(t, "revision"),
			Receipt: rapid.String().Draw(t, "receipt"), Reference1: rapid.String().Draw(t, "1"), Reference2: rapid.String().Draw(t, "2"),
			Open: set.Draw(t, "open"), Closed: set.Draw(t, "closed"), Refused: set.Draw(t, "refused"), Fault: rapid.String().Draw(t, "fault"),
			Releases: rapid.Int64().Draw(t, "releases"), Seen: moment.Draw(t, "seen"), Vouched: rapid.Bool().Draw(t, "vouched")}
		raw := boltstore.Encoded(want)
		got, err := boltstore.Decoded(raw)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(got, want, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("got - / want +:\n%s", d)
		}
		if _, err := boltstore.Decoded(raw[:rapid.IntRange(0, len(raw)-1).Draw(t, "cut")]); err == nil {
			t.Fatal("a record that is cut short decodes")
		}
		if _, err := boltstore.Decoded(append(raw, 0)); err == nil {
			t.Fatal("a record that goes on decodes")
		}
	})
}

// FuzzDecode holds that what decodes encodes to a record that decodes to the same.
func FuzzDecode(f *testing.F) {
	f.Add(boltstore.Encoded(sample()))
	f.Add(boltstore.Encoded(confirm.Record{State: confirm.Acked}))
	f.Add([]byte{1, 1, 0, 0, 0, 0})
	if raw, err := hex.DecodeString(firstForm); err == nil {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		first, err := boltstore.Recode(raw)
		if err != nil {
			return
		}
		second, err := boltstore.Recode(first)
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%x becomes %x, then %x, %v", raw, first, second, err)
		}
		if len(first) > len(raw) && raw[0] == first[0] {
			t.Fatalf("%x becomes longer: %x", raw, first)
		}
	})
}

// firstForm is sample as the first layout stored it.
const firstForm = "010402090401060402f6a1bfe9d66690a7bfe9d66600000007686f72697a6f6e02616203722d3104313030310377656207617474656d7074"

// storedForm is sample as it is stored.
const storedForm = "02040209040304060402f6a1bfe9d66690a7bfe9d66600000004aa84e9afcf6607686f72697a6f6e02616203722d3104313030310377656207617474656d70740a73746174757320343033"
