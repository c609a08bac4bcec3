package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/compare"
	"github.com/kvitto/kvitto/internal/authoring/replay"
	"github.com/kvitto/kvitto/rules"
)

// diffFlags are those of rules diff.
type diffFlags struct {
	bodies, products, now, format string
	facts                         map[string]string
	days                          int
	live, config, merchant        string
}

func (p *Program) rulesDiffCommand(registry *rules.Registry) *cobra.Command {
	var f diffFlags
	c := &cobra.Command{
		Use:   "diff (BEFORE | --live ADDRESS) AFTER",
		Short: "Say what changes for buyers between two rulebooks",
		Long: "Compares answers, not lines: both rulebooks are asked at every stretch of postcodes and on both sides of every limit of\n" +
			"either. A renamed zone or a row that moved without effect is no difference. BEFORE and AFTER are folders, or folders at\n" +
			"a revision of git such as HEAD~1:rules/demo; a bare revision such as HEAD~1 means the other folder at that revision.\n" +
			"--live compares with what a running service serves: where its rulebook is a commit of the folder, that one.\n" +
			"Exit status: 0 no difference, 1 differences, 2 could not compare.",
		Example: "  kvitto rules diff HEAD~1 rules/demo\n" +
			"  kvitto rules diff rules/demo rules/next --bodies orders-2026-10.jsonl",
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			return p.rulesDiff(c.Context(), registry, args, &f)
		},
	}
	s := c.Flags()
	s.StringVar(&f.bodies, "bodies", "", "recorded callback bodies, to tell the money that moves: a .jsonl file, a folder of .json files, or -")
	s.StringVar(&f.now, "now", "", "from when on, in the time zone of the tables, such as 2026-11-23; the present if not given")
	s.IntVar(&f.days, "days", 400, "how many days ahead dated prices and rates are compared")
	s.StringVar(&f.products, "products", "", "list of products for bodies that carry no weights, sizes and tags")
	s.StringToStringVar(&f.facts, "facts", nil, "where merchant_data holds coupon and group, as in the configuration: coupon=/coupon")
	s.StringVar(&f.live, "live", "", "address of the admin listener of a running service, such as 127.0.0.1:9090, to compare with what it serves")
	s.StringVar(&f.config, "config", "", "configuration of the service of --live, for its admin token")
	s.StringVar(&f.merchant, "merchant", "", "merchant id of --live; may be left out where there is one")
	addFormat(c, &f.format)
	return c
}

func (p *Program) rulesDiff(ctx context.Context, registry *rules.Registry, args []string, f *diffFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	const mostDays = 4000
	switch {
	case f.days < 1 || f.days > mostDays:
		return fmt.Errorf("--days %d: want from 1 to %d", f.days, mostDays)
	case f.live != "" && len(args) != 1:
		return errors.New("--live compares with one folder; want no other")
	case f.live == "" && len(args) != 2:
		return errors.New("want two rulebooks to compare, such as HEAD~1 and a folder; or --live ADDRESS and one folder")
	}
	before, after, same, err := p.sides(ctx, registry, args, f)
	if err != nil {
		return err
	}
	if same {
		return p.tellDiff(&compare.Report{Changes: []compare.Change{}, Notes: []string{"the running service serves exactly these files"}}, nil, f.format)
	}
	now, err := p.instant(f.now, after.Rules.Shipping.Location())
	if err != nil {
		return err
	}
	report, err := compare.Diff(ctx, before, after, compare.Options{Now: now, Horizon: time.Duration(f.days) * 24 * time.Hour})
	if err != nil {
		return err
	}
	var money *replay.Result
	if f.bodies != "" {
		if money, err = p.diffBodies(ctx, before, after, "--bodies", f.bodies, now); err != nil {
			return err
		}
	}
	return p.tellDiff(report, money, f.format)
}

// sides opens both rulebooks; same: the running service serves the folder as it is.
func (p *Program) sides(ctx context.Context, registry *rules.Registry, args []string, f *diffFlags) (before, after *authoring.Book, same bool, err error) {
	o := rules.Options{FactPointers: f.facts}
	if f.live != "" {
		return p.liveSides(ctx, registry, args[0], f, o)
	}
	open := func(arg, other string) (*authoring.Book, error) {
		dir, done, err := p.checkedOut(ctx, arg, other)
		if err != nil {
			return nil, err
		}
		defer done()
		return p.bookOf(registry, dir, f.products, o)
	}
	if before, err = open(args[0], args[1]); err != nil {
		return nil, nil, false, err
	}
	after, err = open(args[1], args[0])
	return before, after, false, err
}

func (p *Program) diffBodies(ctx context.Context, before, after *authoring.Book, flag, bodies string, now time.Time) (*replay.Result, error) {
	src, done, err := p.bodies(flag, bodies)
	if err != nil {
		return nil, err
	}
	defer done()
	return p.replayed(ctx, before, after, src, now)
}

// tellDiff writes the report and returns errFindings where there is a difference.
func (p *Program) tellDiff(report *compare.Report, money *replay.Result, format string) error {
	if format == "json" {
		err := p.writeJSON(struct {
			*compare.Report
			Bodies *replay.Result `json:"bodies,omitzero"`
		}{report, money})
		return errors.Join(err, differs(report, money))
	}
	return errors.Join(p.writeDiff(report, money), differs(report, money))
}

// writeDiff writes the report for a person.
func (p *Program) writeDiff(report *compare.Report, money *replay.Result) error {
	if err := report.Text(p.Stdout); err != nil {
		return err
	}
	if money != nil {
		if _, err := fmt.Fprintf(p.Stdout, "Against the recorded orders: %s\n", money.Compared.Text(money.Orders-money.Unreadable)); err != nil {
			return err
		}
		if money.Unreadable > 0 {
			p.tell("kvitto: %s of the bodies cannot be read, the first is %s: %s\n", authoring.Count(money.Unreadable),
				money.Named.Unreadable[0].Name, money.Named.Unreadable[0].Text)
		}
	}
	return nil
}

func differs(report *compare.Report, money *replay.Result) error {
	if !report.Empty() || money != nil && (money.Compared.Changed > 0 || money.Unreadable > 0) {
		return errFindings
	}
	return nil
}
