package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order/management"
)

func (p *Program) managementCommand() *cobra.Command {
	c := group("management", "Read and change confirmed orders at the provider (Order Management)")
	c.Long = "Every call of the Order Management API, as the merchant of the configuration. ORDER is the provider's order id.\n" +
		"Amounts are major units, such as 199.00; --format json shows minor units, as the wire does. What moves money or ends\n" +
		"an order asks first, or needs --yes.\n" +
		"Exit status: 1 where the provider refused, 2 where it could not be asked."
	c.AddCommand(
		p.asks(asking{use: "get ORDER", short: "Show an order", args: 1, run: getOrder,
			long: "The text leaves out birth date and national id; --format json is the provider's answer as it came."}),
		p.asks(asking{use: "acknowledge ORDER", short: "Say that the order is safe with the merchant", args: 1, changes: true, final: true,
			long: "The provider then stops pushing it. Kvitto does this by itself in mode full, once the shop has the order: there it asks first.",
			run:  acknowledgeOrder}),
		p.authorizationCommand(), p.customerCommand(), p.referencesCommand(),
		p.asks(asking{use: "extend ORDER", short: "Ask for more time to capture", args: 1, changes: true,
			run: change("the authorization is extended", (*management.Client).ExtendAuthorizationTime)}),
		p.asks(asking{use: "release ORDER", short: "Give back what is not captured", args: 1, changes: true, final: true,
			run: releaseOrder}),
		p.asks(asking{use: "cancel ORDER", short: "Cancel an order that has no captures", args: 1, changes: true, final: true,
			run: cancelOrder}),
		p.orderParcelsCommand(), p.capturesCommand(), p.refundsCommand(),
	)
	return c
}

// group is a command that only holds others.
func group(name, short string) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
}

// order reads an order.
func (s *session) order(ctx context.Context, id string) (*management.Order, error) {
	return within(ctx, s, func(ctx context.Context) (*management.Order, error) { return s.management.Order(ctx, id) })
}

func getOrder(ctx context.Context, s *session, args []string) error {
	o, err := s.order(ctx, args[0])
	if err != nil {
		return err
	}
	if s.f.format == "json" {
		return s.p.printJSON(o.Raw)
	}
	return s.showOrder(o)
}

// do makes one change; what the provider may have done all the same is said.
func (s *session) do(ctx context.Context, call func(context.Context) error) error {
	_, err := within(ctx, s, func(ctx context.Context) (struct{}, error) { return struct{}{}, call(ctx) })
	return s.sent(err)
}

// change is a command of a call that takes nothing but the order.
func change(done string, call func(c *management.Client, ctx context.Context, id, key string) error) func(context.Context, *session, []string) error {
	return func(ctx context.Context, s *session, args []string) error {
		if err := s.do(ctx, func(ctx context.Context) error { return call(s.management, ctx, args[0], s.f.key) }); err != nil {
			return err
		}
		return s.done(args[0], done)
	}
}

// pushedNoMore is what an acknowledgement by hand costs where Kvitto hands orders over.
const pushedNoMore = "so that it is pushed no more whether the shop has it or not"

// acknowledgeOrder asks where Kvitto hands orders over: one that is acknowledged before is never pushed again.
func acknowledgeOrder(ctx context.Context, s *session, args []string) error {
	if !s.full {
		return change("acknowledged", (*management.Client).Acknowledge)(ctx, s, args)
	}
	return s.moves(ctx, args[0], move{
		ask: func(o *management.Order) (string, error) {
			return "acknowledge, " + pushedNoMore + ", " + majorUnits(o.OrderAmount, o.PurchaseCurrency), nil
		},
		call: func(ctx context.Context) (string, error) {
			return "", s.management.Acknowledge(ctx, args[0], s.f.key)
		},
		done: "acknowledged",
	})
}

func releaseOrder(ctx context.Context, s *session, args []string) error {
	return s.moves(ctx, args[0], move{
		ask: func(o *management.Order) (string, error) {
			return "release " + majorUnits(o.RemainingAuthorizedAmount, o.PurchaseCurrency), nil
		},
		call: func(ctx context.Context) (string, error) {
			return "", s.management.ReleaseRemainingAuthorization(ctx, args[0], s.f.key)
		},
		done: "the rest is released",
	})
}

func cancelOrder(ctx context.Context, s *session, args []string) error {
	return s.moves(ctx, args[0], move{
		ask: func(o *management.Order) (string, error) {
			return "cancel, for good, " + majorUnits(o.OrderAmount, o.PurchaseCurrency), nil
		},
		call: func(ctx context.Context) (string, error) {
			return "", s.management.Cancel(ctx, args[0], s.f.key)
		},
		done: "cancelled",
	})
}

// authorizationFlags are those of authorization.
type authorizationFlags struct{ amount, lines, description string }

func (p *Program) authorizationCommand() *cobra.Command {
	var f authorizationFlags
	c := p.asks(asking{use: "authorization ORDER --amount AMOUNT", short: "Change the amount, and the lines, of an order", args: 1, changes: true, final: true,
		long: "AMOUNT is what the whole order comes to, not what is added.",
		run: func(ctx context.Context, s *session, args []string) error {
			a := management.Authorization{Description: f.description}
			var err error
			if a.Lines, err = p.linesOf(f.lines); err != nil {
				return err
			}
			return s.moves(ctx, args[0], move{
				ask: func(o *management.Order) (string, error) {
					if a.Amount, err = parseMajor(f.amount, o.PurchaseCurrency); err != nil {
						return "", err
					}
					return fmt.Sprintf("change the amount from %s to %s", majorUnits(o.OrderAmount, o.PurchaseCurrency),
						majorUnits(a.Amount, o.PurchaseCurrency)), nil
				},
				call: func(ctx context.Context) (string, error) {
					return "", s.management.UpdateAuthorization(ctx, args[0], a, s.f.key)
				},
				done: "the authorization is changed",
			})
		}})
	c.Flags().StringVar(&f.amount, "amount", "", "what the order comes to, such as 199.00")
	c.Flags().StringVar(&f.description, "description", "", "why, for the buyer")
	addLines(c, &f.lines)
	required(c, "amount")
	return c
}

// addLines adds --lines FILE.
func addLines(c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "lines", "", "file with order lines: a JSON list, amounts in minor units; - reads standard input")
}

// linesOf reads lines; none where no file is named.
func (p *Program) linesOf(file string) ([]management.Line, error) {
	if file == "" {
		return nil, nil
	}
	return decoded(p, "--lines", file, management.DecodeLines)
}

// decoded reads a file that a flag names.
func decoded[T any](p *Program, flag, file string, decode func([]byte) (T, error)) (T, error) {
	body, err := p.readInput(file)
	if err != nil {
		var none T
		return none, fmt.Errorf("%s: %w", flag, err)
	}
	v, err := decode(body)
	if err != nil {
		err = fmt.Errorf("%s %s: %w", flag, file, err)
	}
	return v, err
}

func (p *Program) customerCommand() *cobra.Command {
	var file string
	c := p.asks(asking{use: "customer-details ORDER --file FILE", short: "Replace the shipping address", args: 1, changes: true,
		long: "FILE is a JSON object with the whole address. The billing address cannot be changed.",
		run: func(ctx context.Context, s *session, args []string) error {
			address, err := decoded(p, "--file", file, management.DecodeAddress)
			if err != nil {
				return err
			}
			if err := s.do(ctx, func(ctx context.Context) error {
				return s.management.UpdateCustomerDetails(ctx, args[0], address, s.f.key)
			}); err != nil {
				return err
			}
			return s.done(args[0], "the shipping address is replaced")
		}})
	c.Flags().StringVar(&file, "file", "", "file with the address; - reads standard input")
	required(c, "file")
	return c
}

func (p *Program) referencesCommand() *cobra.Command {
	var r management.References
	c := p.asks(asking{use: "merchant-references ORDER", short: "Set the merchant's own references", args: 1, changes: true,
		long: "A reference that is not given stays as it is.",
		run: func(ctx context.Context, s *session, args []string) error {
			if r == (management.References{}) {
				return errors.New("--reference1 or --reference2 is needed")
			}
			if err := s.do(ctx, func(ctx context.Context) error { return s.management.SetReferences(ctx, args[0], r, s.f.key) }); err != nil {
				return err
			}
			return s.done(args[0], "the references are set")
		}})
	c.Flags().StringVar(&r.Reference1, "reference1", "", "the order number that the buyer sees")
	c.Flags().StringVar(&r.Reference2, "reference2", "", "a second one, for the merchant")
	return c
}

func (p *Program) orderParcelsCommand() *cobra.Command {
	return p.parcelsCommand("shipping-info ORDER --file FILE", "Add parcels to an order", 1,
		func(ctx context.Context, s *session, args []string, info []management.ShippingInfo) error {
			return s.management.AddShippingInfo(ctx, args[0], info, s.f.key)
		})
}

// parcelsCommand adds parcels to an order or to a capture.
func (p *Program) parcelsCommand(use, short string, args int, add func(context.Context, *session, []string, []management.ShippingInfo) error) *cobra.Command {
	var file string
	c := p.asks(asking{use: use, short: short, args: args, changes: true,
		long: "FILE is a JSON list of parcels: shipping_company, shipping_method, tracking_number, tracking_uri, and the same of the return.",
		run: func(ctx context.Context, s *session, args []string) error {
			info, err := decoded(p, "--file", file, management.DecodeShippingInfo)
			if err != nil {
				return err
			}
			if err := s.do(ctx, func(ctx context.Context) error { return add(ctx, s, args, info) }); err != nil {
				return err
			}
			return s.done(args[0], fmt.Sprintf("shipping info added: %d", len(info)))
		}})
	c.Flags().StringVar(&file, "file", "", "file with the parcels; - reads standard input")
	required(c, "file")
	return c
}
