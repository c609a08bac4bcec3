package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

func (p *Program) rulesLintCommand(registry *rules.Registry) *cobra.Command {
	var o lintFlags
	c := &cobra.Command{
		Use:   "lint DIR...",
		Short: "Tell everything that is wrong with a rulebook, or looks wrong",
		Long: "Reads rulebooks with their side files and tests and tells every finding in one run: its code, its place, what is\n" +
			"wrong, what would be right. `kvitto rules help CODE` says more about each.\n" +
			"Exit status: 0 no errors (with --strict: no warnings either), 1 findings, 2 a folder cannot be read.",
		Example: "  kvitto rules lint rules/demo\n  kvitto rules lint --strict --format github shops/*",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return p.rulesLint(registry, args, o) },
	}
	f := c.Flags()
	f.StringVar(&o.format, "format", "text", "text, json, sarif or github")
	f.BoolVar(&o.strict, "strict", false, "exit with 1 for warnings too")
	f.BoolVar(&o.fix, "fix", false, "mend what can only be meant in one way, and show what changed")
	f.StringVar(&o.now, "now", "", "the day from which on things are old or far away, such as 2026-11-23; today if not given")
	return c
}

// lintFlags are the flags of lint.
type lintFlags struct {
	format string
	strict bool
	fix    bool
	now    string // a day; "": today
}

// lintDay is noon of the day to lint for, in UTC: that day in the time zone of nearly every shop, which is not known before
// its tables are read.
func (p *Program) lintDay(text string) (time.Time, error) {
	if text == "" {
		return p.Now(), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--now %q: write a day, such as 2026-11-23", text)
	}
	return day.Add(12 * time.Hour), nil
}

// rulesLint tells the findings of all folders in one report.
func (p *Program) rulesLint(registry *rules.Registry, dirs []string, o lintFlags) error {
	write, err := p.lintWriter(o.format)
	if err != nil {
		return err
	}
	now, err := p.lintDay(o.now)
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if err := folderOf(dir); err != nil {
			return err
		}
	}
	all := new(diag.Report)
	src := &source{registry: registry}
	for _, dir := range dirs {
		r, err := p.lintFolder(src, dir, o.fix, now)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		all.Add(r, diag.Place{}, "")
	}
	if err := write(all); err != nil {
		return err
	}
	if all.Failed() || o.strict && len(all.Findings()) > 0 {
		return errFindings
	}
	return nil
}

// lintFolder checks a folder, with fix again after each round of repairs: what could not be read before may now tell more.
func (p *Program) lintFolder(src *source, dir string, fix bool, now time.Time) (*diag.Report, error) {
	const rounds = 5
	for round := 1; ; round++ {
		r := new(diag.Report)
		fsys, closeDir, ok := rulebook.Open(dir, r)
		if !ok {
			return r, nil
		}
		_, err := lint.Check(fsys, lint.Options{Options: src.options(), Now: now}, r)
		var fixes []lint.Fixed
		if fix && err == nil && round < rounds {
			fixes = lint.Fixes(fsys, r)
		}
		clean := filepath.ToSlash(filepath.Clean(dir))
		r.Rebase(clean, func(file string) bool { return !shippedOnly(fsys, src.options().Shipped, file) })
		closeDir()
		if err != nil || len(fixes) == 0 {
			return r, err
		}
		for i := range fixes {
			if err := fixes[i].Write(dir); err != nil {
				return nil, err
			}
			p.tell("%s", fixes[i].Diff(clean))
		}
	}
}

// shippedOnly reports whether a file comes with the program and is not in the folder.
func shippedOnly(fsys, shipped fs.FS, file string) bool {
	_, here := fs.Stat(fsys, file)
	_, there := fs.Stat(shipped, file)
	return here != nil && there == nil
}

// lintWriter returns how a format is written.
func (p *Program) lintWriter(format string) (func(*diag.Report) error, error) {
	switch format {
	case "text":
		return func(r *diag.Report) error {
			if len(r.Findings()) == 0 {
				text := "no findings"
				if n := r.Allowed(); n > 0 {
					text += ", " + authoring.Plural(n, "warning is", "warnings are") + " allowed by a comment"
				}
				_, err := fmt.Fprintln(p.Stdout, text)
				return err
			}
			return p.show(p.Stdout, r)
		}, nil
	case "json":
		return func(r *diag.Report) error { return r.JSON(p.Stdout) }, nil
	case "sarif":
		return func(r *diag.Report) error { return lint.SARIF(p.Stdout, r) }, nil
	case "github":
		return func(r *diag.Report) error { return lint.GitHub(p.Stdout, r) }, nil
	default:
		return nil, errors.New("--format \"" + format + "\": want text, json, sarif or github")
	}
}
