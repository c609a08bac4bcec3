package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// auditRecent is how many lines the first line of a run may be behind the one it names: others may write while it begins.
const auditRecent = 4096

// auditReport is what a look at an audit found.
type auditReport struct {
	File      string `json:"file"`
	Lines     int    `json:"lines"`
	Runs      int    `json:"runs"`
	Lost      int64  `json:"lost"`                // changes that could not be written, as later lines say
	Fragments []int  `json:"fragments,omitempty"` // lines that were not finished
	Continues bool   `json:"continues,omitempty"` // the first line goes on from one that is not here
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Last      string `json:"last_hash,omitempty"`
	Broken    int    `json:"broken_line,omitempty"` // the first one; 0: none
	Why       string `json:"why,omitempty"`
}

// auditChain follows the chains of all runs through a file.
type auditChain struct {
	report auditReport
	last   map[string]string // hash of the last line, by run
	recent map[string]bool
	ring   []string
}

// verifyAudit reads an audit to its first broken line, or to its end. The error is that of reading.
func verifyAudit(file string, r io.Reader) (auditReport, error) {
	c := &auditChain{report: auditReport{File: file}, last: map[string]string{}, recent: map[string]bool{}}
	s := auditLines(r)
	for n := 1; s.Scan(); n++ {
		l, err := readAuditLine(s.Bytes())
		if errors.Is(err, errFragment) { // what was taken out here shows in the next line of its run
			c.report.Fragments = append(c.report.Fragments, n)
			continue
		}
		if err == nil {
			err = c.follows(&l)
		}
		if err != nil {
			c.report.Broken, c.report.Why = n, err.Error()
			return c.report, nil
		}
		c.add(&l)
	}
	c.report.Runs = len(c.last)
	if err := s.Err(); err != nil {
		return c.report, fmt.Errorf("%s:%d: %w", file, c.report.Lines+len(c.report.Fragments)+1, err)
	}
	return c.report, nil
}

// follows says why a whole line is not the next one of its run.
func (c *auditChain) follows(l *auditLine) error {
	last, known := c.last[l.Run]
	switch {
	case known && l.Prev != last:
		return errors.New("the line before it of the same run is not the one it was written behind: lines were taken out, put in or moved")
	case known, c.recent[l.Prev], c.report.Lines == 0:
		return nil
	default:
		return errors.New("it begins a run behind a line that is not here: lines before it were taken out")
	}
}

func (c *auditChain) add(l *auditLine) {
	r := &c.report
	if r.Lines == 0 {
		r.From, r.Continues = l.Time, l.Prev != ""
	}
	r.Lines++
	r.Lost += l.Lost
	r.To, r.Last = l.Time, l.Hash
	c.last[l.Run] = l.Hash
	c.recent[l.Hash] = true
	if c.ring = append(c.ring, l.Hash); len(c.ring) > auditRecent {
		delete(c.recent, c.ring[0])
		c.ring = c.ring[1:]
	}
}

// ordersAudit checks audits.
func (p *Program) ordersAudit(f *ordersFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "audit [FILE…]",
		Short: "Check that no line of an audit was changed or taken out",
		Long: "Checks the chain of hashes of the audit of --config, or of the files that are named, and tells the first line that was\n" +
			"changed, or before which lines were taken out. Lines that were cut off at the end of a file do not show: keep the hash\n" +
			"of the last line somewhere else. A running service does no harm.",
		RunE: func(_ *cobra.Command, files []string) error {
			if f.format != "text" && f.format != "json" {
				return fmt.Errorf("--format %q: right is text or json", f.format)
			}
			files, err := p.auditFiles(files, f.config)
			if err != nil {
				return err
			}
			return p.checkAudits(f.format, files)
		},
	}
}

// auditFiles are those that were named, or that of the configuration.
func (p *Program) auditFiles(files []string, config string) ([]string, error) {
	if len(files) > 0 {
		return files, nil
	}
	if config == "" {
		return nil, errors.New("name a file, or the configuration with --config")
	}
	cfg, err := p.loadConfig(config)
	if err != nil {
		return nil, err
	}
	if cfg.Audit.File == "" {
		return nil, errors.New(`the configuration keeps no audit: audit: {file: ""}`)
	}
	return []string{cfg.Audit.File}, nil
}

func (p *Program) checkAudits(format string, files []string) error {
	reports := make([]auditReport, 0, len(files))
	broken := false
	for _, file := range files {
		r, err := p.checkAuditFile(file)
		if err != nil {
			return err
		}
		broken = broken || r.Broken > 0 || r.Lines == 0
		reports = append(reports, r)
	}
	var err error
	if format == "json" {
		err = p.printValue(map[string]any{"audits": reports})
	} else {
		for i := range reports {
			err = errors.Join(err, p.showAudit(&reports[i]))
		}
	}
	if broken {
		return errors.Join(err, errFindings)
	}
	return err
}

func (p *Program) checkAuditFile(file string) (auditReport, error) {
	in, err := os.Open(file)
	if err != nil {
		return auditReport{}, err
	}
	defer func() { _ = in.Close() }() // it was only read
	return verifyAudit(file, in)
}

func (p *Program) showAudit(r *auditReport) error {
	w := p.Stdout
	if r.Broken > 0 {
		_, err := fmt.Fprintf(w, "%s:%d: %s\n", r.File, r.Broken, r.Why)
		return err
	}
	if r.Lines == 0 {
		_, err := fmt.Fprintf(w, "%s: there is no line of an audit in it\n", r.File)
		return err
	}
	_, err := fmt.Fprintf(w, "%s: %d lines of %d runs, unbroken, %s to %s\n", r.File, r.Lines, r.Runs, r.From, r.To)
	for _, note := range []struct {
		say  bool
		text string
	}{
		{r.Continues, "the first line goes on from a line of an earlier file"},
		{len(r.Fragments) > 0, fmt.Sprintf("not finished, as by a crash or a full disk: lines %v; nothing whole is missing there", r.Fragments)},
		{r.Lost > 0, fmt.Sprintf("%d changes could not be written when they happened; the lines behind say so", r.Lost)},
		{true, "hash of the last line: " + r.Last},
	} {
		if note.say && err == nil {
			_, err = fmt.Fprintf(w, "  %s\n", note.text)
		}
	}
	return err
}
