package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
)

func (p *Program) capturesCommand() *cobra.Command {
	c := group("captures", "Take the money of what was sent, and what belongs to it")
	c.AddCommand(
		p.asks(asking{use: "list ORDER", short: "List an order's captures", args: 1, run: listCaptures}),
		p.asks(asking{use: "get ORDER CAPTURE", short: "Show a capture", args: 2, run: getCapture}),
		p.captureCommand(),
		p.parcelsCommand("shipping-info ORDER CAPTURE --file FILE", "Add parcels to a capture", 2,
			func(ctx context.Context, s *session, args []string, info []management.ShippingInfo) error {
				return s.management.AddCaptureShippingInfo(ctx, args[0], args[1], info, s.f.key)
			}),
		p.asks(asking{use: "resend ORDER CAPTURE", short: "Have the provider send the buyer the invoice again", args: 2, changes: true,
			run: resend}),
		p.dueDateCommand(),
	)
	return c
}

func listCaptures(ctx context.Context, s *session, args []string) error {
	list, err := within(ctx, s, func(ctx context.Context) ([]management.Capture, error) { return s.management.Captures(ctx, args[0]) })
	if err != nil {
		return err
	}
	if s.f.format == "json" {
		raw := []byte{'['}
		for i, c := range list {
			if i > 0 {
				raw = append(raw, ',')
			}
			raw = append(raw, c.Raw...)
		}
		return s.p.printJSON(append(raw, ']'))
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(s.p.Stdout, "no captures")
		return err
	}
	o, err := s.order(ctx, args[0]) // its currency
	if err != nil {
		return err
	}
	s.showCaptures(list, o.PurchaseCurrency)
	return nil
}

func getCapture(ctx context.Context, s *session, args []string) error {
	one, err := within(ctx, s, func(ctx context.Context) (*management.Capture, error) {
		return s.management.CaptureOf(ctx, args[0], args[1])
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
	s.showCaptures([]management.Capture{*one}, o.PurchaseCurrency)
	s.showLines(one.Lines, o.PurchaseCurrency)
	s.showParcels(one.ShippingInfo)
	return nil
}

// captureFlags are those of captures create.
type captureFlags struct {
	amount, lines, parcels string
	rest                   bool
	request                management.CaptureRequest
}

func (p *Program) captureCommand() *cobra.Command {
	var f captureFlags
	c := p.asks(asking{use: "create ORDER (--amount AMOUNT | --remaining)", short: "Take money from the authorization", args: 1, changes: true, final: true,
		long: "It acknowledges the order too: in mode full, where Kvitto does that once the shop has the order, the question says so.",
		run:  func(ctx context.Context, s *session, args []string) error { return p.capture(ctx, s, args[0], &f) }})
	c.Flags().StringVar(&f.amount, "amount", "", "how much, such as 199.00")
	c.Flags().BoolVar(&f.rest, "remaining", false, "all that is left of the authorization")
	c.Flags().StringVar(&f.request.Description, "description", "", "for the buyer")
	c.Flags().StringVar(&f.request.Reference, "reference", "", "for the merchant's settlement files")
	c.Flags().Int64Var(&f.request.ShippingDelay, "shipping-delay", 0, "days until the order is sent, where the provider has agreed to it")
	c.Flags().StringVar(&f.parcels, "shipping-info", "", "file with the parcels, a JSON list")
	addLines(c, &f.lines)
	c.MarkFlagsOneRequired("amount", "remaining")
	c.MarkFlagsMutuallyExclusive("amount", "remaining")
	return c
}

// how much is to be captured of an order.
func (f *captureFlags) how(o *management.Order) (order.Amount, error) {
	if f.rest {
		return o.RemainingAuthorizedAmount, nil
	}
	return parseMajor(f.amount, o.PurchaseCurrency)
}

func (p *Program) capture(ctx context.Context, s *session, id string, f *captureFlags) error {
	var err error
	if f.request.Lines, err = p.linesOf(f.lines); err != nil {
		return err
	}
	if f.parcels != "" {
		if f.request.ShippingInfo, err = decoded(p, "--shipping-info", f.parcels, management.DecodeShippingInfo); err != nil {
			return err
		}
	}
	return s.moves(ctx, id, move{
		ask: func(o *management.Order) (string, error) {
			if f.request.Amount, err = f.how(o); err != nil {
				return "", err
			}
			return fmt.Sprintf("capture %s of the remaining %s%s", majorUnits(f.request.Amount, o.PurchaseCurrency),
				majorUnits(o.RemainingAuthorizedAmount, o.PurchaseCurrency), s.acknowledges()), nil
		},
		call: func(ctx context.Context) (string, error) {
			return s.management.Capture(ctx, id, f.request, s.f.key)
		},
		done: "captured",
	})
}

// acknowledges is what a question says of a call that acknowledges too, where Kvitto hands orders over.
func (s *session) acknowledges() string {
	if !s.full {
		return ""
	}
	return " and acknowledge the order, " + pushedNoMore
}

func resend(ctx context.Context, s *session, args []string) error {
	if err := s.do(ctx, func(ctx context.Context) error { return s.management.TriggerSendOut(ctx, args[0], args[1], s.f.key) }); err != nil {
		return err
	}
	return s.done(args[0], "the invoice is sent again")
}

func (p *Program) dueDateCommand() *cobra.Command {
	var days int64
	c := p.asks(asking{use: "due-date ORDER CAPTURE", short: "Show by how much the due date can be put off, or put it off", args: 2, changes: true,
		final: true,
		long:  "Without --days it shows what is possible and what it costs. With it the fee is asked about.",
		run: func(ctx context.Context, s *session, args []string) error {
			switch {
			case days < 0:
				return errors.New("--days: want a number of days that was offered")
			case days == 0:
				return dueDateOptions(ctx, s, args)
			}
			if err := s.agreeDueDate(ctx, args, days); err != nil {
				return err
			}
			if err := s.do(ctx, func(ctx context.Context) error {
				return s.management.ExtendDueDate(ctx, args[0], args[1], days, s.f.key)
			}); err != nil {
				return err
			}
			return s.done(args[0], "the due date is put off by "+strconv.FormatInt(days, 10)+" days")
		}})
	c.Flags().Int64Var(&days, "days", 0, "by how many days")
	return c
}

// agreeDueDate asks about the fee, which the provider says; where it does not offer the days it will say so itself.
func (s *session) agreeDueDate(ctx context.Context, args []string, days int64) error {
	if s.f.yes {
		return nil
	}
	o, err := within(ctx, s, func(ctx context.Context) (*management.DueDateOptions, error) {
		return s.management.ExtendDueDateOptions(ctx, args[0], args[1])
	})
	if err != nil {
		return err
	}
	var offered []string
	for _, one := range o.Options {
		if one.NumberOfDays == days {
			return s.p.agree(false, fmt.Sprintf("put the due date off by %d days for a fee of %s: capture %s of order %s of merchant %s",
				days, majorUnits(one.Amount, o.Currency), args[1], args[0], s.merchant), "this costs a fee")
		}
		offered = append(offered, strconv.FormatInt(one.NumberOfDays, 10))
	}
	return fmt.Errorf("--days %d: the provider offers %s", days, strings.Join(offered, ", "))
}

func dueDateOptions(ctx context.Context, s *session, args []string) error {
	o, err := within(ctx, s, func(ctx context.Context) (*management.DueDateOptions, error) {
		return s.management.ExtendDueDateOptions(ctx, args[0], args[1])
	})
	if err != nil {
		return err
	}
	if s.f.format == "json" {
		return s.p.printJSON(o.Raw)
	}
	t := s.table("days", "fee")
	for _, one := range o.Options {
		t.AppendRow(cells(strconv.FormatInt(one.NumberOfDays, 10), majorUnits(one.Amount, o.Currency)))
	}
	t.Render()
	return nil
}
