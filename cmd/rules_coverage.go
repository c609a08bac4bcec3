package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/coverage"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// coverageFlags are those of rules coverage.
type coverageFlags struct {
	threshold, currency, now, format string
	postcodes                        string
	carts                            []string
	by                               int
	rows, places, gaps               bool
}

func (p *Program) rulesCoverageCommand(registry *rules.Registry) *cobra.Command {
	var f coverageFlags
	c := &cobra.Command{
		Use:   "coverage DIR",
		Short: "Say which places get nothing, and which rows no test uses",
		Long: "Places: asks the tables about every stretch of postcodes that they can tell apart, with carts on both sides of each\n" +
			"limit of weight and value and with goods of each class. Nothing is sampled: a gap of one postcode is found. What is\n" +
			"shown is the currency in which a place has the most options.\n" +
			"--by 3 groups postcodes by their first characters and names the file to mend; --postcodes counts the gaps in real\n" +
			"postcodes and inhabitants.\n" +
			"Rows: runs the tests of the rulebook and lists the rows that decided in none of them, and the conditions that never\n" +
			"held or always did.\n" +
			"Exit status: 1 where the rows or the conditions touched by tests stay below --threshold, or --gaps finds a place\n" +
			"without any option in a country that is served otherwise; 0 else.",
		Example: "  kvitto rules coverage rules/demo\n" +
			"  kvitto rules coverage rules/demo --cart \"25 kg\" --cart \"30 kg, bulky\" --places --gaps\n" +
			"  kvitto rules coverage rules/us --cart \"60 lb\" --by 3\n" +
			"  kvitto rules coverage rules/demo --postcodes se.csv\n" +
			"  kvitto rules coverage rules/demo --rows --threshold 80%",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.rulesCoverage(c.Context(), registry, args[0], &f)
		},
	}
	s := c.Flags()
	s.BoolVar(&f.places, "places", false, "only the places")
	s.BoolVar(&f.rows, "rows", false, "only the rows")
	s.StringVar(&f.threshold, "threshold", "", "least share of rows and of conditions that tests touch, such as 80%")
	s.BoolVar(&f.gaps, "gaps", false, "fail where a country that is served has a place without any option")
	s.IntVar(&f.by, "by", 0, "tell which postcodes get nothing by their first characters, 1 to 6; only the places")
	s.StringVar(&f.postcodes, "postcodes", "", "list of real postcodes, with the columns postcode and, if you like, inhabitants, country, region; only the places")
	s.StringArrayVar(&f.carts, "cart", nil, "goods to ask about, such as \"25 kg, 400.00, bulky\"; may be given several times")
	s.StringVar(&f.currency, "currency", "", "currency of the orders; for each place that with the most options if not given")
	s.StringVar(&f.now, "now", "", "when, in the time zone of the tables, such as 2026-11-23T10:00; the present if not given")
	for _, flag := range []string{"by", "postcodes"} {
		c.MarkFlagsMutuallyExclusive("rows", flag)
		c.MarkFlagsMutuallyExclusive("threshold", flag)
	}
	c.MarkFlagsMutuallyExclusive("by", "postcodes")
	c.MarkFlagsMutuallyExclusive("rows", "places")
	c.MarkFlagsMutuallyExclusive("places", "threshold")
	c.MarkFlagsMutuallyExclusive("rows", "gaps")
	addFormat(c, &f.format)
	return c
}

// covered is what coverage found; a part that was not asked for is nil.
type covered struct {
	book   *authoring.Book
	places *coverage.Places
	rows   *coverage.Rows
	by     []coverage.Prefixes // nil: not asked for
	codes  []coverage.CodeGaps // nil: not asked for
}

func (p *Program) rulesCoverage(ctx context.Context, registry *rules.Registry, dir string, f *coverageFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	if f.by < 0 || f.by > coverage.MostPrefix {
		return fmt.Errorf("--by %d: want from 1 to %d characters", f.by, coverage.MostPrefix)
	}
	threshold, err := percentFlag(f.threshold)
	if err != nil {
		return err
	}
	r := new(diag.Report)
	var found covered
	err = openBook(registry, dir, r, func(fsys fs.FS, b *rulebook.Rulebook) (err error) {
		found, err = p.cover(ctx, fsys, b, f, r)
		return err
	})
	if errors.Is(err, errRules) {
		return errors.Join(p.show(p.Stderr, r), errFindings)
	}
	if err != nil {
		return err
	}
	if err := p.tellCoverage(ctx, &found, f); err != nil {
		return err
	}
	return p.judgeCoverage(&found, threshold, f.gaps)
}

// percentFlag reads 80 or 80%.
func percentFlag(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(text, "%")))
	if err != nil || n < 0 || n > 100 {
		return 0, fmt.Errorf("--threshold %q: want a share from 0%% to 100%%", text)
	}
	return n, nil
}

func (p *Program) cover(ctx context.Context, fsys fs.FS, b *rulebook.Rulebook, f *coverageFlags, r *diag.Report) (out covered, err error) {
	if out.book, err = authoring.Open(b, rules.Options{}); err != nil {
		return out, err
	}
	if !f.rows {
		if err = p.coverPlaces(ctx, &out, f, r); err != nil {
			return out, err
		}
	}
	if f.places || f.by > 0 || f.postcodes != "" {
		return out, nil
	}
	tests := new(diag.Report)
	if out.rows, err = coverage.TestRows(fsys, out.book, tests); err == nil && out.rows == nil {
		r.Add(tests, diag.Place{}, "")
		err = errRules
	}
	return out, err
}

func (p *Program) coverPlaces(ctx context.Context, out *covered, f *coverageFlags, r *diag.Report) error {
	b := out.book
	now, err := p.instant(f.now, b.Rules.Shipping.Location())
	if err != nil {
		return err
	}
	if _, known := order.CurrencyExponent(f.currency); f.currency != "" && !known {
		return fmt.Errorf("--currency %q: want three capital letters such as SEK", f.currency)
	}
	carts, merge := coverage.StandardCarts(b), true
	if len(f.carts) > 0 {
		carts, merge = nil, false
	}
	own := new(diag.Report)
	for _, text := range f.carts {
		carts = append(carts, coverage.ParseCart(b, text, own))
	}
	var codes *coverage.Codes
	if f.postcodes != "" {
		if codes, err = readCodes(f.postcodes, b, own); err != nil {
			return err
		}
	}
	if own.Failed() {
		r.Add(own, diag.Place{}, "")
		return errRules
	}
	if out.places, err = coverage.Ask(ctx, b, carts, f.currency, now, merge); err != nil {
		return err
	}
	if f.by > 0 {
		out.by = out.places.By(ctx, b, f.by)
	}
	if codes != nil {
		out.codes, err = coverage.AskCodes(ctx, b, codes, carts, f.currency, out.places, merge)
	}
	return err
}

// readCodes reads a list of real postcodes.
func readCodes(name string, b *authoring.Book, r *diag.Report) (*coverage.Codes, error) {
	if _, err := os.Stat(name); err != nil {
		return nil, fmt.Errorf("--postcodes: %w", err)
	}
	dir, file := filepath.Split(name)
	return coverage.ReadCodes(os.DirFS(filepath.Clean(dir)), file, b.Rules.Tax.Home(), b, r), nil
}

func (p *Program) tellCoverage(ctx context.Context, c *covered, f *coverageFlags) error {
	if f.format == "json" {
		var out struct {
			Places *coverage.PlacesJSON `json:"places,omitzero"`
			Rows   *coverage.RowsJSON   `json:"rows,omitzero"`
			By     []coverage.Prefixes  `json:"prefixes,omitzero"`
			Codes  []coverage.CodeGaps  `json:"postcodes,omitzero"`
		}
		out.By, out.Codes = c.by, c.codes
		if c.places != nil {
			j := c.places.JSON()
			out.Places = &j
		}
		if c.rows != nil {
			j := c.rows.JSON()
			out.Rows = &j
		}
		return p.writeJSON(out)
	}
	if c.by != nil {
		return coverage.PrefixText(p.Stdout, c.by, f.by)
	}
	if c.codes != nil {
		return coverage.CodesText(p.Stdout, f.postcodes, c.codes)
	}
	if c.places != nil {
		if err := c.places.Text(ctx, p.Stdout, c.book); err != nil {
			return err
		}
	}
	if c.rows == nil {
		return nil
	}
	if c.places != nil {
		if _, err := fmt.Fprintln(p.Stdout); err != nil {
			return err
		}
	}
	return c.rows.Text(p.Stdout)
}

// judgeCoverage says on standard error why the status is not 0.
func (p *Program) judgeCoverage(c *covered, threshold int, gaps bool) error {
	var err error
	if c.rows != nil && !c.rows.Reached(threshold) {
		p.tell("kvitto: tests touch %d %% of the rows and %d %% of the conditions; want %d %% of both\n", c.rows.RowShare(), c.rows.WordShare(), threshold)
		err = errFindings
	}
	for i := range c.codes {
		if n := c.codes[i].Never; gaps && n > 0 {
			p.tell("kvitto: %s in %s without an option, whatever is in the cart\n", authoring.Plural(int(n), "postcode", "postcodes"), c.codes[i].Country)
			err = errFindings
		}
	}
	if gaps && c.places != nil && c.codes == nil {
		if open := c.places.OpenPlaces(); len(open) > 0 {
			p.tell("kvitto: %s gets no option, whatever is in the cart\n", open[0].Name())
			err = errFindings
		}
	}
	return err
}
