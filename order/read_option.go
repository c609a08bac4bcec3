package order

import "math"

// readOption reads a shipping option. What the browser says of its price is not judged: prices come from the tables.
func readOption(d *decoder, o *ShippingOption) error {
	return d.object([]member{
		must(text("id", &o.ID, 0)),
		must(bounded("name", &o.Name, maxName)),
		prose("description", &o.Description, 0),
		prose("promo", &o.Promo, 0),
		must(whole("price", (*int64)(&o.Price), math.MinInt64, math.MaxInt64)),
		must(whole("tax_amount", (*int64)(&o.TaxAmount), math.MinInt64, math.MaxInt64)),
		must(whole("tax_rate", (*int64)(&o.TaxRate), 0, int64(MaxRate))),
		flag("preselected", &o.Preselected),
		text("shipping_method", &o.ShippingMethod, 0),
		object("delivery_details", func() error { return one(d, &o.DeliveryDetails, readDetails) }),
		text("tms_reference", &o.TMSReference, 0),
		list("selected_addons", func() error { return many(d, &o.SelectedAddons, d.lim.Elements, readAddon) }),
	}, &o.Unknown)
}

func readDetails(d *decoder, v *DeliveryDetails) error {
	return d.object([]member{
		text("carrier", &v.Carrier, 0),
		text("class", &v.Class, 0),
		object("product", func() error { return one(d, &v.Product, readProduct) }),
		object("timeslot", func() error { return one(d, &v.Timeslot, readTimeslot) }),
		object("pickup_location", func() error { return one(d, &v.PickupLocation, readPickup) }),
	}, &v.Unknown)
}

func readProduct(d *decoder, p *CarrierProduct) error {
	return d.object([]member{text("name", &p.Name, 0), text("identifier", &p.Identifier, 0)}, &p.Unknown)
}

func readTimeslot(d *decoder, t *Timeslot) error {
	return d.object([]member{
		text("id", &t.ID, 0),
		text("start", &t.Start, 0),
		text("end", &t.End, 0),
	}, &t.Unknown)
}

func readPickup(d *decoder, p *PickupLocation) error {
	return d.object([]member{
		text("id", &p.ID, 0),
		text("name", &p.Name, 0),
		object("address", func() error { return one(d, &p.Address, readAddress) }),
	}, &p.Unknown)
}

func readAddon(d *decoder, a *Addon) error {
	return d.object([]member{
		text("type", &a.Type, 0),
		whole("price", (*int64)(&a.Price), math.MinInt64, math.MaxInt64),
		text("external_id", &a.ExternalID, 0),
		prose("user_input", &a.UserInput, 0),
	}, &a.Unknown)
}
