package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/callbacks/quote"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/pricing/gate"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// quoteFlags are those of quote.
type quoteFlags struct {
	rules, config, merchant, base, token, now string
	from                                      bool
}

func (p *Program) quoteCommand(registry *rules.Registry) *cobra.Command {
	var f quoteFlags
	c := &cobra.Command{
		Use:   "quote FILE (--rules DIR | --config FILE)",
		Short: "Price a draft order as the service would for the shop",
		Long: "Prices a draft order (- reads standard input) and prints the whole order, ready to be posted to the Checkout API:\n" +
			"lines, sums and shipping options filled in, everything else as it came. With --config also the cart digest in\n" +
			"merchant_data, and in merchant_urls the addresses of the callbacks, where --base or public_url says which. The\n" +
			"output then holds the token: whoever reads it can call the callbacks.\n" +
			"With --from, FILE is a question for a product page: what freight costs at least.\n" +
			"Exit status: 1 where the rules do not sell this, or the draft is wrong.",
		Example: "  kvitto quote draft.json --rules rules/demo\n" +
			"  kvitto quote draft.json --config kvitto.yaml --base https://kvitto.shop.example\n" +
			`  echo '{"country":"SE","currency":"SEK","weight":900,"value":39900}' | kvitto quote --from - --rules rules/demo`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.quote(c.Context(), registry, args[0], &f) },
	}
	c.Flags().StringVar(&f.rules, "rules", "", "folder of a rulebook; asks the tables alone")
	c.Flags().StringVar(&f.config, "config", "", "configuration file; asks as the merchant's service would, plug-ins too")
	c.Flags().StringVar(&f.merchant, "merchant", "", "merchant id; may be left out where there is one")
	c.Flags().StringVar(&f.base, "base", "", "public address of the service, instead of the configured one")
	c.Flags().StringVar(&f.token, "token", "", "file that holds the provider's token; needed where the configuration has only its hash")
	c.Flags().StringVar(&f.now, "now", "", "when, such as 2026-11-24T10:00:00+01:00; the present if not given")
	c.Flags().BoolVar(&f.from, "from", false, "FILE is a piece of goods; answer the cheapest option")
	c.MarkFlagsOneRequired("rules", "config")
	for _, flag := range []string{"config", "merchant", "base", "token"} {
		c.MarkFlagsMutuallyExclusive("rules", flag)
	}
	c.MarkFlagsMutuallyExclusive("from", "base")
	return c
}

// quote asks one question offline.
func (p *Program) quote(ctx context.Context, registry *rules.Registry, file string, f *quoteFlags) error {
	now := p.Now()
	if f.now != "" {
		var err error
		if now, err = time.Parse(time.RFC3339, f.now); err != nil {
			return fmt.Errorf("--now %q: want a date, a time and a zone such as 2026-11-24T10:00:00+01:00", f.now)
		}
	}
	body, err := p.readInput(file)
	if err != nil {
		return err
	}
	ask := func(e *rules.Engine, q *callbacks.Quoting) error {
		if f.from {
			return p.quoteFrom(ctx, e, body, now)
		}
		return p.quoteOrder(ctx, e, body, q, now)
	}
	if f.config != "" {
		return p.quoteMerchant(ctx, registry, f, ask)
	}
	r := new(diag.Report)
	err = openBook(registry, f.rules, r, func(_ fs.FS, b *rulebook.Rulebook) error {
		e, err := b.Engine(rules.Options{})
		if err != nil {
			return err
		}
		return ask(e, &callbacks.Quoting{})
	})
	if errors.Is(err, errRules) {
		return errors.Join(p.show(p.Stderr, r), errFindings)
	}
	return err
}

// quoteMerchant makes the engine that the service would have.
func (p *Program) quoteMerchant(ctx context.Context, registry *rules.Registry, f *quoteFlags, ask func(*rules.Engine, *callbacks.Quoting) error) (err error) {
	cfg, err := p.loadConfig(f.config)
	if err != nil {
		return err
	}
	m, err := findMerchant(cfg, f.merchant)
	if err != nil {
		return err
	}
	q, err := p.offlineQuoting(cfg, m, f)
	if err != nil {
		return err
	}
	r := new(diag.Report)
	src := &source{registry: registry}
	b, err := src.load(m.Rules, r)
	if err != nil {
		return p.unusable(m, r, err)
	}
	if b, err = b.withProducts(m, r); err != nil {
		return p.unusable(m, r, err)
	}
	members, closeAll, err := src.members(ctx, m, src.guard(cfg), r)
	if err != nil {
		return p.unusable(m, r, err)
	}
	defer func() { err = errors.Join(err, closeAll()) }()
	e, err := b.Engine(engineOptions(m, members, nil))
	if err != nil {
		return err
	}
	return ask(e, q)
}

// unusable tells why a merchant cannot be served.
func (p *Program) unusable(m *configs.Merchant, r *diag.Report, err error) error {
	shown := p.show(p.Stderr, r)
	p.tell("merchant %s: %v\n", m.ID, err)
	return errors.Join(shown, errFindings)
}

// offlineQuoting is the merchant's own with the addresses that the flags ask for.
func (p *Program) offlineQuoting(cfg *configs.Config, m *configs.Merchant, f *quoteFlags) (*callbacks.Quoting, error) {
	base := f.base
	if base == "" {
		base = cfg.PublicURL
	}
	if base == "" || f.from {
		q, err := quotingOf("", m)
		return &q, err
	}
	token, err := p.urlToken(m, f.token)
	if err != nil {
		return nil, err
	}
	urls, err := urlsOf(base, m, token)
	if err != nil {
		return nil, err
	}
	q, err := quotingOf("", m)
	q.URLs = urls.list()
	return &q, err
}

// quoteOrder prints the priced order.
func (p *Program) quoteOrder(ctx context.Context, e *rules.Engine, body []byte, q *callbacks.Quoting, now time.Time) error {
	o, err := order.DecodeDraft(body, order.DefaultLimits())
	if err != nil {
		return p.wrong("the draft: %v", err)
	}
	if wrong := callbacks.WrongDraft(o); len(wrong) > 0 {
		return errors.Join(p.violationsText(wrong), errFindings)
	}
	plan, d, err := e.Price(ctx, e.Query(rules.Quote, o, now))
	if err != nil || d.Verdict != rules.Accept {
		return p.notSold(d, err)
	}
	a, err := pricing.Recompute(plan)
	if err != nil {
		return p.wrong("the draft: %v", err)
	}
	if v := gate.Answer(o, a, plan.Policy.Fees...); len(v) > 0 {
		return errors.Join(p.violationsText(v), errFindings)
	}
	out, err := quote.Assemble(nil, body, plan, a, q.Terms())
	if err != nil {
		return p.wrong("the draft: %v", err)
	}
	return p.printJSON(out)
}

// quoteFrom prints the cheapest option.
func (p *Program) quoteFrom(ctx context.Context, e *rules.Engine, body []byte, now time.Time) error {
	piece, err := quote.ReadPiece(body)
	if err != nil {
		return p.wrong("%v", err)
	}
	plan, d, err := quote.Ask(ctx, e, piece, now)
	if err != nil || d.Verdict != rules.Accept {
		return p.notSold(d, err)
	}
	out, err := quote.AppendFrom(nil, plan)
	if err != nil {
		return err
	}
	return p.printJSON(out)
}

// wrong tells what is wrong with the input.
func (p *Program) wrong(format string, args ...any) error {
	p.tell(format+"\n", args...)
	return errFindings
}

// notSold tells why the rules do not sell this.
func (p *Program) notSold(d rules.Decision, err error) error {
	if err != nil {
		return err
	}
	p.tell("the rules do not sell this: %s", d.Reject.Kind)
	if d.Reject.Text != "" {
		p.tell(": %s", d.Reject.Text)
	}
	for _, r := range d.Reasons {
		p.tell("\n  %s", r.Rule)
		if r.File != "" {
			p.tell(" (%s:%d)", r.File, r.Line)
		}
		if r.Detail != "" {
			p.tell(": %s", r.Detail)
		}
	}
	p.tell("\n")
	return errFindings
}

// printJSON indents; names and values stay as they are.
func (p *Program) printJSON(out []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, out, "", "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintln(p.Stdout, b.String())
	return err
}
