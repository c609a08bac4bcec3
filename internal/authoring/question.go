package authoring

import (
	"context"
	"slices"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// Goods are some equal pieces of a made-up cart. The zero value of a member says nothing about it.
type Goods struct {
	Pieces int64        // 0: one
	Grams  int64        // of all pieces; 0: not given
	Total  order.Amount // of all pieces, in minor units
	Sides  [3]int64     // of one piece in millimetres; 0: not given
	Mark   table.Sample // by what classes know them
	Kind   order.LineType
}

// Question is a made-up order: where it goes, who buys, what is in it and when.
type Question struct {
	Country, Region, Postcode string
	Currency, Language        string
	Customer, VATID           string
	Group, Coupon, Tag        string
	Goods                     []Goods
	Off                       order.Amount // of a discount line, without sign
	Now                       time.Time
}

// Order makes the order of a question. With VAT its lines carry the rates of the destination, so that their amounts stay as
// they are asked about whatever tax.yaml keeps.
func (b *Book) Order(ctx context.Context, q *Question) *order.Order {
	o := q.order()
	if b.Rules.Tax.SalesTax() {
		return o
	}
	g, err := b.Rules.Tax.Goods(ctx, b.Engine.Query(rules.AddressUpdate, o, q.Now))
	if err != nil || g.Reject != nil {
		return o // the engine says so itself
	}
	for i := range o.Lines {
		if i < len(g.Rates) && g.Rates[i].Apply {
			o.Lines[i].TaxRate = g.Rates[i].Rate
		}
	}
	return o
}

func (q *Question) order() *order.Order {
	o := &order.Order{PurchaseCurrency: q.Currency, Locale: q.Language,
		ShippingAddress: &order.Address{Country: q.Country, Region: q.Region, PostalCode: q.Postcode}}
	if q.Customer != "" || q.VATID != "" {
		o.Customer = &order.Customer{Type: q.Customer, VATID: q.VATID}
	}
	if q.Tag != "" {
		o.Tags = []string{q.Tag}
	}
	for i := range q.Goods {
		o.Lines = q.Goods[i].lines(o.Lines)
	}
	if q.Off > 0 || q.Coupon != "" {
		o.Lines = append(o.Lines, order.Line{Type: order.Discount, Reference: q.Coupon, Name: "discount", Quantity: 1,
			UnitPrice: -q.Off, TotalAmount: -q.Off})
	}
	for i := range o.Lines {
		o.OrderAmount += o.Lines[i].TotalAmount
	}
	return o
}

// lines appends lines of equal pieces whose prices and weights sum up exactly: at most three, the dearer and heavier pieces
// first.
func (g *Goods) lines(to []order.Line) []order.Line {
	n := max(g.Pieces, 1)
	dear, heavy := int64(g.Total)%n, g.Grams%n
	cuts := []int64{dear, heavy, n}
	slices.Sort(cuts)
	from := int64(0)
	for _, end := range cuts {
		if end == from {
			continue
		}
		price, grams := g.Total/order.Amount(n), g.Grams/n
		if from < dear {
			price++
		}
		if from < heavy {
			grams++
		}
		to = append(to, g.line(end-from, price, grams))
		from = end
	}
	return to
}

func (g *Goods) line(pieces int64, price order.Amount, grams int64) order.Line {
	l := g.Mark.Line()
	l.Type, l.Name, l.Quantity, l.UnitPrice, l.TotalAmount = g.Kind, "made-up goods", pieces, price, price*order.Amount(pieces)
	if g.Kind == order.GiftCard || g.Kind == order.StoreCredit {
		l.UnitPrice, l.TotalAmount = -l.UnitPrice, -l.TotalAmount
	}
	if grams == 0 && g.Sides == ([3]int64{}) {
		return l
	}
	if l.ShippingAttributes == nil {
		l.ShippingAttributes = &order.ShippingAttributes{}
	}
	l.ShippingAttributes.Weight = grams
	if g.Sides != ([3]int64{}) {
		l.ShippingAttributes.Dimensions = &order.Dimensions{Length: g.Sides[0], Width: g.Sides[1], Height: g.Sides[2]}
	}
	return l
}
