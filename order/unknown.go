package order

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// keep reads the value of the member whose name was read last and adds both to unknown, as they are.
func (d *decoder) keep(unknown *jsontext.Value, name span) error {
	v, err := d.skip()
	if err != nil {
		return err
	}
	sep := byte(',')
	if len(*unknown) == 0 {
		sep = '{'
	}
	b := append(*unknown, sep)
	b = append(b, d.text[name.from:name.to]...)
	b = append(b, ':')
	*unknown = append(b, d.text[v.from:v.to]...)
	return nil
}

// skip reads a value of any kind within the limits and returns where it stands.
func (d *decoder) skip() (span, error) {
	base := d.dec.StackDepth()
	var from int64 = -1
	for {
		n, err := d.step()
		if err != nil {
			return span{}, err
		}
		if from < 0 {
			from = d.dec.InputOffset() - n
		}
		depth := d.dec.StackDepth()
		if depth == base {
			return span{int32(from), int32(d.dec.InputOffset())}, nil
		}
		if err := d.crowded(depth); err != nil {
			return span{}, err
		}
	}
}

// step reads a scalar, a name, or one bracket, and returns its length.
func (d *decoder) step() (int64, error) {
	switch d.dec.PeekKind() {
	case '{', '[':
		return 1, d.open()
	case '}', ']':
		_, err := d.dec.ReadToken()
		return 1, err
	case '"':
		raw, err := d.value()
		if err != nil {
			return 0, err
		}
		if kind, n := d.dec.StackIndex(d.dec.StackDepth()); kind == '{' && n%2 == 1 {
			if err := d.checkName(raw); err != nil {
				return 0, err
			}
		}
		_, err = d.unquote(raw, true)
		return int64(len(raw)), err
	default:
		raw, err := d.value()
		return int64(len(raw)), err
	}
}

// crowded refuses an object or list at this depth that has more elements than allowed.
func (d *decoder) crowded(depth int) error {
	kind, n := d.dec.StackIndex(depth)
	if kind == '{' {
		n = (n + 1) / 2
	}
	if n <= int64(d.lim.Elements) {
		return nil
	}
	p := d.dec.StackPointer()
	return &Fault{Class: FaultCount, Pointer: place(p.Parent()), Problem: "found more than " +
		strconv.Itoa(d.lim.Elements) + " elements; right is " + strconv.Itoa(d.lim.Elements) + " or fewer"}
}
