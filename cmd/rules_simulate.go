package cmd

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/replay"
	"github.com/kvitto/kvitto/rules"
)

// simulateFlags are those of rules simulate.
type simulateFlags struct {
	bodies, compare, products, now, format string
	generate                               int64
	seed                                   uint64
	facts                                  map[string]string
	list                                   bool
}

// maxGenerated is the most orders that are made up in one run.
const maxGenerated = 100_000_000

func (p *Program) rulesSimulateCommand(registry *rules.Registry) *cobra.Command {
	var f simulateFlags
	c := &cobra.Command{
		Use:   "simulate DIR (--bodies FILE|DIR | --generate N)",
		Short: "Run many orders through a rulebook and count what they get",
		Long: "Runs recorded callbacks (a .jsonl file with one body on each line, a folder of .json files, - for standard input) or\n" +
			"made-up orders through the tables of a rulebook: which options are offered, at which prices, and who gets none.\n" +
			"Made-up orders go to the places, weights and values at which the tables themselves make a difference; the same\n" +
			"rulebook, --seed and --now give the same orders. With --compare the same orders run through another rulebook too.\n" +
			"The time of an evaluation is that of the tables and the engine alone, from the decoded order to the priced options,\n" +
			"by the clock of this machine while all its processors are at work.\n" +
			"Exit status: 1 where a body cannot be read or priced, or where --compare finds an order that changes.",
		Example: "  kvitto rules simulate rules/demo --bodies orders-2026-10.jsonl\n" +
			"  kvitto rules simulate rules/demo --generate 10000 --seed 1 --compare rules/next",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.rulesSimulate(c.Context(), registry, args[0], &f)
		},
	}
	s := c.Flags()
	s.StringVar(&f.bodies, "bodies", "", "recorded callback bodies: a .jsonl file, a folder of .json files, or -")
	s.Int64Var(&f.generate, "generate", 0, "how many orders to make up")
	s.Uint64Var(&f.seed, "seed", 1, "which made-up orders")
	s.StringVar(&f.compare, "compare", "", "folder of another rulebook to run the same orders through")
	s.StringVar(&f.now, "now", "", "when, in the time zone of the tables, such as 2026-11-23T10:00; the present if not given")
	s.StringVar(&f.products, "products", "", "list of products for orders that carry no weights, sizes and tags")
	s.StringToStringVar(&f.facts, "facts", nil, "where merchant_data holds coupon and group, as in the configuration: coupon=/coupon")
	s.BoolVar(&f.list, "list", false, "name the first orders without an option, and those that change")
	c.MarkFlagsOneRequired("bodies", "generate")
	c.MarkFlagsMutuallyExclusive("bodies", "generate")
	addFormat(c, &f.format)
	return c
}

// namedOrders is how many orders of a kind are named.
const namedOrders = 20

func (p *Program) rulesSimulate(ctx context.Context, registry *rules.Registry, dir string, f *simulateFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	if f.bodies == "" && (f.generate < 1 || f.generate > maxGenerated) {
		return fmt.Errorf("--generate %d: want from 1 to %d orders", f.generate, int64(maxGenerated))
	}
	book, other, err := p.simulated(registry, dir, f)
	if err != nil {
		return err
	}
	now, err := p.instant(f.now, book.Rules.Shipping.Location())
	if err != nil {
		return err
	}
	src, done, err := p.cases(ctx, book, f, now)
	if err != nil {
		return err
	}
	defer done()
	r, err := p.replayed(ctx, book, other, src, now)
	if err != nil {
		return err
	}
	if f.format == "json" {
		err = p.writeJSON(r)
	} else {
		err = r.Text(p.Stdout, f.list)
	}
	if err == nil && (r.Unreadable+r.Failed > 0 || r.Compared != nil && r.Compared.Changed > 0) {
		return errFindings
	}
	return err
}

// simulated opens the rulebook and, where there is one to compare with, the other; else that is nil.
func (p *Program) simulated(registry *rules.Registry, dir string, f *simulateFlags) (book, other *authoring.Book, err error) {
	o := rules.Options{FactPointers: f.facts}
	if book, err = p.bookOf(registry, dir, f.products, o); err != nil || f.compare == "" {
		return book, nil, err
	}
	other, err = p.bookOf(registry, f.compare, f.products, o)
	return book, other, err
}

// cases are the orders to run; done closes what they are read from.
func (p *Program) cases(ctx context.Context, book *authoring.Book, f *simulateFlags, now time.Time) (src replay.Source, done func(), err error) {
	done = func() {}
	if f.bodies == "" {
		return replay.Generate(ctx, book, f.generate, f.seed, now), done, nil
	}
	return p.bodies("--bodies", f.bodies)
}

// bodies opens recorded callbacks, which a flag names.
func (p *Program) bodies(flag, name string) (src replay.Source, done func(), err error) {
	done = func() {}
	if name == "-" {
		return replay.Lines("standard input", p.Stdin), done, nil
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return src, done, fmt.Errorf("%s: %w", flag, err)
	case info.IsDir():
		src, err = replay.Folder(name, os.DirFS(name))
		return src, done, err
	case !info.Mode().IsRegular():
		return src, done, fmt.Errorf("%s: %s is neither a file nor a folder", flag, name)
	}
	file, err := os.Open(name)
	if err != nil {
		return src, done, fmt.Errorf("%s: %w", flag, err)
	}
	return replay.Lines(name, file), func() { _ = file.Close() }, nil // it was only read
}

// replayed runs the orders, with a bar on a terminal.
func (p *Program) replayed(ctx context.Context, book, other *authoring.Book, src replay.Source, now time.Time) (*replay.Result, error) {
	o := replay.Options{Now: now, Keep: namedOrders}
	start := time.Now()
	o.Clock = func() time.Duration { return time.Since(start) }
	if f, ok := p.Stderr.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		var finish func()
		o.Progress, finish = bar(f, "orders", src.Len)
		defer finish()
	}
	return replay.Run(ctx, book, other, src, o)
}

// bar shows progress on a terminal; total 0 is not known.
func bar(w *os.File, what string, total int64) (tell func(done int64), finish func()) {
	pw := progress.NewWriter()
	pw.SetOutputWriter(w)
	pw.SetAutoStop(false)
	pw.SetUpdateFrequency(100 * time.Millisecond)
	pw.SetTrackerLength(40)
	pw.Style().Visibility.ETA = true
	tracker := &progress.Tracker{Message: what, Total: total, Units: progress.UnitsDefault}
	pw.AppendTracker(tracker)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		pw.Render()
	}()
	return tracker.SetValue, func() {
		tracker.MarkAsDone()
		pw.Stop()
		<-ended
	}
}
