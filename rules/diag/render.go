package diag

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Render writes all findings with their source lines and carets, in the shape of rustc, and a closing count. color is for
// terminals. It writes nothing where nothing was found.
func (r *Report) Render(w io.Writer, color bool) error {
	p := printer{sources: map[string]*source{}, report: r, color: color}
	all := r.Findings()
	for i := range all {
		p.finding(&all[i])
		p.line("")
	}
	p.text(summary(all, r.dropped))
	_, err := io.WriteString(w, p.out.String())
	return err
}

// Short writes one line for each finding: file:line:col: message [code].
func (r *Report) Short(w io.Writer) error {
	var out strings.Builder
	for _, f := range r.Findings() {
		fmt.Fprintf(&out, "%s: %s [%s]\n", printable(f.String()), printable(f.Message), f.Code)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// summary is the closing line: 5 findings: 3 errors, 2 warnings.
func summary(all []Finding, dropped int) string {
	if len(all) == 0 {
		return ""
	}
	errs := 0
	for i := range all {
		if all[i].Severity == Error {
			errs++
		}
	}
	var parts []string
	if errs > 0 {
		parts = append(parts, plural(errs, "error"))
	}
	if warns := len(all) - errs; warns > 0 {
		parts = append(parts, plural(warns, "warning"))
	}
	text := plural(len(all), "finding") + ": " + strings.Join(parts, ", ")
	if dropped > 0 {
		text += fmt.Sprintf(" (and %d more, not shown)", dropped)
	}
	return text + "\n"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// The colours of a terminal.
const (
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	blue   = "\x1b[1;34m"
	green  = "\x1b[1;32m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

// printer writes findings; gutter is the width of the line numbers of the present one.
type printer struct {
	out     strings.Builder
	report  *Report
	sources map[string]*source
	color   bool
	gutter  int
}

func (p *printer) text(s string) { p.out.WriteString(s) }

func (p *printer) line(s string) { p.out.WriteString(strings.TrimRight(s, " ") + "\n") }

func (p *printer) paint(color, s string) string {
	if !p.color || s == "" {
		return s
	}
	return color + s + plain
}

// bar returns the gutter of a line without a number.
func (p *printer) bar() string { return p.paint(blue, strings.Repeat(" ", p.gutter)+" |") }

func (p *printer) numbered(n int) string {
	return p.paint(blue, fmt.Sprintf("%-*d |", p.gutter, n))
}

func (p *printer) source(name string) *source {
	if s, ok := p.sources[name]; ok {
		return s
	}
	var s *source
	if data, ok := p.report.sources[name]; ok {
		s = newSource(name, data)
	}
	p.sources[name] = s
	return s
}

func (p *printer) finding(f *Finding) {
	tone := red
	if f.Severity == Warning {
		tone = yellow
	}
	p.gutter = len(strconv.Itoa(f.Line))
	if f.Cause != nil {
		p.gutter = max(p.gutter, len(strconv.Itoa(f.Cause.Line)))
	}
	p.line(p.paint(tone, f.Severity.String()+"["+f.Code+"]") + p.paint(bold, ": "+printable(f.Message)))
	shown := p.where("-->", f.Place, f.Label, tone, f.Cause)
	if f.Cause != nil && !f.sharesLines(f.Cause) {
		shown = p.where(":::", f.Cause.Place, f.Cause.Label, blue, nil) || shown
	}
	if shown && (f.Help != "" || f.Fix != "" || len(f.Notes) > 0) {
		p.line(p.bar())
	}
	p.advice(f)
}

// sharesLines reports whether a cause is shown among the lines of the finding.
func (f *Finding) sharesLines(c *Cause) bool { return c.File == f.File && f.Cell == "" && c.Cell == "" }

// where writes a place with its label and the lines there. A cell of a workbook has no lines.
func (p *printer) where(arrow string, at Place, label, tone string, cause *Cause) bool {
	p.line(p.paint(blue, strings.Repeat(" ", p.gutter)+arrow) + " " + printable(at.String()))
	char := "^"
	if arrow == ":::" {
		char = "-"
	}
	if at.Cell != "" {
		if label != "" {
			p.line(p.bar() + " " + p.paint(tone, printable(label)))
		}
		return label != ""
	}
	marks := []mark{{place: at, label: label, char: char, tone: tone}}
	if cause != nil && cause.File == at.File && cause.Cell == "" {
		marks = append(marks, mark{place: cause.Place, label: cause.Label, char: "-", tone: blue})
	}
	return p.snippet(at.File, marks)
}

// advice writes the helps, the line as it would be right, and the notes.
func (p *printer) advice(f *Finding) {
	if f.Help != "" {
		for help := range strings.SplitSeq(f.Help, "\n") {
			p.line(p.paint(green, "help") + ": " + printable(help))
		}
	}
	if f.Fix != "" {
		p.fix(f)
	}
	for _, note := range f.Notes {
		p.line(strings.Repeat(" ", p.gutter) + p.paint(blue, " = ") + "note: " + printable(note))
	}
}

// fix shows the line with the text that would be right.
func (p *printer) fix(f *Finding) {
	src := p.source(f.File)
	if src == nil || src.line(f.Line) == nil {
		p.line(p.paint(green, "help") + ": write " + printable(f.Fix))
		return
	}
	line := []rune(string(src.line(f.Line)))
	from, to := span(f.Place, len(line))
	changed := string(line[:from]) + f.Fix + string(line[to:])
	at := Place{Col: from + 1, EndCol: from + 1 + len([]rune(f.Fix))}
	if f.Help == "" {
		p.line(p.paint(green, "help") + ": write " + printable(f.Fix))
	}
	p.line(p.bar())
	shown, start, width := window(changed, at)
	p.line(p.numbered(f.Line) + " " + shown)
	p.line(p.bar() + " " + strings.Repeat(" ", start) + p.paint(green, strings.Repeat("~", width)))
}
