package order

import "github.com/go-json-experiment/json/jsontext"

// form says what a member has to be.
type form uint8

const (
	formText  form = iota // a string without control characters
	formProse             // a string that may hold tabs and line breaks
	formWhole             // an integer
	formFlag              // true or false
	formObject
	formList
)

// String returns the form as a fault names it.
func (f form) String() string {
	switch f {
	case formText, formProse:
		return "a string"
	case formWhole:
		return "a whole number"
	case formFlag:
		return "true or false"
	case formObject:
		return "an object"
	default:
		return "a list"
	}
}

// kind is the first byte of a JSON value of this form.
func (f form) kind() jsontext.Kind {
	switch f {
	case formText, formProse:
		return '"'
	case formWhole:
		return '0'
	case formFlag:
		return 't'
	case formObject:
		return '{'
	default:
		return '['
	}
}

// span is a part of the body: text[from:to].
type span struct{ from, to int32 }

// member is one documented member of an object: its name, what it has to be and where it goes.
type member struct {
	name     string
	form     form
	need     bool  // required
	min, max int64 // of a number its value, of a string its characters (max 0: any)
	text     *string
	whole    *int64
	flag     *bool
	option   **bool
	span     *span // where the value stands; nil: nobody asks
	nest     func() error
}

// must marks a member as required.
func must(m member) member { m.need = true; return m }

func text(name string, to *string, max int64) member {
	return member{name: name, form: formText, text: to, max: max}
}

func prose(name string, to *string, max int64) member {
	return member{name: name, form: formProse, text: to, max: max}
}

func whole(name string, to *int64, least, most int64) member {
	return member{name: name, form: formWhole, whole: to, min: least, max: most}
}

func flag(name string, to *bool) member { return member{name: name, form: formFlag, flag: to} }

// optional is a boolean of which nil says that it was not sent.
func optional(name string, to **bool) member {
	return member{name: name, form: formFlag, option: to}
}

func object(name string, read func() error) member {
	return member{name: name, form: formObject, nest: read}
}

func list(name string, read func() error) member {
	return member{name: name, form: formList, nest: read}
}
