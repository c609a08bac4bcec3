package order_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
)

type decodeFunc func([]byte, order.Limits) (*order.Order, error)

// FuzzDecodeUpdate wants that what is accepted encodes to an order that decodes to the same, that the library reads the
// same from it, and that every refusal has a place and a reason.
func FuzzDecodeUpdate(f *testing.F) { fuzzDecode(f, order.DecodeUpdate) }

// FuzzDecodeOrder wants the same of the whole order.
func FuzzDecodeOrder(f *testing.F) { fuzzDecode(f, order.DecodeOrder) }

func fuzzDecode(f *testing.F, decode decodeFunc) {
	for _, b := range bodies(f) {
		f.Add(b)
	}
	for _, rows := range [][]row{shapeRows(), valueRows(), contentRows(), lengthRows()} {
		for _, r := range rows {
			if len(r.body) < 4<<10 {
				f.Add([]byte(r.body))
			}
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		sent := bytes.Clone(body)
		first, err := decode(body, order.DefaultLimits())
		if !bytes.Equal(sent, body) {
			t.Fatal("the decoder wrote into the body")
		}
		if err != nil {
			var fault *order.Fault
			if first != nil || !errors.As(err, &fault) || fault.Class == "" || fault.Problem == "" {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		agrees(t, body, first)
		encoded, err := json.Marshal(first, jsontext.PreserveRawStrings(true)) // unknown members as they came
		if err != nil {
			t.Fatal(err)
		}
		second, err := decode(encoded, order.DefaultLimits())
		if err != nil {
			t.Fatalf("%v in\n%s", err, encoded)
		}
		if d := cmp.Diff(first, second, sameOrder()); d != "" {
			t.Fatal(d)
		}
	})
}

// agrees wants that the library reads the same order by the tags of the types. A known member that is null is the one
// intended difference.
func agrees(t *testing.T, body []byte, ours *order.Order) {
	t.Helper()
	if bytes.Contains(body, []byte("null")) {
		return
	}
	var theirs order.Order
	if err := json.Unmarshal(body, &theirs); err != nil {
		t.Fatalf("the library refuses it: %v", err)
	}
	if a, b := compact(t, &theirs), compact(t, ours); a != b {
		t.Fatal(cmp.Diff(a, b))
	}
}
