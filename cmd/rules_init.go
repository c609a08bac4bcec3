package cmd

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/starter"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// starterFlags are the answers that flags give to the questions of init.
type starterFlags struct {
	starter.Answers
	prices string // include, exclude
	yes    bool
}

func (p *Program) rulesInitCommand(registry *rules.Registry) *cobra.Command {
	var f starterFlags
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a small rulebook with tests, after a few questions",
		Long: "Asks a few questions and writes shipping.yaml, tax.yaml and shop.test.yaml into a folder that is empty or not there\n" +
			"yet (the current one if none is named). What it writes passes lint --strict, test and coverage --threshold 100%.\n" +
			"Each question has a default and a flag; with --yes nothing is asked. Nothing that exists is touched.",
		Example: "  kvitto rules init rules\n" +
			"  kvitto rules init rules --country SE --ship-to EU,NO --yes\n" +
			"  kvitto rules init rules --country DE --option \"Paket, up to 5 kg 4.99, up to 20 kg 8.99, free from 79.00\" --yes",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.rulesInit(c, registry, folderArg(args), &f) },
	}
	addStarterFlags(c, &f)
	return c
}

// addStarterFlags adds a flag for each question about a rulebook.
func addStarterFlags(c *cobra.Command, f *starterFlags) {
	s := c.Flags()
	s.StringVar(&f.Country, "country", "", "where the shop is, such as SE")
	s.StringVar(&f.Currency, "currency", "", "of all prices; that of the country if not given")
	s.StringSliceVar(&f.Languages, "languages", nil, "of the texts, the first one first; those of the country and en if not given")
	s.StringSliceVar(&f.ShipTo, "ship-to", nil, "other countries that the shop sends to, such as NO,DK; EU is its members")
	s.StringVar(&f.prices, "prices", "", "include or exclude: whether the freight prices include tax")
	s.StringArrayVar(&f.Options, "option", nil, "a shipping option: "+starter.OptionForm+"; may be given several times")
	s.StringVar(&f.VAT, "vat", "", "of buyers elsewhere in the EU: destination (their rate) or home (the shop's own, for small sales)")
	s.StringArrayVar(&f.Collect, "collect-in", nil, "a state of the USA in which sales tax is collected, such as \"US-CA 7.25% none\"; may be given several times")
	s.BoolVar(&f.yes, "yes", false, "ask nothing: take the default where no flag answers")
}

// folderArg is the folder that was named, or the current one.
func folderArg(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

func (p *Program) rulesInit(c *cobra.Command, registry *rules.Registry, dir string, f *starterFlags) error {
	if err := starter.Free(dir); err != nil {
		return err
	}
	v, err := p.interview(c, f.yes)
	if err != nil {
		return err
	}
	files, err := p.starterRules(f, v)
	if err != nil {
		return err
	}
	src := &source{registry: registry}
	if err := starter.Place(dir, files, func(stage string) error { return p.holds(src, stage) }); err != nil {
		return err
	}
	if err := p.listFiles(dir, files); err != nil {
		return err
	}
	at := filepath.ToSlash(dir)
	_, err = fmt.Fprintf(p.Stdout, "\nNext:\n  kvitto rules test %s\n  kvitto rules explain %s --to \"%s\" --cart \"1 kg, 20.00\"\n", at, at, starter.Address(f.Country))
	return err
}

// interview is how questions are asked; nil where nothing is to be asked.
func (p *Program) interview(c *cobra.Command, yes bool) (*starter.Interview, error) {
	if yes {
		return nil, nil
	}
	in, ok := p.Stdin.(*os.File)
	if !ok || !isatty.IsTerminal(in.Fd()) {
		return nil, errors.New("there is no terminal to ask at: give --yes, and flags where the defaults do not fit (--country SE …)")
	}
	return &starter.Interview{In: bufio.NewReader(in), Out: p.Stderr, Given: c.Flags().Changed}, nil
}

// starterRules asks what v may ask and returns the files of a rulebook.
func (p *Program) starterRules(f *starterFlags, v *starter.Interview) ([]starter.File, error) {
	switch f.prices {
	case "":
	case "include", "exclude":
		f.Prices = f.prices + " tax"
	default:
		return nil, fmt.Errorf("--prices %q: want include or exclude", f.prices)
	}
	if v != nil {
		if err := v.Rulebook(&f.Answers); err != nil {
			return nil, err
		}
	}
	if f.Country == "" {
		return nil, errors.New("--country is needed with --yes, such as --country SE")
	}
	f.Country = strings.ToUpper(f.Country)
	data, err := fs.ReadFile(configs.FS(), "vat-rates.yaml")
	if err != nil {
		return nil, err
	}
	return starter.Rulebook(f.Answers, data, p.Now())
}

// holds loads a rulebook that was just written, and runs its tests.
func (p *Program) holds(src *source, dir string) error {
	r := new(diag.Report)
	if _, err := src.load(dir, r); err != nil {
		return errors.Join(fmt.Errorf("what was made of these answers does not hold, so nothing was written: %w", err), p.show(p.Stderr, r))
	}
	return nil
}

// listFiles names the files that were written.
func (p *Program) listFiles(dir string, files []starter.File) error {
	var out strings.Builder
	for _, f := range files {
		out.WriteString("wrote " + filepath.ToSlash(filepath.Join(dir, f.Name)) + "\n")
	}
	_, err := fmt.Fprint(p.Stdout, out.String())
	return err
}
