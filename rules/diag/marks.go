package diag

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v4"
)

// refuseMarks tells what YAML can do and these files do not: anchors, aliases, tags, tabs as indentation.
func (b *builder) refuseMarks(y *yaml.Node, at Place, start int) {
	switch {
	case y.Kind == yaml.AliasNode:
		b.refused = true
		at.EndCol = at.Col + len([]rune(y.Value)) + 1
		f := b.r.Errorf(CodeAlias, at, "`*%s` repeats another part of the file, which is not used here", y.Value)
		f.Help = "write the value out; a text that begins with * needs quotes"
	case y.Anchor != "":
		at.EndCol = at.Col + len([]rune(y.Anchor)) + 1
		f := b.r.Errorf(CodeAlias, at, "`&%s` names a part of the file, which is not used here", y.Anchor)
		f.Help = "remove it; a text that begins with & needs quotes"
	}
	if y.Kind != yaml.AliasNode && (y.Style&yaml.TaggedStyle != 0 || start < len(b.data) && b.data[start] == '!') {
		word, _, _ := bytes.Cut(b.data[start:], []byte(" "))
		word, _, _ = bytes.Cut(word, []byte("\n"))
		at.EndCol = at.Col + len([]rune(string(word)))
		tellTag(y.Tag, at, b.r)
	}
	if y.Kind == yaml.ScalarNode && y.Value == "" {
		return // its place is after the name, never a line of its own
	}
	if b.tabIndented(at.Line) && (len(b.tabs) == 0 || b.tabs[len(b.tabs)-1] != at.Line) {
		b.tabs = append(b.tabs, at.Line)
	}
}

func tellTag(tag string, at Place, r *Report) {
	if tag == "" {
		tag = "!"
	}
	f := r.Errorf(CodeTag, at, "the tag %s is not used here", quoted(tag))
	f.Label = "values are read as they are written"
	f.Help = "remove it; a text that begins with ! needs quotes"
}

// indentTab returns the column of the first tab in the indentation of a line, or 0.
func (s *source) indentTab(line int) int {
	for i, c := range s.line(line) {
		switch c {
		case ' ':
		case '\t':
			return i + 1
		default:
			return 0
		}
	}
	return 0
}

func (b *builder) tabIndented(line int) bool { return b.indentTab(line) > 0 }

// tellTabs tells the tabs in lines on which a value begins; YAML itself allows them inside brackets.
func (b *builder) tellTabs() {
	for _, line := range b.tabs {
		inBlock := false
		for i := 0; i < len(b.blocks); i += 2 {
			inBlock = inBlock || line >= b.blocks[i] && line <= b.blocks[i+1]
		}
		if !inBlock {
			b.tellTab(line, b.r)
		}
	}
}

func (s *source) tellTab(line int, r *Report) {
	col := s.indentTab(line)
	f := r.Errorf(CodeTab, Place{File: s.name, Line: line, Col: col}, "a tab is used for indentation")
	f.Label = "looks different in every editor"
	f.Help = "use spaces, two for each step"
}

// tabLines returns the lines whose indentation holds a tab, the empty ones left out.
func (s *source) tabLines() []int {
	if !bytes.ContainsRune(s.data, '\t') {
		return nil
	}
	var out []int
	for line := 1; line <= len(s.lines); line++ {
		if s.indentTab(line) > 0 && len(bytes.TrimSpace(s.line(line))) > 0 {
			out = append(out, line)
		}
	}
	return slices.Clip(out)
}
