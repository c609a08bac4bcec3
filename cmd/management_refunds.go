package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order/management"
)

func (p *Program) refundsCommand() *cobra.Command {
	c := group("refunds", "Give money back")
	c.AddCommand(p.refundCommand(), p.asks(asking{use: "get ORDER REFUND", short: "Show a refund", args: 2, run: getRefund}))
	return c
}

func getRefund(ctx context.Context, s *session, args []string) error {
	one, err := within(ctx, s, func(ctx context.Context) (*management.Refund, error) {
		return s.management.RefundOf(ctx, args[0], args[1])
	})
	if err != nil {
		return err
	}
	if s.f.format == "json" {
		return s.p.printJSON(one.Raw)
	}
	o, err := s.order(ctx, args[0]) // its currency
	if err != nil {
		return err
	}
	one.RefundID = args[1]
	s.showRefunds([]management.Refund{*one}, o.PurchaseCurrency)
	s.showLines(one.Lines, o.PurchaseCurrency)
	return nil
}

func (p *Program) refundCommand() *cobra.Command {
	var amount, lines string
	var r management.RefundRequest
	c := p.asks(asking{use: "create ORDER --amount AMOUNT", short: "Give captured money back to the buyer", args: 1, changes: true, final: true,
		run: func(ctx context.Context, s *session, args []string) error {
			var err error
			if r.Lines, err = p.linesOf(lines); err != nil {
				return err
			}
			return s.moves(ctx, args[0], move{
				ask: func(o *management.Order) (string, error) {
					if r.Amount, err = parseMajor(amount, o.PurchaseCurrency); err != nil {
						return "", err
					}
					return "refund " + majorUnits(r.Amount, o.PurchaseCurrency) + " of the captured " +
						majorUnits(o.CapturedAmount, o.PurchaseCurrency), nil
				},
				call: func(ctx context.Context) (string, error) {
					return s.management.Refund(ctx, args[0], r, s.f.key)
				},
				done: "refunded", refund: true,
			})
		}})
	c.Flags().StringVar(&amount, "amount", "", "how much, such as 199.00")
	c.Flags().StringVar(&r.Description, "description", "", "for the buyer")
	c.Flags().StringVar(&r.Reference, "reference", "", "for the merchant's settlement files")
	addLines(c, &lines)
	required(c, "amount")
	return c
}
