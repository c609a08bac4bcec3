package cmd

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/nearest"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

func (p *Program) rulesExplainCommand(registry *rules.Registry) *cobra.Command {
	var q explainQuestion
	var d decided
	c := &cobra.Command{
		Use:   "explain DIR (--to ADDRESS --cart GOODS | --order FILE) | explain [DIR] (--decision ID | --order-id ID)",
		Short: "Say why each option is offered, at which price, or not",
		Long: "Asks the tables of a rulebook one question and tells the story of the answer: every option, taken or not, with\n" +
			"the line of the tables that took it, left it out or changed its price, the tax, and what would change it.\n" +
			"--decision and --order-id ask about what a running service has decided lately: its log names the decision.",
		Example: "  kvitto rules explain rules/demo --to \"SE 621 57\" --cart \"4 kg, 700.00\"\n" +
			"  kvitto rules explain rules/demo --order callback.json --choose ombud\n" +
			"  kvitto rules explain --order-id f3392f8b-6116-4073-ab96-e330819e2c07 --config kvitto.yaml",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir := ""
			if len(args) > 0 {
				dir = args[0]
			}
			if err := checkFormat(q.format); err != nil {
				return err
			}
			switch {
			case d.wanted():
				return p.explainDecisions(c.Context(), registry, dir, &q, &d)
			case dir == "":
				return errors.New("name the folder of the rulebook")
			default:
				return p.rulesExplain(c.Context(), registry, dir, &q)
			}
		},
	}
	q.flags(c)
	f := c.Flags()
	f.StringVar(&d.id, "decision", "", "id of a decision of a running service")
	f.StringVar(&d.orderID, "order-id", "", "the last decision of a running service about this order")
	f.BoolVar(&d.all, "all", false, "with --order-id: all decisions about the order that are kept, the youngest first")
	d.add(c)
	for _, made := range []string{"to", "cart", "currency", "language", "customer", "vat-id", "tag", "order-tag"} {
		for _, recorded := range []string{"order", "decision", "order-id"} {
			c.MarkFlagsMutuallyExclusive(recorded, made)
		}
	}
	c.MarkFlagsMutuallyExclusive("order", "decision", "order-id")
	c.MarkFlagsOneRequired("to", "cart", "order", "decision", "order-id")
	return c
}

// explainQuestion is what rules explain asks, and how it is told.
type explainQuestion struct {
	asked  rulestest.Asked
	files  explainFiles
	at     time.Time // where asked does not say when; zero: the present
	all    bool      // tell all that is near
	format string
}

// explainFiles are what a question may be asked with.
type explainFiles struct {
	order    string // a recorded callback body; "": the order is made up
	products string // a list of products; "": none
}

// flags are those of the question itself.
func (q *explainQuestion) flags(c *cobra.Command) {
	a, f := &q.asked, c.Flags()
	f.StringVar(&a.To, "to", "", "address: a country and a postcode, such as \"SE 621 57\" or \"US-NY 10001\"")
	f.StringVar(&a.Cart, "cart", "", "goods: a weight, what they cost, pieces, a size, such as \"4 kg, 700.00, 2 items\"")
	f.StringVar(&a.Currency, "currency", "", "currency of the order; that of the tables if not given")
	f.StringVar(&a.Language, "language", "", "language of the buyer; the first of the tables if not given")
	f.StringVar(&a.Now, "now", "", "when, in the time zone of the tables, such as 2026-11-23T10:00; the present if not given, or when it was decided")
	f.StringVar(&a.Customer, "customer", "", "person or organization")
	f.StringVar(&a.VATID, "vat-id", "", "VAT id of an organization")
	f.StringVar(&a.Group, "group", "", "customer group")
	f.StringVar(&a.Choose, "choose", "", "id of the option that the buyer has chosen")
	f.StringArrayVar(&a.Coupons, "coupon", nil, "coupon; may be given several times")
	f.StringArrayVar(&a.Tags, "tag", nil, "tag on the goods, by which classes know them; may be given several times")
	f.StringArrayVar(&a.OrderTags, "order-tag", nil, "tag on the order; may be given several times")
	f.StringVar(&q.files.products, "products", "", "list of products for orders that carry no weights, sizes and tags")
	f.StringVar(&q.files.order, "order", "", "a recorded callback body instead of a made-up order; - reads standard input")
	f.BoolVar(&q.all, "changes", false, "tell everything near this order that would change an option, not only the first few")
	addFormat(c, &q.format)
}

// rulesExplain asks and tells.
func (p *Program) rulesExplain(ctx context.Context, registry *rules.Registry, dir string, q *explainQuestion) error {
	if q.files.order != "" {
		body, err := p.readInput(q.files.order)
		if err != nil {
			return err
		}
		q.asked.Order = body
	}
	x, err := p.explained(ctx, registry, dir, q)
	if x == nil {
		return err
	}
	if q.format == "json" {
		err = errors.Join(err, x.JSON(p.Stdout))
	} else {
		err = errors.Join(err, x.Text(p.Stdout))
	}
	if err == nil && len(x.Faults) > 0 {
		return errFindings
	}
	return err
}

// explained asks a rulebook. It tells what is to be said about the tables, and about a question that has faults: the result is
// then nil.
func (p *Program) explained(ctx context.Context, registry *rules.Registry, dir string, q *explainQuestion) (x *rulestest.Explanation, err error) {
	r := new(diag.Report)
	now := q.at
	if now.IsZero() {
		now = p.Now()
	}
	err = openBook(registry, dir, r, func(_ fs.FS, b *rulebook.Rulebook) error {
		if q.files.products != "" {
			if b = b.WithProducts(q.files.products, r); b == nil {
				return errRules
			}
		}
		s, err := b.Subject(rules.Options{})
		if err != nil {
			return err
		}
		if x = rulestest.Explain(s, q.asked, now, r); x == nil {
			return nil
		}
		x.All = q.all
		book, err := authoring.Open(b, rules.Options{})
		if err != nil {
			return err
		}
		return nearest.Find(ctx, book, x)
	})
	switch {
	case err != nil && !errors.Is(err, errRules):
		return nil, err
	case x == nil:
		return nil, p.notExplained(r, q.format)
	case q.format == "json":
		return x, nil
	default:
		return x, p.show(p.Stderr, r)
	}
}

// notExplained tells the faults of the rulebook or of the question.
func (p *Program) notExplained(r *diag.Report, format string) error {
	tell := p.show(p.Stderr, r)
	if format == "json" {
		tell = r.JSON(p.Stdout)
	}
	return errors.Join(tell, errFindings)
}
