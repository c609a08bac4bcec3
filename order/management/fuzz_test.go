package management_test

import (
	"reflect"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/order/management"
)

// FuzzDecodeLines: lines that are taken are sent as they were meant: what is written of them reads the same.
func FuzzDecodeLines(f *testing.F) {
	f.Add([]byte(`[{"type":"physical","reference":"A","name":"Lamp","quantity":2,"unit_price":24900,"tax_rate":2500,"total_amount":49800,"total_tax_amount":9960}]`))
	f.Add([]byte(`[{"name":"x","product_identifiers":{"brand":"y"},"subscription":{"interval":"DAY","interval_count":1}}]`))
	f.Add([]byte(`[{"name":"x","nmae":"y"}]`))
	f.Add([]byte(`[{"total_tax_amount":null,"tax_rate":0}]`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		lines, err := management.DecodeLines(body)
		if err != nil {
			if len(err.Error()) > 200 {
				t.Errorf("a long error: %v", err)
			}
			return
		}
		written, err := json.Marshal(lines)
		if err != nil {
			t.Fatal(err)
		}
		again, err := management.DecodeLines(written)
		if err != nil || len(lines) > 0 && !reflect.DeepEqual(lines, again) {
			t.Errorf("%s: %v\n%+v\n%+v", written, err, lines, again)
		}
	})
}
