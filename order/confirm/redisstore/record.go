package redisstore

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// told is a record as a script tells of it: the time, then fields and their values.
type told struct {
	now    time.Time
	record confirm.Record
	lapses time.Time
	made   string // the word of the call that made it
}

// decode reads what reply of record.lua made. A field that nobody knows is left alone: a newer version may have put it.
func decode(k confirm.Key, words []string) (told, error) {
	if len(words)%2 != 1 {
		return told{}, fmt.Errorf("record of order %q: %d members, want an odd number", k.Order, len(words))
	}
	t := told{record: confirm.Record{Key: k}}
	var err error
	if t.now, err = stamp(words[0]); err != nil {
		return told{}, fmt.Errorf("record of order %q: now: %w", k.Order, err)
	}
	for i := 1; i < len(words); i += 2 {
		if err := t.set(words[i], words[i+1]); err != nil {
			return told{}, fmt.Errorf("record of order %q: %s: %w", k.Order, words[i], err)
		}
	}
	return t, nil
}

func (t *told) set(field, value string) (err error) {
	r := &t.record
	switch field {
	case "st":
		r.State = confirm.State(value)
	case "prev":
		r.Prev = confirm.State(value)
	case "err":
		r.Reason = value
	case "known":
		r.Known = value == "1"
	case "psha":
		r.SHA = value
	case "fault":
		r.Fault = value
	case "vouch":
		r.Vouched = value == "1"
	case "made":
		t.made = value
	case "rcpt":
		r.Receipt = value
	case "ref1":
		r.Reference1 = value
	case "ref2":
		r.Reference2 = value
	case "open":
		r.Open = workList(value)
	case "closed":
		r.Closed = workList(value)
	case "refused":
		r.Refused = workList(value)
	default:
		err = t.setNumber(field, value)
	}
	return err
}

func (t *told) setNumber(field, value string) (err error) {
	r := &t.record
	switch field {
	case "tok":
		r.Token, err = strconv.ParseInt(value, 10, 64)
	case "att":
		r.Attempts, err = strconv.ParseInt(value, 10, 64)
	case "rel":
		r.Releases, err = strconv.ParseInt(value, 10, 64)
	case "rev":
		r.Revision, err = strconv.Atoi(value)
	default:
		err = t.setTime(field, value)
	}
	return err
}

func (t *told) setTime(field, value string) (err error) {
	switch field {
	case "lease":
		t.record.LeaseUntil, err = stamp(value)
	case "first":
		t.record.First, err = stamp(value)
	case "seen":
		t.record.Seen, err = stamp(value)
	case "due":
		t.record.Due, err = stamp(value)
	case "ackat":
		t.record.AckedAt, err = stamp(value)
	case "lapses":
		t.lapses, err = stamp(value)
	}
	return err
}

// fields are what decode reads, for load.lua: all but the lease and the due time.
func fields(r *confirm.Record) []any {
	return []any{
		"st", string(r.State), "prev", string(r.Prev), "err", r.Reason, "fault", r.Fault, "known", mark(r.Known),
		"vouch", mark(r.Vouched), "psha", r.SHA, "rcpt", r.Receipt, "ref1", r.Reference1, "ref2", r.Reference2,
		"open", join(r.Open), "closed", join(r.Closed), "refused", join(r.Refused),
		"tok", strconv.FormatInt(r.Token, 10), "att", strconv.FormatInt(r.Attempts, 10), "rel", number(int(r.Releases)),
		"rev", number(r.Revision), "first", unix(r.First), "seen", unix(r.Seen), "ackat", unix(r.AckedAt),
	}
}

// mark is how a record holds a yes; a no is not held.
func mark(b bool) string {
	if b {
		return "1"
	}
	return ""
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func workList(s string) []confirm.Work {
	var out []confirm.Work
	for w := range strings.FieldsSeq(s) {
		out = append(out, confirm.Work(w))
	}
	return out
}

func join(ws []confirm.Work) string {
	var out []string
	for _, w := range confirm.AllWork() {
		for _, has := range ws {
			if has == w {
				out = append(out, string(w))
			}
		}
	}
	return strings.Join(out, " ")
}

// stamp reads a time in milliseconds.
func stamp(s string) (time.Time, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("not a time in milliseconds: %w", err)
	}
	return time.UnixMilli(n).UTC(), nil
}

func unix(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10)
}
