package cmd

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/authoring/nearest"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

func (p *Program) rulesExplainCommand(registry *rules.Registry) *cobra.Command {
	var a rulestest.Asked
	var file, products, format string
	var all bool
	c := &cobra.Command{
		Use:   "explain DIR (--to ADDRESS --cart GOODS | --order FILE)",
		Short: "Say why each option is offered, at which price, or not",
		Long: "Asks the tables of a rulebook one question and tells the story of the answer: every option, taken or not, with\n" +
			"the line of the tables that took it, left it out or changed its price, and the tax.",
		Example: "  kvitto rules explain rules/demo --to \"SE 621 57\" --cart \"4 kg, 700.00\"\n" +
			"  kvitto rules explain rules/demo --order callback.json --choose ombud",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.rulesExplain(c.Context(), registry, args[0], &a, explainFiles{file, products}, all, format)
		},
	}
	f := c.Flags()
	f.StringVar(&a.To, "to", "", "address: a country and a postcode, such as \"SE 621 57\" or \"US-NY 10001\"")
	f.StringVar(&a.Cart, "cart", "", "goods: a weight, what they cost, pieces, a size, such as \"4 kg, 700.00, 2 items\"")
	f.StringVar(&a.Currency, "currency", "", "currency of the order; that of the tables if not given")
	f.StringVar(&a.Language, "language", "", "language of the buyer; the first of the tables if not given")
	f.StringVar(&a.Now, "now", "", "when, in the time zone of the tables, such as 2026-11-23T10:00; the present if not given")
	f.StringVar(&a.Customer, "customer", "", "person or organization")
	f.StringVar(&a.VATID, "vat-id", "", "VAT id of an organization")
	f.StringVar(&a.Group, "group", "", "customer group")
	f.StringVar(&a.Choose, "choose", "", "id of the option that the buyer has chosen")
	f.StringArrayVar(&a.Coupons, "coupon", nil, "coupon; may be given several times")
	f.StringArrayVar(&a.Tags, "tag", nil, "tag on the goods, by which classes know them; may be given several times")
	f.StringArrayVar(&a.OrderTags, "order-tag", nil, "tag on the order; may be given several times")
	f.StringVar(&products, "products", "", "list of products for orders that carry no weights, sizes and tags")
	f.StringVar(&file, "order", "", "a recorded callback body instead of a made-up order; - reads standard input")
	f.BoolVar(&all, "changes", false, "tell everything near this order that would change an option, not only the first few")
	for _, made := range []string{"to", "cart", "currency", "language", "customer", "vat-id", "tag", "order-tag"} {
		c.MarkFlagsMutuallyExclusive("order", made)
	}
	c.MarkFlagsOneRequired("to", "cart", "order")
	addFormat(c, &format)
	return c
}

// explainFiles are what a question may be asked with.
type explainFiles struct {
	order    string // a recorded callback body; "": the order is made up
	products string // a list of products; "": none
}

// rulesExplain asks and tells.
func (p *Program) rulesExplain(ctx context.Context, registry *rules.Registry, dir string, a *rulestest.Asked, files explainFiles, all bool, format string) error {
	if err := checkFormat(format); err != nil {
		return err
	}
	if files.order != "" {
		body, err := p.readInput(files.order)
		if err != nil {
			return err
		}
		a.Order = body
	}
	r := new(diag.Report)
	var x *rulestest.Explanation
	err := openBook(registry, dir, r, func(_ fs.FS, b *rulebook.Rulebook) error {
		if files.products != "" {
			if b = b.WithProducts(files.products, r); b == nil {
				return errRules
			}
		}
		s, err := b.Subject(rules.Options{})
		if err != nil {
			return err
		}
		if x = rulestest.Explain(s, *a, p.Now(), r); x == nil {
			return nil
		}
		x.All = all
		book, err := authoring.Open(b, rules.Options{})
		if err != nil {
			return err
		}
		return nearest.Find(ctx, book, x)
	})
	if err != nil && !errors.Is(err, errRules) {
		return err
	}
	if x == nil {
		return p.notExplained(r, format)
	}
	if format == "json" {
		err = x.JSON(p.Stdout)
	} else {
		err = errors.Join(p.show(p.Stderr, r), x.Text(p.Stdout))
	}
	if err == nil && len(x.Faults) > 0 {
		return errFindings
	}
	return err
}

// notExplained tells the faults of the rulebook or of the question.
func (p *Program) notExplained(r *diag.Report, format string) error {
	tell := p.show(p.Stderr, r)
	if format == "json" {
		tell = r.JSON(p.Stdout)
	}
	return errors.Join(tell, errFindings)
}
