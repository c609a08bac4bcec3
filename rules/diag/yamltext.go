package diag

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// tellYAMLError says in plain words what the YAML library could not read.
func tellYAMLError(s *source, err error, r *Report) {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		f := r.Errorf(CodeNotYAML, Place{File: s.name, Line: 1, Col: 1}, "this file cannot be read as YAML")
		f.Notes = []string{err.Error()}
		return
	}
	at := s.clamp(le.Mark.Line, le.Mark.Column)
	if tabs := s.tabLines(); strings.Contains(le.Message, "tab") || slices.Contains(tabs, at.Line) || slices.Contains(tabs, le.ContextMark.Line) {
		tellTabError(s, tabs, at, r)
		return
	}
	w := wordsFor(le, s, at)
	if w.atContext && le.ContextMark.Line > 0 {
		at = s.clamp(le.ContextMark.Line, le.ContextMark.Column)
	}
	f := r.Errorf(w.code, at, "%s", w.message)
	f.Label, f.Help = w.label, w.help
	if w.cause != "" && le.ContextMark.Line > 0 && (le.ContextMark.Line != at.Line || le.ContextMark.Column != at.Col) {
		f.Cause = &Cause{Place: s.clamp(le.ContextMark.Line, le.ContextMark.Column), Label: w.cause}
	}
	if open, ok := s.openQuote(at.Line); ok && w.code == CodeNotYAML {
		f.Cause = &Cause{Place: open, Label: "this quote is not closed on its line"}
		f.Help = "close the quote, if a text should end there"
	}
}

// openQuote returns the place of a double quote that begins a value above a line and is not closed on its own line. YAML reads
// on to the next quote, wherever it is, and stops behind that.
func (s *source) openQuote(below int) (at Place, ok bool) {
	for n := 1; n < below; n++ {
		line := string(s.line(n))
		if strings.Count(line, `"`)%2 == 0 {
			continue
		}
		from := strings.LastIndex(line, ` "`)
		if ok {
			ok = false // closed here
			continue
		}
		if from >= 0 && !strings.Contains(line[:from], " #") {
			col := utf8.RuneCountInString(line[:from]) + 2
			at, ok = Place{File: s.name, Line: n, Col: col, EndCol: col + 1}, true
		}
	}
	return at, ok
}

// tellTabError tells every line that is indented by tabs: whoever used one used more.
func tellTabError(s *source, lines []int, at Place, r *Report) {
	for _, line := range lines {
		s.tellTab(line, r)
	}
	if len(lines) > 0 {
		return
	}
	f := r.Errorf(CodeTab, at, "a tab stands where YAML wants spaces")
	f.Help = "use spaces"
}

// words are what is told about a fault of YAML. The place is where the library stopped or, atContext, where the thing it
// was reading begins; cause labels the other of the two.
type words struct {
	code, message, label, help, cause string
	atContext                         bool
}

func wordsFor(le *yaml.LoadError, s *source, at Place) words {
	msg, ctx := le.Message, le.ContextMsg
	has := func(part string) bool { return strings.Contains(msg, part) }
	switch {
	case has("max depth"):
		return words{code: CodeTooDeep, message: "maps and lists are nested too deeply here"}
	case strings.Contains(ctx, "alias") || strings.Contains(ctx, "anchor") || has("unknown anchor"):
		return words{code: CodeAlias, message: "a value that begins with * or & must be in quotes", atContext: true,
			help: "write it as \"*\"; anchors and aliases of YAML are not used here"}
	case strings.Contains(ctx, "tag") || has("tag") || le.Stage == "resolver":
		return words{code: CodeTag, message: "a value that begins with ! must be in quotes", atContext: true,
			help: "tags of YAML are not used here: remove it"}
	case strings.Contains(ctx, "quoted scalar"):
		return quotedWords(msg)
	case strings.Contains(ctx, "block scalar"):
		return words{code: CodeNotYAML, message: "this line cannot stand after | or >", cause: "the text begins here",
			help: "put the text on the lines below, indented by the same number of spaces"}
	case has("directive"), has("incompatible YAML"):
		return words{code: CodeNotYAML, message: "a line that begins with % is an instruction to YAML and not used here",
			help: "remove it; a text that begins with % needs quotes"}
	case has("control character"):
		return words{code: CodeNotYAML, message: "an invisible control character is in the file", help: "delete it"}
	}
	return structureWords(msg, s, at)
}

func quotedWords(msg string) words {
	switch {
	case strings.Contains(msg, "end of stream"), strings.Contains(msg, "document indicator"):
		return words{code: CodeNotYAML, message: "the text that begins here has no closing quote", atContext: true,
			label: "opened here", help: "close it with the same quote; inside '…' write '' for one quote"}
	case strings.Contains(msg, "escape"), strings.Contains(msg, "hexadecimal"):
		return words{code: CodeNotYAML, message: "after \\ stands a letter that means nothing here",
			help: "write \\\\ for one \\, or put the text in '…'"}
	default:
		return words{code: CodeNotYAML, message: "this text in quotes cannot be read", atContext: true,
			help: "indent its further lines, and close it with the same quote"}
	}
}

func structureWords(msg string, s *source, at Place) words {
	has := func(part string) bool { return strings.Contains(msg, part) }
	switch {
	case has("mapping values are not allowed"):
		return words{code: CodeNotYAML, message: "this `:` makes no sense here",
			help: "put a text that holds `: ` in quotes, or indent this line as the ones beside it"}
	case has("did not find expected key"):
		return words{code: CodeNotYAML, message: "this line does not belong to what stands above it",
			cause: "to the map that begins here", help: "indent it as the other entries; between names and values write `: `"}
	case has("'-' indicator"):
		return words{code: CodeNotYAML, message: "an entry of a list begins with `- `",
			cause: "the list begins here", help: "add `- `, or indent this line as what it belongs to"}
	case has("',' or '}'"):
		return words{code: CodeNotYAML, message: "`,` or `}` is missing before this", cause: "the map is opened here",
			help: "close the map, or put a text with { } [ ] , or : in quotes"}
	case has("',' or ']'"):
		return words{code: CodeNotYAML, message: "`,` or `]` is missing before this", cause: "the list is opened here",
			help: "close the list, or put a text with { } [ ] , or : in quotes"}
	case has("expected ':'"):
		return words{code: CodeNotYAML, message: "`: ` and a value are missing on this line", atContext: true,
			help: "write `name: value`"}
	case has("cannot start any token"):
		c := charAt(s, at)
		return words{code: CodeNotYAML, message: "a value cannot begin with " + quoted(c), help: "put it in quotes"}
	case has("block sequence entries"):
		return words{code: CodeNotYAML, message: "`- ` cannot stand here", help: "begin the list on a line of its own"}
	case has("mapping keys are not"):
		return words{code: CodeNotYAML, message: "`? ` cannot stand here", help: "put a text that begins with ? in quotes"}
	case has("node content"):
		return words{code: CodeNotYAML, message: "a value is missing before this", help: "write the value, or remove the comma"}
	case has("document start"), has("document-end"):
		return words{code: CodeNotYAML, message: "this does not belong to what stands above it",
			help: "indent it as what it belongs to"}
	case has("comment without"):
		return words{code: CodeNotYAML, message: "a comment needs a space before its #", help: "add a space, or put the text in quotes"}
	default:
		return words{code: CodeNotYAML, message: "the file cannot be read as YAML here: " + msg}
	}
}

// charAt returns the character at a place.
func charAt(s *source, at Place) string {
	if line := []rune(string(s.line(at.Line))); at.Col <= len(line) {
		return string(line[at.Col-1])
	}
	return ""
}

// quoted puts a word of the file between the marks of messages, cut where it is long.
func quoted(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "…"
	}
	return "`" + strings.NewReplacer("\n", " ", "\r", " ", "`", "'").Replace(text) + "`"
}
