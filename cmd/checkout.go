package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/checkout"
)

func (p *Program) checkoutCommand() *cobra.Command {
	c := group("checkout", "Make, read and change checkout orders at the provider")
	c.Long = "The calls of the Checkout API, as the merchant of the configuration. ORDER is the provider's order id, FILE is JSON\n" +
		"as on the wire (- reads standard input), such as kvitto quote prints.\n" +
		"Exit status: 1 where the provider refused, 2 where it could not be asked."
	c.AddCommand(
		p.asks(asking{use: "create FILE", short: "Make a checkout order", args: 1, changes: true, run: createCheckout}),
		p.asks(asking{use: "get ORDER", short: "Show a checkout order", args: 1, run: getCheckout,
			long: "The text is a summary; --format json is the provider's answer as it came."}),
		p.asks(asking{use: "update ORDER FILE", short: "Change a checkout order that is not complete", args: 2, changes: true,
			long: "Members that FILE does not name stay as they are.", run: updateCheckout}),
		p.asks(asking{use: "abort ORDER", short: "End a checkout order that is not complete", args: 1, changes: true, final: true, run: abortCheckout}),
	)
	return c
}

// checkoutOrder reads a checkout order.
func (s *session) checkoutOrder(ctx context.Context, id string) (*checkout.Order, error) {
	return within(ctx, s, func(ctx context.Context) (*checkout.Order, error) { return s.checkout.Order(ctx, id) })
}

func createCheckout(ctx context.Context, s *session, args []string) error {
	body, err := s.p.readInput(args[0])
	if err != nil {
		return err
	}
	o, err := within(ctx, s, func(ctx context.Context) (*checkout.Order, error) { return s.checkout.Create(ctx, body, s.f.key) })
	if err != nil {
		return s.sent(err)
	}
	return s.showCheckout("created", o)
}

func getCheckout(ctx context.Context, s *session, args []string) error {
	o, err := s.checkoutOrder(ctx, args[0])
	if err != nil {
		return err
	}
	return s.showCheckout("", o)
}

func updateCheckout(ctx context.Context, s *session, args []string) error {
	body, err := s.p.readInput(args[1])
	if err != nil {
		return err
	}
	o, err := within(ctx, s, func(ctx context.Context) (*checkout.Order, error) {
		return s.checkout.Update(ctx, args[0], body, s.f.key)
	})
	if err != nil {
		return s.sent(err)
	}
	return s.showCheckout("updated", o)
}

func abortCheckout(ctx context.Context, s *session, args []string) error {
	before, err := s.checkoutOrder(ctx, args[0])
	if err != nil {
		return err
	}
	if err := s.agree(fmt.Sprintf("abort, for good: checkout order %s of merchant %s, %s", args[0], s.merchant, printable(before.Status))); err != nil {
		return err
	}
	if err := s.do(ctx, func(ctx context.Context) error { return s.checkout.Abort(ctx, args[0], s.f.key) }); err != nil {
		return err
	}
	after := "it cannot be read any more"
	if o, err := s.checkoutOrder(ctx, args[0]); err == nil {
		after = o.Status
	}
	if s.f.format == "json" {
		return s.p.encodeJSON(map[string]any{"merchant": s.merchant, "order_id": args[0], "done": "aborted", "idempotency_key": s.f.key,
			"before": map[string]string{"status": before.Status}, "after": map[string]string{"status": after}})
	}
	_, err = fmt.Fprintf(s.p.Stdout, "aborted: checkout order %s\nstatus: %s, before %s\n", args[0], printable(after), printable(before.Status))
	return err
}

// showCheckout prints a checkout order: as it came in JSON, else what can be seen of it at a glance.
func (s *session) showCheckout(done string, o *checkout.Order) error {
	if s.f.format == "json" {
		if o.Raw == nil {
			return s.p.encodeJSON(map[string]any{"order_id": o.ID})
		}
		return s.p.printJSON(o.Raw)
	}
	if done != "" {
		if _, err := fmt.Fprintf(s.p.Stdout, "%s: checkout order %s\n", done, o.ID); err != nil || o.Raw == nil {
			return err
		}
	}
	t := s.table()
	t.AppendRow(cells("order", o.ID))
	t.AppendRow(cells("status", o.Status))
	whole, err := order.DecodeOrder(o.Raw, order.DefaultLimits())
	if err != nil {
		t.Render()
		s.p.tell("more of it cannot be shown, --format json does: %v\n", err)
		return nil
	}
	for _, row := range checkoutRows(whole) {
		if row[1] != "" {
			t.AppendRow(cells(row[:]...))
		}
	}
	t.Render()
	s.showCheckoutLines(whole)
	return nil
}

func checkoutRows(o *order.Order) [][2]string {
	selected := ""
	if o.SelectedShippingOption != nil {
		selected = joined(", ", o.SelectedShippingOption.ID, o.SelectedShippingOption.Name)
	}
	return [][2]string{
		{"amount", majorUnits(o.OrderAmount, o.PurchaseCurrency)},
		{"tax", majorUnits(o.OrderTaxAmount, o.PurchaseCurrency)},
		{"country", order.Upper(o.PurchaseCountry)},
		{"locale", o.Locale},
		{"references", joined(", ", o.MerchantReference1, o.MerchantReference2)},
		{"started", o.StartedAt},
		{"completed", o.CompletedAt},
		{"last change", o.LastModifiedAt},
		{"ships to", addressLine(o.ShippingAddress)},
		{"ships by", selected},
	}
}

func (s *session) showCheckoutLines(o *order.Order) {
	if len(o.Lines) == 0 {
		return
	}
	t := s.table("type", "reference", "name", "quantity", "unit price", "tax", "total")
	for i := range o.Lines {
		l := &o.Lines[i]
		t.AppendRow(cells(string(l.Kind()), l.Reference, l.Name, fmt.Sprint(l.Quantity), majorUnits(l.UnitPrice, o.PurchaseCurrency),
			percent(&l.TaxRate), majorUnits(l.TotalAmount, o.PurchaseCurrency)))
	}
	t.Render()
}
