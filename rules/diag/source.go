package diag

import (
	"bytes"
	"unicode/utf8"
)

// source is the text of a file, cut into lines.
type source struct {
	name  string
	data  []byte
	lines []int // offset of the first byte of each line
}

// newSource cuts data where YAML does: after \n, \r\n and a lone \r.
func newSource(name string, data []byte) *source {
	s := &source{name: name, data: data, lines: make([]int, 1, 1+bytes.Count(data, []byte{'\n'}))}
	for i := 0; i < len(data); i++ {
		switch {
		case data[i] == '\n', data[i] == '\r' && (i+1 == len(data) || data[i+1] != '\n'):
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// line returns line n, counted from 1, without its line break; nil where there is none.
func (s *source) line(n int) []byte {
	if n < 1 || n > len(s.lines) {
		return nil
	}
	end := len(s.data)
	if n < len(s.lines) {
		end = s.lines[n]
	}
	return bytes.TrimRight(s.data[s.lines[n-1]:end], "\r\n")
}

// cursor walks forward through a source, so that turning places into offsets is linear over a whole file even if all of
// it is one line.
type cursor struct {
	*source
	row, col int // place of off, from 1
	off      int
}

// seek moves to a character, or to the nearest one that exists, and returns its offset; it is cheap where places come in
// the order of the file.
func (c *cursor) seek(line, col int) int {
	line = max(1, min(line, len(c.lines)))
	if line != c.row || col < c.col {
		c.row, c.col, c.off = line, 1, c.lines[line-1]
	}
	for c.col < col && c.off < len(c.data) && c.data[c.off] != '\n' && c.data[c.off] != '\r' {
		_, n := utf8.DecodeRune(c.data[c.off:])
		c.off += n
		c.col++
	}
	return c.off
}

// clamp brings a place into the file: a line that exists and a column of at most one past its end.
func (s *source) clamp(line, col int) Place {
	line = max(1, min(line, len(s.lines)))
	if width := utf8.RuneCount(s.line(line)); col > width+1 {
		col = width + 1
	}
	return Place{File: s.name, Line: line, Col: max(1, col)}
}
