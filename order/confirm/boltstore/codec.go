package boltstore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// layout is the first byte of a stored record. Of records of layoutFirst, which had less, the rest is taken to be zero.
const (
	layoutFirst = 1
	layout      = 2
)

// The flags of a stored record.
const (
	flagKnown   = 1
	flagVouched = 2
)

// Faults of stored records.
var (
	errShort  = errors.New("the record is cut short")
	errLonger = errors.New("the record goes on after its end")
)

// moment is a time from milliseconds since 1970; 0 is no time.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// stateCode and workCode give what is stored for a word; codes are permanent. 0 is none.
func stateCode(s confirm.State) byte {
	switch s {
	case confirm.Pending:
		return 1
	case confirm.Handed:
		return 2
	case confirm.Acked:
		return 3
	case confirm.Parked:
		return 4
	default:
		return 0
	}
}

func stateOf(code byte) (confirm.State, error) {
	if code == 0 {
		return "", nil
	}
	for _, s := range []confirm.State{confirm.Pending, confirm.Handed, confirm.Acked, confirm.Parked} {
		if stateCode(s) == code {
			return s, nil
		}
	}
	return "", fmt.Errorf("unknown state %d", code)
}

func workCode(w confirm.Work) byte {
	switch w {
	case confirm.References:
		return 1
	case confirm.Capture:
		return 2
	case confirm.Fraud:
		return 4
	case confirm.Stop:
		return 8
	default:
		return 0
	}
}

func setCode(set []confirm.Work) (code byte) {
	for _, w := range set {
		code |= workCode(w)
	}
	return code
}

func setOf(code byte) ([]confirm.Work, error) {
	var set []confirm.Work
	if code == 0 {
		return nil, nil
	}
	for _, w := range confirm.AllWork() {
		if code&workCode(w) != 0 {
			set = append(set, w)
			code &^= workCode(w)
		}
	}
	if code != 0 {
		return nil, fmt.Errorf("unknown work %08b", code)
	}
	return set, nil
}

// encode stores all of a record but its key.
func encode(e *entry) []byte {
	flags := byte(0)
	if e.Known {
		flags |= flagKnown
	}
	if e.Vouched {
		flags |= flagVouched
	}
	size := 96 + len(e.Reason) + len(e.Fault) + len(e.SHA) + len(e.Receipt) + len(e.Reference1) + len(e.Reference2) + len(e.owner)
	b := append(make([]byte, 0, size), layout, stateCode(e.State), stateCode(e.Prev), setCode(e.Open), setCode(e.Closed), flags,
		setCode(e.Refused))
	for _, n := range [...]int64{e.Token, e.Attempts, int64(e.Revision), millis(e.First), millis(e.Due), millis(e.LeaseUntil),
		millis(e.AckedAt), millis(e.lapses), e.Releases, millis(e.Seen)} {
		b = binary.AppendVarint(b, n)
	}
	for _, s := range [...]string{e.Reason, e.SHA, e.Receipt, e.Reference1, e.Reference2, e.owner, e.Fault} {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return b
}

// decode fills e, but for its key. Nothing of raw is kept.
func decode(raw []byte, e *entry) (err error) {
	if len(raw) < 6 {
		return errShort
	}
	first := raw[0] == layoutFirst
	if err := checkHead(raw, first); err != nil {
		return err
	}
	if e.State, err = stateOf(raw[1]); err != nil {
		return err
	}
	if e.Prev, err = stateOf(raw[2]); err != nil {
		return err
	}
	if e.Open, err = setOf(raw[3]); err != nil {
		return err
	}
	if e.Closed, err = setOf(raw[4]); err != nil {
		return err
	}
	e.Known, e.Vouched = raw[5]&flagKnown != 0, raw[5]&flagVouched != 0
	r := reader{rest: raw[6:]}
	if !first {
		if e.Refused, err = setOf(r.octet()); err != nil {
			return err
		}
	}
	e.Token, e.Attempts, e.Revision = r.number(), r.number(), int(r.number())
	e.First, e.Due, e.LeaseUntil = moment(r.number()), moment(r.number()), moment(r.number())
	e.AckedAt, e.lapses, e.Seen = moment(r.number()), moment(r.number()), e.First
	if !first {
		e.Releases, e.Seen = r.number(), moment(r.number())
	}
	e.Reason, e.SHA, e.Receipt = r.text(), r.text(), r.text()
	e.Reference1, e.Reference2, e.owner = r.text(), r.text(), r.text()
	if !first {
		e.Fault = r.text()
	}
	if r.err == nil && len(r.rest) > 0 {
		return errLonger
	}
	return r.err
}

// checkHead refuses a record whose layout or flags are not known.
func checkHead(raw []byte, first bool) error {
	switch {
	case raw[0] != layout && !first:
		return fmt.Errorf("unknown layout %d", raw[0])
	case raw[5] > flagKnown|flagVouched, first && raw[5] > flagKnown:
		return fmt.Errorf("unknown flags %08b", raw[5])
	default:
		return nil
	}
}

// reader takes a record apart; after a fault it gives zeros.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) octet() byte {
	if len(r.rest) == 0 {
		r.err = errShort
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *reader) number() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.rest, r.err = nil, errShort
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) text() string {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > uint64(len(r.rest)-size) {
		r.rest, r.err = nil, errShort
		return ""
	}
	s := string(r.rest[size : size+int(n)])
	r.rest = r.rest[size+int(n):]
	return s
}
