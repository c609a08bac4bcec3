package cmd

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
)

// move is a change of money: it is looked at before and after.
type move struct {
	ask    func(*management.Order) (string, error)        // what is to happen, in words
	call   func(context.Context) (made string, err error) // made is the id of a capture or a refund, or ""
	done   string                                         // what happened, in words
	refund bool                                           // made is a refund's
}

// moves reads the order, asks, makes the change, reads the order again and shows what is different.
func (s *session) moves(ctx context.Context, id string, m move) error {
	before, err := s.order(ctx, id)
	if err != nil {
		return err
	}
	what, err := m.ask(before)
	if err != nil {
		return err
	}
	if err := s.agree(fmt.Sprintf("%s: order %s of merchant %s, %s", what, id, s.merchant, printable(string(before.Status)))); err != nil {
		return err
	}
	made, err := within(ctx, s, func(ctx context.Context) (string, error) { return m.call(ctx) })
	if err != nil {
		return s.sent(err)
	}
	after, err := s.order(ctx, id)
	if err != nil {
		s.p.tell("it is done, but the order cannot be read afterwards: %v\n", err)
	}
	if s.f.format == "json" {
		return s.movedJSON(id, m, made, before, after)
	}
	return s.movedText(id, m, made, before, after)
}

// totals are what a move changes, in minor units.
type totals struct {
	Status    management.Status `json:"status"`
	Amount    order.Amount      `json:"order_amount"`
	Captured  order.Amount      `json:"captured_amount"`
	Refunded  order.Amount      `json:"refunded_amount"`
	Remaining order.Amount      `json:"remaining_authorized_amount"`
}

func totalsOf(o *management.Order) *totals {
	if o == nil {
		return nil
	}
	return &totals{o.Status, o.OrderAmount, o.CapturedAmount, o.RefundedAmount, o.RemainingAuthorizedAmount}
}

// moved is a change of money in JSON.
type moved struct {
	Merchant string  `json:"merchant"`
	OrderID  string  `json:"order_id"`
	Done     string  `json:"done"`
	Capture  string  `json:"capture_id,omitempty"`
	Refund   string  `json:"refund_id,omitempty"`
	Key      string  `json:"idempotency_key"`
	Currency string  `json:"purchase_currency"`
	Before   *totals `json:"before"`
	After    *totals `json:"after"` // null where the order could not be read
}

func (s *session) movedJSON(id string, m move, made string, before, after *management.Order) error {
	out := moved{Merchant: s.merchant, OrderID: id, Done: m.done, Key: s.f.key, Currency: before.PurchaseCurrency,
		Before: totalsOf(before), After: totalsOf(after)}
	if m.refund {
		out.Refund = made
	} else {
		out.Capture = made
	}
	return s.p.encodeJSON(out)
}

func (s *session) movedText(id string, m move, made string, before, after *management.Order) error {
	switch {
	case made != "" && m.refund:
		made = ", refund " + made
	case made != "":
		made = ", capture " + made
	}
	if _, err := fmt.Fprintf(s.p.Stdout, "%s: order %s%s\n", m.done, id, made); err != nil || after == nil {
		return err
	}
	money := func(a order.Amount) string { return majorUnits(a, before.PurchaseCurrency) }
	t := s.table("", "before", "after")
	was, is := totalsOf(before), totalsOf(after)
	changed := false
	for _, row := range [][3]string{
		{"status", string(was.Status), string(is.Status)},
		{"amount", money(was.Amount), money(is.Amount)},
		{"captured", money(was.Captured), money(is.Captured)},
		{"refunded", money(was.Refunded), money(is.Refunded)},
		{"remaining", money(was.Remaining), money(is.Remaining)},
	} {
		if row[1] != row[2] {
			t.AppendRow(cells(row[:]...))
			changed = true
		}
	}
	if !changed {
		_, err := fmt.Fprintln(s.p.Stdout, "the provider shows the order as before; it may take a moment")
		return err
	}
	t.Render()
	return nil
}

// done tells of a change that moved no money.
func (s *session) done(id, what string) error {
	if s.f.format == "json" {
		return s.p.encodeJSON(map[string]any{"merchant": s.merchant, "order_id": id, "done": what, "idempotency_key": s.f.key})
	}
	_, err := fmt.Fprintf(s.p.Stdout, "%s: order %s\n", what, id)
	return err
}

// encodeJSON prints a value of ours.
func (p *Program) encodeJSON(v any) error {
	enc := json.NewEncoder(p.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table is a table on standard output.
func (s *session) table(header ...string) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.SetOutputMirror(s.p.Stdout)
	if len(header) > 0 { // it is written in capitals: no place for ids
		t.AppendHeader(cells(header...))
	}
	return t
}

// cells is a row of what may come from outside.
func cells(texts ...string) table.Row {
	row := make(table.Row, len(texts))
	for i, text := range texts {
		row[i] = printable(text)
	}
	return row
}

// instant writes a time as people read it, "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
