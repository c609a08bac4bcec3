package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/internal/tidy"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// fmtFlags are those of rules fmt.
type fmtFlags struct {
	check, diff bool
	tidy.Options
}

func (p *Program) rulesFmtCommand() *cobra.Command {
	var f fmtFlags
	c := &cobra.Command{
		Use:   "fmt [DIR... | -]",
		Short: "Line up tables and lists of a rulebook",
		Long: "Lines up columns of tables and entries of lists, takes spaces and carriage returns off the ends of lines. Comments,\n" +
			"the order of everything and what the files say stay as they are. It looks at shipping.yaml and what it includes,\n" +
			"tax.yaml, checks.yaml and *.test.yaml of the folders (the current one if none is named); - is standard input to\n" +
			"standard output, for an editor. A file that cannot be read is told and left alone; CSV files are not touched.\n" +
			"--sort also sorts price lists that have one limit, such as max_weight: a row that came too late to be used is\n" +
			"used from then on, so it changes prices, and each list that it sorts is told.\n" +
			"Exit status: 1 where a file cannot be read or, with --check, is not lined up; 0 else.",
		Example: "  kvitto rules fmt rules\n  kvitto rules fmt --check --diff rules",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" {
				return p.fmtInput(f.Options)
			}
			return p.rulesFmt(args, f)
		},
	}
	c.Flags().BoolVar(&f.check, "check", false, "write nothing; list the files that are not lined up, and exit with 1")
	c.Flags().BoolVar(&f.diff, "diff", false, "show what changes")
	c.Flags().BoolVar(&f.Sort, "sort", false, "sort price lists that have one limit; this changes prices")
	return c
}

// rulesFmt lines up the files of folders.
func (p *Program) rulesFmt(dirs []string, f fmtFlags) error {
	if len(dirs) == 0 {
		dirs = []string{"."}
	}
	for _, dir := range dirs {
		if err := folderOf(dir); err != nil {
			return err
		}
	}
	all, changed := new(diag.Report), false
	for _, dir := range dirs {
		r := new(diag.Report)
		c, err := p.fmtFolder(dir, f, r)
		if err != nil {
			return err
		}
		r.Rebase(filepath.ToSlash(filepath.Clean(dir)), func(string) bool { return true })
		all.Add(r, diag.Place{}, "")
		changed = changed || c
	}
	if err := p.show(p.Stderr, all); err != nil {
		return err
	}
	if all.Failed() || changed && f.check {
		return errFindings
	}
	return nil
}

// fmtFolder lines up the files of one folder and reports whether there was anything to do.
func (p *Program) fmtFolder(dir string, f fmtFlags, r *diag.Report) (changed bool, err error) {
	fsys, closeDir, ok := rulebook.Open(dir, r)
	if !ok {
		return false, nil
	}
	defer closeDir()
	files, err := bookFiles(fsys)
	if err != nil {
		return false, err
	}
	clean := filepath.ToSlash(filepath.Clean(dir))
	for _, file := range files {
		old, ok := diag.ReadFile(fsys, file, diag.MaxYAML, diag.Place{File: file, Line: 1, Col: 1}, r)
		if !ok {
			continue
		}
		text, notes, ok := tidy.Format(file, old, f.Options, r)
		if !ok || bytes.Equal(old, text) {
			continue
		}
		changed = true
		if err := p.fmtFile(dir, clean, &lint.Fixed{File: file, Old: old, New: text}, notes, f); err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// fmtFile writes a file, and says so.
func (p *Program) fmtFile(dir, clean string, file *lint.Fixed, notes []tidy.Note, f fmtFlags) error {
	name := path.Join(clean, file.File)
	if !f.check {
		if err := file.Write(dir); err != nil {
			return err
		}
	}
	for _, n := range notes {
		p.tell("%s:%s\n", name, n)
	}
	text := name + "\n"
	if f.diff {
		text = file.Diff(clean)
	}
	_, err := io.WriteString(p.Stdout, text)
	return err
}

// fmtInput lines up what an editor gives.
func (p *Program) fmtInput(o tidy.Options) error {
	text, err := io.ReadAll(io.LimitReader(p.Stdin, diag.MaxYAML+1))
	if err != nil {
		return err
	}
	r := new(diag.Report)
	out, notes, ok := tidy.Format("standard input", text, o, r)
	if !ok {
		return errors.Join(p.show(p.Stderr, r), errFindings)
	}
	for _, n := range notes {
		p.tell("%s\n", n)
	}
	_, err = p.Stdout.Write(out)
	return err
}

// bookFiles lists the YAML files of a rulebook: those that are there.
func bookFiles(fsys fs.FS) ([]string, error) {
	tests, err := rulestest.Files(fsys)
	if err != nil {
		return nil, fmt.Errorf("the folder cannot be listed: %w", err)
	}
	var files []string
	add := func(name string) bool {
		if _, err := fs.Stat(fsys, name); err != nil || slices.Contains(files, name) {
			return false
		}
		files = append(files, name)
		return true
	}
	queue := []string{rulebook.ShippingFile}
	for len(queue) > 0 {
		if name := queue[0]; add(name) {
			queue = append(queue, included(fsys, name)...)
		}
		queue = queue[1:]
	}
	add(rulebook.TaxFile)
	add(rulebook.ChecksFile)
	for _, t := range tests {
		add(t)
	}
	return files, nil
}

// included are the files that a shipping file names; faults are told when it is formatted.
func included(fsys fs.FS, file string) []string {
	var r diag.Report
	data, ok := diag.ReadFile(fsys, file, diag.MaxYAML, diag.Place{}, &r)
	if !ok {
		return nil
	}
	n := diag.Parse(file, data, &r).Get("include")
	if n == nil {
		return nil
	}
	var names []string
	for _, item := range append(slices.Clone(n.Items), n) {
		if item.Kind == diag.Scalar && item.Text != "" {
			names = append(names, item.Text)
		}
	}
	return names
}
