package order

import "errors"

// Limits bound what a decoder reads before it refuses.
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

// FaultClass sorts faults for metrics and logs; it never holds text from the body.
type FaultClass string

// Fault is why a body was refused: Pointer is an RFC 6901 JSON pointer to the place, Problem what was
// found and what is right. Neither ever holds a string value from the body.
type Fault struct {
	Class   FaultClass
	Pointer string
	Problem string
}

// Error returns "pointer: problem".
func (f *Fault) Error() string { return f.Pointer + ": " + f.Problem }

// DecodeUpdate decodes the body of address_update, country_change and shipping_option_update.
func DecodeUpdate(body []byte, lim Limits) (*Order, error) { return nil, errors.New("not yet") }

// DecodeOrder decodes the body of validation: the whole checkout order.
func DecodeOrder(body []byte, lim Limits) (*Order, error) { return nil, errors.New("not yet") }

// AppendJSON appends the answer to dst.
func (a *Answer) AppendJSON(dst []byte) ([]byte, error) { return nil, errors.New("not yet") }
