package cmd

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
)

// printable makes question marks of what a terminal would obey or hide: control characters, marks that turn the writing.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}

// showOrder prints an order without birth date and national id.
func (s *session) showOrder(o *management.Order) error {
	money := func(a order.Amount) string { return majorUnits(a, o.PurchaseCurrency) }
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.SetOutputMirror(s.p.Stdout)
	for _, row := range [][2]string{
		{"order", o.OrderID},
		{"status", string(o.Status)},
		{"fraud", string(o.FraudStatus)},
		{"amount", money(o.OrderAmount)},
		{"captured", money(o.CapturedAmount)},
		{"refunded", money(o.RefundedAmount)},
		{"remaining", money(o.RemainingAuthorizedAmount)},
		{"references", joined(", ", o.MerchantReference1, o.MerchantReference2)},
		{"provider's number", o.KlarnaReference},
		{"created", instant(o.CreatedAt)},
		{"expires", instant(o.ExpiresAt)},
		{"paid by", payment(o.InitialPaymentMethod)},
		{"ships to", addressLine(o.ShippingAddress)},
		{"ships by", shipsBy(o.SelectedShippingOption)},
	} {
		if row[1] != "" {
			t.AppendRow(cells(row[:]...))
		}
	}
	t.Render()
	s.showLines(o.Lines, o.PurchaseCurrency)
	s.showParcels(o.ShippingInfo)
	s.showCaptures(o.Captures, o.PurchaseCurrency)
	s.showRefunds(o.Refunds, o.PurchaseCurrency)
	return nil
}

func joined(between string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, between)
}

func payment(m *management.PaymentMethod) string {
	if m == nil {
		return ""
	}
	return joined(", ", m.Type, m.Description)
}

func addressLine(a *order.Address) string {
	if a == nil {
		return ""
	}
	return joined(", ", joined(" ", a.GivenName, a.FamilyName), a.OrganizationName, joined(" ", a.StreetAddress, a.StreetName, a.StreetNumber),
		a.StreetAddress2, joined(" ", a.PostalCode, a.City), a.Region, order.Upper(a.Country))
}

func shipsBy(o *management.ShippingOption) string {
	if o == nil {
		return ""
	}
	place := ""
	if o.Location != nil {
		place = o.Location.Name
	}
	return joined(", ", o.Name, o.Carrier, place)
}

func (s *session) showLines(lines []management.Line, currency string) {
	if len(lines) == 0 {
		return
	}
	t := s.table("type", "reference", "name", "quantity", "unit price", "tax", "total")
	for _, l := range lines {
		t.AppendRow(cells(string(l.Type), l.Reference, l.Name, joined(" ", strconv.FormatInt(l.Quantity, 10), l.QuantityUnit),
			majorUnits(l.UnitPrice, currency), percent(l.TaxRate), majorUnits(l.TotalAmount, currency)))
	}
	t.Render()
}

// percent writes a rate, "" for none.
func percent(r *order.Rate) string {
	if r == nil {
		return ""
	}
	if n := int64(*r); n%100 != 0 && n > 0 {
		return fmt.Sprintf("%d.%02d %%", n/100, n%100)
	}
	return strconv.FormatInt(int64(*r)/100, 10) + " %"
}

func (s *session) showCaptures(list []management.Capture, currency string) {
	if len(list) == 0 {
		return
	}
	t := s.table("capture", "captured", "refunded", "when", "reference", "tracking")
	for _, c := range list {
		t.AppendRow(cells(c.CaptureID, majorUnits(c.CapturedAmount, currency), majorUnits(c.RefundedAmount, currency),
			instant(c.CapturedAt), joined(", ", c.Reference, c.Description), tracking(c.ShippingInfo)))
	}
	t.Render()
}

func tracking(list []management.ShippingInfo) string {
	var out []string
	for _, i := range list {
		out = append(out, joined(" ", i.ShippingCompany, i.TrackingNumber))
	}
	return joined(", ", out...)
}

func (s *session) showRefunds(list []management.Refund, currency string) {
	if len(list) == 0 {
		return
	}
	t := s.table("refund", "refunded", "when", "reference", "description")
	for _, r := range list {
		t.AppendRow(cells(r.RefundID, majorUnits(r.RefundedAmount, currency), instant(r.RefundedAt), r.Reference, r.Description))
	}
	t.Render()
}

func (s *session) showParcels(list []management.ShippingInfo) {
	if len(list) == 0 {
		return
	}
	t := s.table("shipping company", "method", "tracking number", "tracking address", "return")
	for _, i := range list {
		t.AppendRow(cells(i.ShippingCompany, i.ShippingMethod, i.TrackingNumber, i.TrackingURI,
			joined(" ", i.ReturnShippingCompany, i.ReturnTrackingNumber, i.ReturnTrackingURI)))
	}
	t.Render()
}
