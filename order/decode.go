package order

import (
	"math"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Limits bound what a decoder reads before it refuses. They hold while reading: nothing is built from what lies beyond.
// A zero member means that of DefaultLimits.
type Limits struct {
	Bytes    int // most bytes of a body
	Depth    int // deepest nesting of objects and arrays
	Lines    int // most elements of order_lines
	Elements int // most elements of any other list, and most members of any object
	Values   int // most JSON values in the whole body
}

// DefaultLimits are those of the contract.
func DefaultLimits() Limits {
	return Limits{Bytes: 5 << 20, Depth: 16, Lines: MaxLines, Elements: 1000, Values: 200_000}
}

// orDefault fills zero members.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	for _, m := range []struct{ have, std *int }{
		{&l.Bytes, &d.Bytes}, {&l.Depth, &d.Depth}, {&l.Lines, &d.Lines},
		{&l.Elements, &d.Elements}, {&l.Values, &d.Values},
	} {
		if *m.have == 0 {
			*m.have = *m.std
		}
	}
	l.Bytes = min(l.Bytes, math.MaxInt32) // places in the body are of 32 bits
	return l
}

// DecodeUpdate decodes the body of address_update, country_change and shipping_option_update. Every error is a *Fault.
// It checks types, lengths, ranges and signs, not sums. Names count as written (ORDER_AMOUNT is an unknown member).
// The order keeps a copy of the body alive and nothing of body itself.
func DecodeUpdate(body []byte, lim Limits) (*Order, error) {
	return decode(body, lim, decoder{})
}

// DecodeOrder decodes the body of validation: the whole checkout order. It asks for purchase_country and locale too;
// all else is as for DecodeUpdate.
func DecodeOrder(body []byte, lim Limits) (*Order, error) {
	return decode(body, lim, decoder{whole: true})
}

// DecodeDraft decodes an order that a shop has not priced yet: the sums of the order may be missing, they are computed
// anyway, and so may total_amount of a line, which then is quantity times unit_price less total_discount_amount and
// leaves with the line. All else is as for DecodeOrder.
func DecodeDraft(body []byte, lim Limits) (*Order, error) {
	return decode(body, lim, decoder{whole: true, draft: true})
}

func decode(body []byte, lim Limits, d decoder) (*Order, error) {
	lim = lim.orDefault()
	if len(body) > lim.Bytes {
		return nil, &Fault{Class: FaultSize, Problem: "found " + strconv.Itoa(len(body)) + " bytes; right is " +
			strconv.Itoa(lim.Bytes) + " or fewer"}
	}
	d.lim, d.text, d.order = lim, string(body), new(Order)
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, refusal(err, d.text)
	}
	return d.order, nil
}

// UnmarshalJSONFrom reads the order; it makes the decoder known to the JSON module, which lends its pooled reader.
func (d *decoder) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	d.dec = dec
	return d.readOrder(d.order)
}
