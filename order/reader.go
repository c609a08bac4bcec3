package order

import (
	"bytes"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// decoder reads one body in one pass over the tokens of the JSON module, which vouches for syntax, UTF-8 and single
// names; types, limits and unknown members are looked after here.
type decoder struct {
	dec     *jsontext.Decoder
	lim     Limits
	text    string // the body; strings without escapes and the lines' raw bytes are parts of it
	values  int    // read so far
	whole   bool   // DecodeOrder and DecodeDraft
	draft   bool   // DecodeDraft
	order   *Order
	scratch []byte // of strings with escapes
}

// one reads an object into a new T.
func one[T any](d *decoder, to **T, read func(*decoder, *T) error) error {
	*to = new(T)
	return read(d, *to)
}

// many reads a list of objects; an empty list is not nil.
func many[T any](d *decoder, to *[]T, most int, read func(*decoder, *T) error) error {
	*to = []T{}
	return d.list(most, func() error {
		if err := d.expect(formObject); err != nil {
			return err
		}
		var zero T
		*to = append(*to, zero)
		return read(d, &(*to)[len(*to)-1])
	})
}

// texts reads a list of strings; an empty list is not nil.
func (d *decoder) texts(to *[]string) error {
	*to = []string{}
	return d.list(d.lim.Elements, func() error {
		if err := d.expect(formText); err != nil {
			return err
		}
		*to = append(*to, "")
		m := text("", &(*to)[len(*to)-1], 0)
		return d.scalar(&m)
	})
}

// object reads an object by its members; what is not among them goes to unknown as it is, also a known member that is
// null and need not be there.
func (d *decoder) object(ms []member, unknown *jsontext.Value) error {
	if err := d.open(); err != nil {
		return err
	}
	var seen uint64
	next := 0
	for n := 0; d.dec.PeekKind() != '}'; n++ {
		if n == d.lim.Elements {
			return &Fault{Class: FaultCount, Pointer: place(d.dec.StackPointer().Parent()), Problem: "found more than " +
				strconv.Itoa(n) + " members; right is " + strconv.Itoa(n) + " or fewer"}
		}
		name, at, err := d.name()
		if err != nil {
			return err
		}
		i := find(ms, name, next)
		if i < 0 {
			if err := d.keep(unknown, at); err != nil {
				return err
			}
			continue
		}
		seen |= 1 << i
		next = i + 1
		if err := d.member(&ms[i], at, unknown); err != nil {
			return err
		}
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	if len(*unknown) > 0 {
		*unknown = append(*unknown, '}')
	}
	return d.complete(ms, seen)
}

// find returns the index of the member with this name, or -1. Bodies come in the order of the documents more often
// than not, so it begins at next.
func find(ms []member, name []byte, next int) int {
	for i := next; i < len(ms); i++ {
		if ms[i].name == string(name) {
			return i
		}
	}
	for i := range min(next, len(ms)) {
		if ms[i].name == string(name) {
			return i
		}
	}
	return -1
}

// complete refuses an object in which a required member is missing.
func (d *decoder) complete(ms []member, seen uint64) error {
	for i := range ms {
		if ms[i].need && seen&(1<<i) == 0 {
			return d.faultAt(ms[i].name, FaultMissing, "found nothing; right is "+ms[i].form.String())
		}
	}
	return nil
}

// member reads the value of a known member.
func (d *decoder) member(m *member, name span, unknown *jsontext.Value) error {
	k := d.dec.PeekKind()
	if k == 'n' && !m.need && m.form != formWhole && m.form != formList {
		return d.keep(unknown, name)
	}
	if err := d.expect(m.form); err != nil {
		return err
	}
	if m.nest != nil {
		return m.nest()
	}
	return d.scalar(m)
}

// expect refuses a value of another form than f. It reads nothing of a right one.
func (d *decoder) expect(f form) error {
	k := d.dec.PeekKind()
	if k == f.kind() || k == 'f' && f == formFlag {
		return nil
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	class := FaultType
	if k == 'n' {
		class = FaultNull
	}
	return d.fault(class, "found "+found(k)+"; right is "+f.String())
}

func found(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	default:
		return "an end"
	}
}

// list reads a list of at most most elements; each reads one.
func (d *decoder) list(most int, each func() error) error {
	if err := d.open(); err != nil {
		return err
	}
	for n := 0; d.dec.PeekKind() != ']'; n++ {
		if n == most {
			p := d.dec.StackPointer()
			if n > 0 {
				p = p.Parent()
			}
			return &Fault{Class: FaultCount, Pointer: place(p) + "/" + strconv.Itoa(n), Problem: "found element " +
				strconv.Itoa(n+1) + "; right is " + strconv.Itoa(most) + " or fewer"}
		}
		if err := each(); err != nil {
			return err
		}
	}
	_, err := d.dec.ReadToken()
	return err
}

// start returns where the object or list that is to be opened begins; its kind has been looked at.
func (d *decoder) start() int {
	i := int(d.dec.InputOffset())
	for d.text[i] != '{' && d.text[i] != '[' {
		i++
	}
	return i
}

// open reads the start of an object or a list.
func (d *decoder) open() error {
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	if d.dec.StackDepth() > d.lim.Depth {
		return d.fault(FaultDepth, "found nesting deeper than "+strconv.Itoa(d.lim.Depth)+"; right is "+
			strconv.Itoa(d.lim.Depth)+" at most")
	}
	return d.count()
}

// value reads a scalar.
func (d *decoder) value() (jsontext.Value, error) {
	v, err := d.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	return v, d.count()
}

func (d *decoder) count() error {
	if d.values++; d.values > d.lim.Values {
		return &Fault{Class: FaultCount, Problem: "found more than " + strconv.Itoa(d.lim.Values) +
			" values in the body; right is " + strconv.Itoa(d.lim.Values) + " or fewer"}
	}
	return nil
}

// name reads a member's name and returns it without quotes and escapes, valid until the next read, and where it stands.
func (d *decoder) name() ([]byte, span, error) {
	raw, err := d.dec.ReadValue()
	if err != nil {
		return nil, span{}, err
	}
	if err := d.checkName(raw); err != nil {
		return nil, span{}, err
	}
	end := int32(d.dec.InputOffset())
	at := span{end - int32(len(raw)), end}
	if bytes.IndexByte(raw, '\\') < 0 && bytes.IndexByte(raw, 0x7f) < 0 {
		return raw[1 : len(raw)-1], at, nil
	}
	s, err := d.unquote(raw, false)
	return []byte(s), at, err
}

// maxMemberName is the most bytes of a member's name, as written. The contract's longest has 33.
const maxMemberName = 1024

// checkName refuses a name that is long: nobody means it.
func (d *decoder) checkName(raw []byte) error {
	if len(raw)-2 <= maxMemberName {
		return nil
	}
	return &Fault{Class: FaultLength, Pointer: place(d.dec.StackPointer().Parent()), Problem: "found a member's name of " +
		strconv.Itoa(len(raw)-2) + " bytes; right is " + strconv.Itoa(maxMemberName) + " or fewer"}
}

// fault is a refusal at the value that was read last.
func (d *decoder) fault(c FaultClass, problem string) error {
	return &Fault{Class: c, Pointer: place(d.dec.StackPointer()), Problem: problem}
}

// faultAt is a refusal at a member of the object that was read last.
func (d *decoder) faultAt(name string, c FaultClass, problem string) error {
	return &Fault{Class: c, Pointer: place(d.dec.StackPointer()) + "/" + name, Problem: problem}
}
