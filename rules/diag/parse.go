package diag

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Limits of what is parsed, against files made to exhaust memory.
const (
	MaxDepth   = 64      // maps and lists inside each other
	MaxEntries = 500_000 // entries of all maps and lists of a file, roughly
)

// Parse parses one YAML document strictly: duplicate keys, tabs, aliases, anchors, tags other than none, a second
// document are findings. It returns nil where nothing usable was found; a duplicate key, a tab or a tag alone leave a
// usable tree, in which the first of two equal keys holds. data must not be changed afterwards.
func Parse(name string, data []byte, r *Report) *Node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r.AddSource(name, data)
	src := newSource(name, data)
	if !checkBytes(src, r) {
		return nil
	}
	doc, ok := load(src, r)
	if !ok {
		return nil
	}
	if doc == nil || len(doc.Content) == 0 || isNull(doc.Content[0]) && doc.Content[0].Style == 0 {
		f := r.Errorf(CodeEmpty, Place{File: name, Line: 1, Col: 1}, "the file %s has no entries", quoted(name))
		f.Help = "remove the file and its mention, or write something into it"
		return nil
	}
	b := builder{cursor: cursor{source: src, row: 1, col: 1}, r: r}
	root := b.node(doc.Content[0], "")
	b.tellTabs()
	if b.refused {
		return nil
	}
	r.addRoot(name, root)
	return root
}

// checkBytes refuses what would make places wrong or loading costly, before the parser sees it.
func checkBytes(s *source, r *Report) bool {
	at := Place{File: s.name, Line: 1, Col: 1}
	if !utf8.Valid(s.data) {
		tellNotUTF8(s.name, s.data, at, r)
		return false
	}
	if len(s.data) > MaxYAML {
		r.Errorf(CodeTooLarge, at, "this file is larger than %s", sizeWord(MaxYAML))
		return false
	}
	entries := 0
	for i, c := range s.data {
		switch c {
		case ',', '[', '{', ':', '?':
			entries++
		case '-':
			if i+1 == len(s.data) || strings.IndexByte(" \n\r\t", s.data[i+1]) >= 0 {
				entries++
			}
		}
	}
	if entries > MaxEntries {
		f := r.Errorf(CodeTooLarge, at, "this file has more than %d entries", MaxEntries)
		f.Help = "move long lists of postcodes or prices into CSV files"
		return false
	}
	return checkInvisible(s, r)
}

// checkInvisible refuses control characters, and the line separators that YAML knows and editors do not.
func checkInvisible(s *source, r *Report) bool {
	for i, c := range s.data {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7F {
			f := r.Errorf(CodeNotYAML, s.placeOf(i), "an invisible control character (%U) stands here", rune(c))
			f.Help = "delete it"
			return false
		}
	}
	for _, c := range []string{"\u0085", "\u2028", "\u2029"} {
		if i := bytes.Index(s.data, []byte(c)); i >= 0 {
			f := r.Errorf(CodeNotYAML, s.placeOf(i), "an invisible line separator (%U) stands here", []rune(c)[0])
			f.Help = "delete it and press Enter instead"
			return false
		}
	}
	return true
}

// placeOf returns the place of a byte offset.
func (s *source) placeOf(off int) Place {
	line := 1
	for line < len(s.lines) && s.lines[line] <= off {
		line++
	}
	return Place{File: s.name, Line: line, Col: utf8.RuneCount(s.data[s.lines[line-1]:off]) + 1}
}

// load returns the document node, nil for an empty file; ok is false where it told a finding that leaves nothing usable.
func load(s *source, r *Report) (doc *yaml.Node, ok bool) {
	loader, err := yaml.NewLoader(bytes.NewReader(s.data),
		yaml.WithUniqueKeys(false), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(MaxDepth))))
	if err != nil {
		r.Errorf(CodeNotYAML, Place{File: s.name, Line: 1, Col: 1}, "this file cannot be read: %v", err)
		return nil, false
	}
	doc = new(yaml.Node)
	if err := loader.Load(doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, true
		}
		tellYAMLError(s, err, r)
		return nil, false
	}
	var second yaml.Node
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
		return doc, true
	case err != nil:
		tellYAMLError(s, err, r)
		return nil, false
	}
	f := r.Errorf(CodeDocuments, s.clamp(second.Line, second.Column), "a second document begins here")
	f.Help = "remove the line `---`, or put what follows into a file of its own"
	return doc, true
}

// builder turns the library's nodes into ours.
type builder struct {
	cursor
	r       *Report
	refused bool  // something was found without which the tree makes no sense
	tabs    []int // lines whose indentation holds a tab
	blocks  []int // first and last line of each | or > text, in order
}

func (b *builder) node(y *yaml.Node, path string) *Node {
	start := b.seek(y.Line, y.Column)
	n := &Node{Place: Place{File: b.name, Line: b.row, Col: b.col}, Path: path}
	b.refuseMarks(y, n.Place, start)
	switch y.Kind {
	case yaml.SequenceNode:
		b.list(y, n)
	case yaml.MappingNode:
		b.fields(y, n)
	case yaml.ScalarNode:
		b.scalar(y, n, start)
	}
	return n
}

func (b *builder) list(y *yaml.Node, n *Node) {
	n.Kind, n.Flow = List, y.Style&yaml.FlowStyle != 0
	n.Items = make([]*Node, 0, len(y.Content))
	for i, item := range y.Content {
		n.Items = append(n.Items, b.node(item, n.Path+"["+strconv.Itoa(i)+"]"))
	}
	b.closeFlow(n)
}

func (b *builder) fields(y *yaml.Node, n *Node) {
	n.Kind, n.Flow = Map, y.Style&yaml.FlowStyle != 0
	size := len(y.Content) / 2
	n.Keys, n.Values = make([]*Node, 0, size), make([]*Node, 0, size)
	seen := make(map[string]*Node, size)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := b.key(y.Content[i], n.Path)
		value := b.node(y.Content[i+1], key.Path)
		first := seen[key.Text]
		switch {
		case key.Kind != Scalar:
			f := b.r.Errorf(CodeShape, key.Place, "%s stands where a name is expected", key.Kind)
			f.Help = "write `name: value`; a text that begins with [ or { needs quotes"
			continue
		case key.Null:
			f := b.r.Errorf(CodeShape, key.Place, "this entry has no name")
			f.Help = "write `name: value`"
			continue
		case first != nil && !isContinuation(key, value):
			f := b.r.Errorf(CodeDuplicate, key.Place, "%s stands twice", quoted(key.Text))
			f.Label = "only one of the two can hold"
			f.Cause = &Cause{Place: first.Place, Label: "first written here"}
			continue
		}
		seen[key.Text] = key
		n.Keys, n.Values = append(n.Keys, key), append(n.Values, value)
	}
	b.closeFlow(n)
}

// key builds the name of an entry. Unlike values, a plain null or ~ is a name as any other.
func (b *builder) key(y *yaml.Node, path string) *Node {
	k := b.node(y, path)
	if k.Kind != Scalar {
		return k
	}
	if k.Null && y.Value != "" {
		k.Text, k.Null = y.Value, false
	}
	if k.Text == "<<" && !k.Quoted {
		b.refused = true
		f := b.r.Errorf(CodeAlias, k.Place, "merge keys (`<<`) are not used here")
		f.Help = "write the entries out; in rule files `defaults` gives keys to every option"
	}
	k.Path = joinPath(path, k.Text)
	return k
}

// joinPath adds a name to a JSON path: zones.gotland, or zones["a.b"] where the name would be misread.
func joinPath(path, name string) string {
	plain := name != "" && strings.IndexFunc(name, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
	}) < 0
	switch {
	case !plain:
		return path + "[" + strconv.Quote(name) + "]"
	case path == "":
		return name
	default:
		return path + "." + name
	}
}

func isNull(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && (y.Value == "" || y.Value == "null" || y.Value == "~")
}

func (b *builder) scalar(y *yaml.Node, n *Node, start int) {
	n.Text = y.Value
	switch {
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		n.Block = y.Style&yaml.LiteralStyle != 0
		n.Place.EndCol = n.Place.Col + 1
		b.block(n)
	case y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		n.Quoted = true
		n.Place.EndCol = n.Place.Col + quotedWidth(b.data[start:])
	default:
		n.Null = isNull(y)
		n.Place.EndCol = n.Place.Col + b.plainWidth(y.Value, start)
	}
	if n.Null {
		n.Text = ""
	}
}

// plainWidth is the width of a plain text on its first line.
func (b *builder) plainWidth(text string, start int) int {
	if bytes.HasPrefix(b.data[start:], []byte(text)) {
		return utf8.RuneCountInString(text)
	}
	// It goes on in the next lines, folded: count what is equal.
	i := 0
	for i < len(text) && start+i < len(b.data) && text[i] == b.data[start+i] {
		i++
	}
	return utf8.RuneCountInString(strings.TrimRight(text[:i], " "))
}

// quotedWidth is the width of a quoted text with its quotes, or of what stands on its first line.
func quotedWidth(data []byte) int {
	if len(data) == 0 {
		return 0
	}
	quote, end := data[0], 1
scan:
	for ; end < len(data); end++ {
		switch c := data[end]; {
		case c == '\n' || c == '\r':
			break scan
		case c == '\\' && quote == '"':
			end++
		case c == quote && quote == '\'' && end+1 < len(data) && data[end+1] == '\'':
			end++
		case c == quote:
			end++
			break scan
		}
	}
	return utf8.RuneCount(data[:min(end, len(data))])
}

// block finds the lines of a | or > text. Line i of a | text is line i below the bar, whose end it is.
func (b *builder) block(n *Node) {
	first := n.Place.Line + 1
	if !n.Block {
		b.blocks = append(b.blocks, first, b.blockEnd(first))
		return
	}
	texts := strings.Split(n.Text, "\n")
	if texts[len(texts)-1] == "" {
		texts = texts[:len(texts)-1]
	}
	b.blocks = append(b.blocks, first, first+len(texts)-1)
	for i, text := range texts {
		line := b.line(first + i)
		place := Place{File: b.name, Line: min(first+i, len(b.lines)), Col: 1}
		if bytes.HasSuffix(line, []byte(text)) {
			place.Col = utf8.RuneCount(line[:len(line)-len(text)]) + 1
		}
		place.EndCol = place.Col + utf8.RuneCountInString(text)
		n.lines = append(n.lines, BlockLine{Text: text, Place: place})
	}
}

// blockEnd returns the last line of a > text: it goes on while lines are empty or at least as indented as the first.
func (b *builder) blockEnd(first int) int {
	indent, last := -1, first-1
	for i := first; i <= len(b.lines); i++ {
		line := b.line(i)
		body := bytes.TrimLeft(line, " ")
		if len(bytes.TrimSpace(body)) == 0 {
			continue
		}
		if indent < 0 {
			indent = len(line) - len(body)
		}
		if len(line)-len(body) < indent {
			break
		}
		last = i
	}
	return last
}

// closeFlow sets the end of a list or map: its bracket where that stands on the line on which it begins, else the end of
// its first line; without brackets the end of its first entry.
func (b *builder) closeFlow(n *Node) {
	switch {
	case n.Flow:
		n.Place.EndCol = n.Place.Col + 1
		last := n.Place
		if k := len(n.Items); k > 0 {
			last = n.Items[k-1].Place
		} else if k := len(n.Values); k > 0 {
			last = n.Values[k-1].Place
		}
		if last.Line == n.Place.Line {
			n.Place.EndCol = b.bracketAfter(last, n)
		}
	case len(n.Items) > 0:
		n.Place.EndCol = n.Place.Col + 1
	case len(n.Keys) > 0:
		n.Place.EndCol = n.Keys[0].Place.EndCol
	}
}

// bracketAfter returns the column after the bracket that closes n, of which last is the last value or n itself.
func (b *builder) bracketAfter(last Place, n *Node) int {
	col := max(last.EndCol, n.Place.Col+1)
	closing := byte('}')
	if n.Kind == List {
		closing = ']'
	}
	line := b.data[b.seek(last.Line, col):]
	for i, c := range line {
		switch c {
		case closing:
			return col + i + 1
		case ' ', ',', ':', '\t':
		default:
			return col
		}
	}
	return col
}
