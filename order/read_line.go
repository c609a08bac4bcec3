package order

import "math"

// readLine reads one element of order_lines, checks it by itself and keeps its bytes.
func readLine(d *decoder, l *Line) error {
	var at prices
	from := int32(d.start())
	total := priced("total_amount", &l.TotalAmount, -MaxLineAmount, MaxLineAmount, &at.total)
	total.need = !d.draft
	err := d.object([]member{
		text("type", (*string)(&l.Type), 0),
		text("reference", &l.Reference, maxReference),
		must(bounded("name", &l.Name, maxName)),
		must(whole("quantity", &l.Quantity, 0, math.MaxInt64)),
		text("quantity_unit", &l.QuantityUnit, 8),
		must(priced("unit_price", &l.UnitPrice, -MaxLineAmount, MaxLineAmount, &at.unitPrice)),
		priced("tax_rate", (*Amount)(&l.TaxRate), 0, Amount(MaxRate), &at.taxRate),
		total,
		priced("total_discount_amount", &l.TotalDiscountAmount, 0, math.MaxInt64, &at.discount),
		priced("total_tax_amount", &l.TotalTaxAmount, -MaxLineAmount, MaxLineAmount, &at.tax),
		prose("merchant_data", &l.MerchantData, 1024),
		text("product_url", &l.ProductURL, 1024),
		text("image_url", &l.ImageURL, 1024),
		object("product_identifiers", func() error { return one(d, &l.ProductIdentifiers, readIdentifiers) }),
		object("shipping_attributes", func() error { return one(d, &l.ShippingAttributes, readAttributes) }),
		object("subscription", func() error { return one(d, &l.Subscription, readSubscription) }),
	}, &l.Unknown)
	if err != nil {
		return err
	}
	l.raw = d.text[from:d.dec.InputOffset()]
	l.at = at.from(from)
	l.untaxed = l.at.taxRate.missing() || l.at.tax.missing()
	if err := d.checkLine(l); err != nil || !l.at.total.missing() {
		return err
	}
	gross, _ := product(l.Quantity, l.UnitPrice) // checkLine has refused what does not fit
	l.TotalAmount, l.repriced = gross-l.TotalDiscountAmount, true
	return nil
}

// bounded is a string that may not be empty.
func bounded(name string, to *string, most int64) member {
	m := text(name, to, most)
	m.min = 1
	return m
}

// priced is one of the five members that pricing may replace.
func priced(name string, to *Amount, least, most Amount, at *span) member {
	m := whole(name, (*int64)(to), int64(least), int64(most))
	m.span = at
	return m
}

// checkLine refuses signs, discounts and products that no order can have. Whether the total is right is not asked here.
func (d *decoder) checkLine(l *Line) error {
	gross, ok := product(l.Quantity, l.UnitPrice)
	total := gross - l.TotalDiscountAmount
	overflow := !ok || gross < 0 && total > 0
	switch l.Kind() {
	case Physical, Digital, ShippingFee, SalesTax:
		if l.UnitPrice < 0 {
			return d.faultAt("unit_price", FaultSign, "found a negative price; right is 0 or more for this type of line")
		}
		if ok && l.TotalDiscountAmount > gross {
			return d.faultAt("total_discount_amount", FaultDiscount,
				"found a discount larger than its line; right is quantity times unit_price at most")
		}
		if l.TotalAmount < 0 {
			return d.faultAt("total_amount", FaultSign, "found a negative total; right is 0 or more for this type of line")
		}
	case Discount, GiftCard, StoreCredit:
		if l.UnitPrice > 0 {
			return d.faultAt("unit_price", FaultSign, "found a positive price; right is 0 or less for this type of line")
		}
		if l.TotalAmount > 0 {
			return d.faultAt("total_amount", FaultSign, "found a positive total; right is 0 or less for this type of line")
		}
	}
	if overflow || total > MaxLineAmount || total < -MaxLineAmount {
		return d.faultAt("quantity", FaultRange, "found quantity times unit_price less total_discount_amount beyond "+
			"what a line may be; right is a total from -100000000 to 100000000")
	}
	return nil
}

// product returns quantity times price, and whether it fits; quantity is not negative.
func product(quantity int64, price Amount) (Amount, bool) {
	if price == 0 {
		return 0, true
	}
	return Amount(quantity) * price, quantity <= math.MaxInt64/max(int64(price), -int64(price))
}

func readIdentifiers(d *decoder, p *ProductIdentifiers) error {
	return d.object([]member{
		text("brand", &p.Brand, 70),
		text("color", &p.Color, 64),
		text("category_path", &p.CategoryPath, 750),
		text("global_trade_item_number", &p.GlobalTradeItemNumber, 50),
		text("manufacturer_part_number", &p.ManufacturerPartNumber, 70),
		text("size", &p.Size, 64),
	}, &p.Unknown)
}

func readAttributes(d *decoder, s *ShippingAttributes) error {
	return d.object([]member{
		whole("weight", &s.Weight, 0, maxMeasure),
		object("dimensions", func() error { return one(d, &s.Dimensions, readDimensions) }),
		list("tags", func() error { return d.texts(&s.Tags) }),
	}, &s.Unknown)
}

// maxMeasure bounds grams and millimetres of one piece: a thousand tonnes, a thousand kilometres.
const maxMeasure = 1_000_000_000

func readDimensions(d *decoder, m *Dimensions) error {
	return d.object([]member{
		whole("height", &m.Height, 0, maxMeasure),
		whole("width", &m.Width, 0, maxMeasure),
		whole("length", &m.Length, 0, maxMeasure),
	}, &m.Unknown)
}

func readSubscription(d *decoder, s *Subscription) error {
	return d.object([]member{
		text("name", &s.Name, 0),
		must(text("interval", &s.Interval, 0)),
		must(whole("interval_count", &s.IntervalCount, 1, math.MaxInt64)),
	}, &s.Unknown)
}
