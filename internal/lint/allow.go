package lint

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
)

// allowed is a comment such as "# lint: allow W423 because we look at each number". It is for its own line, or, where nothing else
// stands there, for the next line that is no comment.
type allowed struct {
	line  int // for which it is
	codes []string
}

var (
	allowBegin = regexp.MustCompile(`(?:^|\s)#\s*lint:\s*(.*)$`)
	allowForm  = regexp.MustCompile(`^allow (W\d{3}(?:,\s*W\d{3})*) because \S`)
	allowCode  = regexp.MustCompile(`W\d{3}`)
)

// allow takes away the warnings that comments in the YAML files of a folder allow, and tells comments that allow nothing.
func allow(fsys fs.FS, r *diag.Report) error {
	byFile := map[string][]allowed{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || path.Ext(name) != ".yaml" {
			return err
		}
		quiet := new(diag.Report)
		if data, ok := diag.ReadFile(fsys, name, diag.MaxYAML, diag.Place{}, quiet); ok && utf8.Valid(data) {
			byFile[name] = comments(name, data, r)
		}
		return nil
	})
	r.Allow(func(f *diag.Finding) bool {
		return slices.ContainsFunc(byFile[f.File], func(a allowed) bool { return a.line == f.Line && slices.Contains(a.codes, f.Code) })
	})
	return err
}

// comments reads the comments of a file.
func comments(file string, data []byte, r *diag.Report) []allowed {
	if !strings.Contains(string(data), "lint:") {
		return nil
	}
	var list []allowed
	lines := strings.Split(string(data), "\n")
	for i, text := range lines {
		text = strings.TrimRight(text, "\r")
		at := allowBegin.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		form := allowForm.FindStringSubmatch(text[at[2]:])
		if form == nil {
			col := utf8.RuneCountInString(text[:strings.Index(text[at[0]:], "#")+at[0]]) + 1
			f := r.Warnf(codeAllows, diag.Place{File: file, Line: i + 1, Col: col, EndCol: utf8.RuneCountInString(text) + 1}, "this comment allows no warning")
			f.Label, f.Help = "it names no warning, or says no reason", "write which one and why: # lint: allow W423 because we look at each number; errors cannot be allowed"
			continue
		}
		list = append(list, allowed{lineFor(lines, i), allowCode.FindAllString(form[1], -1)})
	}
	return list
}

// lineFor is the line that a comment on a line is for.
func lineFor(lines []string, i int) int {
	if !strings.HasPrefix(strings.TrimSpace(lines[i]), "#") {
		return i + 1
	}
	for i++; i < len(lines); i++ {
		if text := strings.TrimSpace(lines[i]); text != "" && !strings.HasPrefix(text, "#") {
			return i + 1
		}
	}
	return 0
}
