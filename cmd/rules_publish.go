package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/compare"
	"github.com/kvitto/kvitto/internal/authoring/replay"
	"github.com/kvitto/kvitto/internal/publication"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// publishFlags are those of publish and rollback.
type publishFlags struct {
	shelfFlags
	at, why, orders, products string
	facts                     map[string]string
	yes, dry, despite         bool
	replace                   bool // those that wait
}

func (f *publishFlags) add(c *cobra.Command) {
	f.shelfFlags.add(c)
	s := c.Flags()
	s.StringVar(&f.at, "at", "", "from when on it serves, in the time zone of the tables, such as 2026-12-01T00:00; at once if not given")
	s.StringVar(&f.why, "why", "", "why, for the history")
	s.StringVar(&f.orders, "orders", "", "recorded callback bodies, to tell the money that moves: a .jsonl file, a folder of .json files, or -")
	s.StringVar(&f.products, "products", "", "list of products for orders that carry no weights, sizes and tags")
	s.StringToStringVar(&f.facts, "facts", nil, "where merchant_data holds coupon and group, as in the configuration: coupon=/coupon")
	s.BoolVar(&f.yes, "yes", false, "do not ask")
	s.BoolVar(&f.dry, "dry-run", false, "show everything and publish nothing")
	s.BoolVar(&f.despite, "despite-failed-tests", false, "publish although tests of the rulebook fail; the history says so")
	s.BoolVar(&f.replace, "replace-waiting", false, "with --yes: also where a publication waits that would then never serve")
}

func (p *Program) rulesPublishCommand(registry *rules.Registry) *cobra.Command {
	var f publishFlags
	c := &cobra.Command{
		Use:   "publish DIR (--admin ADDRESS | --config FILE)",
		Short: "Bring a rulebook to a running service",
		Long: "Checks a rulebook, runs its tests, shows what changes for buyers against what the service serves, asks, and sends the\n" +
			"files. The service checks them again, writes down who published what and when, and serves them on all replicas, at once\n" +
			"or from --at on. All merchants that share the rulebook change together. The folder on the server stays as it is and\n" +
			"serves no longer; `kvitto rules rollback` goes back. The service has to allow it: `publish` in its configuration.\n" +
			"Exit status: 0 published, or nothing to publish; 1 findings or failed tests; 2 not published.",
		Example: "  kvitto rules publish rules/demo --admin 127.0.0.1:9090 --token anna.token --why \"autumn prices\"\n" +
			"  kvitto rules publish rules/demo --config kvitto.yaml --at 2026-12-01T00:00 --orders orders-2026-10.jsonl",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.rulesPublish(c.Context(), registry, args[0], &f) },
	}
	f.add(c)
	return c
}

// rulesPublish is the way of a folder to the service.
func (p *Program) rulesPublish(ctx context.Context, registry *rules.Registry, dir string, f *publishFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	r, err := p.readied(registry, dir, f)
	if err != nil {
		return err
	}
	s, err := p.openShelf(ctx, &f.shelfFlags)
	if err != nil {
		return err
	}
	r.wish.why, r.wish.despite = f.why, f.despite
	if r.wish.start, err = s.startFlag(f.at, r.book.Rules.Shipping.Location()); err != nil {
		return err
	}
	return p.offer(ctx, registry, s, r, f)
}

// startFlag reads --at; zero: at once.
func (s *shelf) startFlag(text string, loc *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := moment("--at", text, loc)
	if err == nil && !t.After(s.now) {
		err = fmt.Errorf("--at %q is over by the clock of the service: leave it out to publish at once", text)
	}
	return t, err
}

// packedBook is a rulebook that can be published.
type packedBook struct {
	what string // in words
	book *authoring.Book
	mark string // fingerprint of its files
	wish wish
	rest int // files
}

// readied checks a folder as lint and test do, and packs it.
func (p *Program) readied(registry *rules.Registry, dir string, f *publishFlags) (*packedBook, error) {
	if err := folderOf(dir); err != nil {
		return nil, err
	}
	src := &source{registry: registry}
	found, err := p.lintFolder(src, dir, false, p.Now())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	if err := p.show(p.Stderr, found); err != nil {
		return nil, err
	}
	if found.Failed() {
		p.tell("kvitto: nothing was published: the rulebook has errors\n")
		return nil, errFindings
	}
	fsys, closeDir, ok := rulebook.Open(dir, found)
	if !ok {
		return nil, errRules
	}
	defer closeDir()
	archive, names, err := publication.Pack(fsys)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	r, err := p.unpacked(registry, archive, f)
	if err != nil {
		return nil, err
	}
	for _, read := range r.book.Rules.Files {
		if !slices.Contains(names, read) {
			return nil, fmt.Errorf("%s: the rulebook reads %s, and only files of its folder whose names end in %s can be published", dir, read, publication.Kinds())
		}
	}
	r.what, r.wish.archive, r.rest = dir, archive, len(names)
	return r, p.testsOf(src, archive, f)
}

// unpacked reads the rulebook in an archive.
func (p *Program) unpacked(registry *rules.Registry, archive []byte, f *publishFlags) (*packedBook, error) {
	fsys, err := publication.Open(archive)
	if err != nil {
		return nil, err
	}
	r := &packedBook{}
	if r.mark, err = publication.Fingerprint(fsys); err != nil {
		return nil, err
	}
	r.book, err = p.bookIn(registry, fsys, f)
	return r, err
}

// bookIn is bookOf of a file system.
func (p *Program) bookIn(registry *rules.Registry, fsys fs.FS, f *publishFlags) (*authoring.Book, error) {
	r := new(diag.Report)
	b := rulebook.LoadFS(fsys, (&source{registry: registry}).options(), r)
	if b != nil && f.products != "" {
		b = b.WithProducts(f.products, r)
	}
	if b == nil {
		return nil, fmt.Errorf("%w: %s", errRules, errorsIn(r))
	}
	return authoring.Open(b, rules.Options{FactPointers: f.facts})
}

// testsOf runs the tests in an archive and shows what came of them.
func (p *Program) testsOf(src *source, archive []byte, f *publishFlags) error {
	fsys, err := publication.Open(archive)
	if err != nil {
		return err
	}
	_, failed, err := src.tested(fsys, new(diag.Report))
	if err != nil || failed == nil {
		return err
	}
	if err := rulestest.Text(p.Stderr, failed.results); err != nil {
		return err
	}
	if f.despite {
		return nil
	}
	p.tell("kvitto: nothing was published: tests fail (--despite-failed-tests publishes all the same, and the history says so)\n")
	return errFindings
}

// shown is what a person sees before it is published, for a machine.
type shown struct {
	Rulebook  string          `json:"rulebook"`
	Merchants []string        `json:"merchants"`
	Start     *time.Time      `json:"start,omitempty"` // nil: at once
	Same      bool            `json:"same"`            // exactly these files serve
	Replaced  []int64         `json:"replaces_waiting,omitempty"`
	Diff      *compare.Report `json:"diff,omitempty"`
	Bodies    *replay.Result  `json:"bodies,omitempty"`
	Published *publishedView  `json:"published,omitempty"`
}

// offer shows what changes, asks, and publishes.
func (p *Program) offer(ctx context.Context, registry *rules.Registry, s *shelf, r *packedBook, f *publishFlags) error {
	view := shown{Rulebook: s.book.Name, Merchants: s.book.Merchants, Start: given(r.wish.start), Replaced: scheduled(s.book, r.wish.start)}
	from := r.wish.start
	if from.IsZero() {
		from = s.now
	}
	if err := p.difference(ctx, registry, s, r, f, from, &view); err != nil {
		return err
	}
	if view.Same && len(view.Replaced) == 0 {
		return p.close(&view, f, "the service serves exactly this already: nothing to publish")
	}
	if f.format == "text" {
		if err := p.writeOffer(s, r, &view); err != nil {
			return err
		}
	}
	if f.dry {
		return p.close(&view, f, "nothing was published: --dry-run")
	}
	if f.yes && len(view.Replaced) > 0 && !f.replace {
		return errors.New("a publication waits that would never serve then: look at it with kvitto rules history, and give --replace-waiting if that is right")
	}
	if err := p.agree(f.yes, "Publish "+r.what, "this changes what buyers pay"); err != nil {
		return err
	}
	done, err := s.publish(ctx, &r.wish)
	if err != nil {
		return err
	}
	view.Published = &done
	if err := p.close(&view, f, outcomeOf(&done)); err != nil {
		return err
	}
	if done.Fault != "" {
		return errTold
	}
	return nil
}

// scheduled are the publications that wait and would never serve.
func scheduled(b rulebookView, start time.Time) []int64 {
	var out []int64
	for _, e := range b.Publications {
		if e.State == publication.Waiting && !e.Start.Before(start) {
			out = append(out, e.Number)
		}
	}
	return out
}

// difference compares with what would serve otherwise.
func (p *Program) difference(ctx context.Context, registry *rules.Registry, s *shelf, r *packedBook, f *publishFlags, from time.Time, view *shown) error {
	archive, err := s.files(ctx, -1, from)
	if err != nil {
		return fmt.Errorf("what serves cannot be read: %w", err)
	}
	before, err := p.unpacked(registry, archive, f)
	if err != nil {
		p.tell("kvitto: what serves cannot be compared with: %v\n", err)
		return nil
	}
	// A folder that is published again, or no longer, is another thing even where its files are the same.
	if view.Same = before.mark == r.mark && r.wish.archive != nil; view.Same {
		return nil
	}
	if view.Diff, err = compare.Diff(ctx, before.book, r.book, compare.Options{Now: from}); err != nil || f.orders == "" {
		return err
	}
	view.Bodies, err = p.diffBodies(ctx, before.book, r.book, "--orders", f.orders, from)
	return err
}

// writeOffer says in words what would be done.
func (p *Program) writeOffer(s *shelf, r *packedBook, view *shown) error {
	if view.Diff != nil {
		if err := p.writeDiff(view.Diff, view.Bodies); err != nil {
			return err
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s → rulebook %s, for %s\n", r.what, s.book.Name, merchantsOf(s.book))
	if r.wish.start.IsZero() {
		b.WriteString("it serves at once\n")
	} else {
		fmt.Fprintf(&b, "it serves from %s on\n", local(r.wish.start, r.book.Rules.Shipping.Location()))
	}
	for _, n := range view.Replaced {
		for _, e := range s.book.Publications {
			if e.Number == n {
				fmt.Fprintf(&b, "publication %d of %s, which waits until %s, would never serve\n", n, e.By, local(e.Start, zoneOf(&e.Entry)))
			}
		}
	}
	if s.book.Serving == 0 {
		b.WriteString("the folder of the service serves no longer then; kvitto rules rollback --to folder goes back to it\n")
	}
	_, err := fmt.Fprint(p.Stdout, b.String())
	return err
}

func merchantsOf(b rulebookView) string {
	if len(b.Merchants) == 1 {
		return "merchant " + b.Merchants[0]
	}
	return "merchants " + strings.Join(b.Merchants, ", ") + ", which change together"
}

// local is a time as people in a zone read it.
func local(t time.Time, loc *time.Location) string { return t.In(loc).Format("2006-01-02 15:04 MST") }

// zoneOf is the time zone of a publication's tables.
func zoneOf(e *publication.Entry) *time.Location {
	loc, err := time.LoadLocation(e.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// close ends with a sentence, or for a machine with all of it.
func (p *Program) close(view *shown, f *publishFlags, text string) error {
	if f.format == "json" {
		return p.writeJSON(view)
	}
	_, err := fmt.Fprintln(p.Stdout, text)
	return err
}

// outcomeOf says what became of a publication.
func outcomeOf(v *publishedView) string {
	e := &v.Publication
	text := fmt.Sprintf("published as number %d", e.Number)
	if e.Revision != "" {
		text += ", revision " + e.Revision
	}
	switch {
	case v.Fault != "":
		return text + ", but this replica goes on with what it had: " + v.Fault
	case e.State == publication.Waiting:
		return text + ": it waits until " + local(e.Start, zoneOf(&e.Entry))
	case v.InUse:
		return text + ": it serves"
	default:
		return text + ": it will serve in a moment"
	}
}
