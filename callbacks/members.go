package callbacks

import (
	"errors"
	"reflect"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// members are the member names of the contract, those that order knows. A pointer into a body goes to the log only
// as far as it is made of them and of numbers: any other name is text of the sender.
type members map[string]bool

func contractMembers() members {
	m := members{}
	m.add(reflect.TypeFor[order.Order]())
	return m
}

func (m members) add(t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" {
			m[name] = true
			m.add(f.Type)
		}
	}
}

// clean returns a pointer with every segment that is not of the contract replaced by a star.
func (m members) clean(pointer string) string {
	segments := strings.Split(pointer, "/")
	for i, s := range segments {
		if s != "" && !m[s] && !isIndex(s) {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}

func isIndex(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) <= 5
}

// decodeRefusal turns what a decoder says into a refusal.
func (s *Server) decodeRefusal(err error) error {
	var f *order.Fault
	if !errors.As(err, &f) {
		return refuse(classJSON)
	}
	return &refusal{class: class(f.Class), pointer: s.members.clean(f.Pointer), found: f.Problem}
}
