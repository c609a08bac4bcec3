package order

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// AppendJSON appends the answer to dst: the same answer always gives the same bytes. It fails where a string of a line
// or an option made here is not UTF-8, and where their Unknown is not a JSON object; dst is then of no use.
func (a *Answer) AppendJSON(dst []byte) ([]byte, error) {
	dst = append(dst, `{"order_amount":`...)
	dst = strconv.AppendInt(dst, int64(a.OrderAmount), 10)
	dst = appendInt(dst, "order_tax_amount", int64(a.OrderTaxAmount))
	dst = append(dst, `,"order_lines":[`...)
	var err error
	for i := range a.Lines {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = a.Lines[i].AppendJSON(dst); err != nil {
			return nil, fmt.Errorf("order_lines/%d: %w", i, err)
		}
	}
	dst = append(dst, ']')
	if dst, err = appendText(dst, "purchase_currency", a.PurchaseCurrency); err != nil {
		return nil, fmt.Errorf("purchase_currency: %w", err)
	}
	dst = append(dst, `,"shipping_options":[`...)
	for i := range a.Options {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = a.Options[i].AppendJSON(dst); err != nil {
			return nil, fmt.Errorf("shipping_options/%d: %w", i, err)
		}
	}
	return append(dst, "]}"...), nil
}

// AppendJSON appends the line to dst: the bytes it came in where nothing was replaced, these with the new prices where
// something was, and its members where it was made here.
func (l *Line) AppendJSON(dst []byte) ([]byte, error) {
	switch {
	case l.raw == "":
		return l.appendMade(dst)
	case l.repriced || l.untaxed:
		return l.appendSpliced(dst), nil
	default:
		return append(dst, l.raw...), nil
	}
}

// MarshalJSONTo writes the line as AppendJSON does, so that a whole Order encodes with its lines as they came.
func (l *Line) MarshalJSONTo(enc *jsontext.Encoder) error {
	b, err := l.AppendJSON(nil)
	if err != nil {
		return err
	}
	return enc.WriteValue(b)
}

// appendMade appends a line that was made here.
func (l *Line) appendMade(dst []byte) ([]byte, error) {
	w := writer{dst: append(dst, '{')}
	w.text("type", string(l.Type))
	w.text("reference", l.Reference)
	w.always("name", l.Name)
	w.whole("quantity", l.Quantity)
	w.text("quantity_unit", l.QuantityUnit)
	w.whole("unit_price", int64(l.UnitPrice))
	w.whole("tax_rate", int64(l.TaxRate))
	w.whole("total_amount", int64(l.TotalAmount))
	if l.TotalDiscountAmount != 0 {
		w.whole("total_discount_amount", int64(l.TotalDiscountAmount))
	}
	w.whole("total_tax_amount", int64(l.TotalTaxAmount))
	w.text("merchant_data", l.MerchantData)
	w.text("product_url", l.ProductURL)
	w.text("image_url", l.ImageURL)
	nested(&w, "product_identifiers", l.ProductIdentifiers)
	nested(&w, "shipping_attributes", l.ShippingAttributes)
	nested(&w, "subscription", l.Subscription)
	w.unknown(l.Unknown)
	return w.end()
}

// AppendJSON appends the option to dst.
func (o *ShippingOption) AppendJSON(dst []byte) ([]byte, error) {
	w := writer{dst: append(dst, '{')}
	w.always("id", o.ID)
	w.always("name", o.Name)
	w.text("description", o.Description)
	w.text("promo", o.Promo)
	w.whole("price", int64(o.Price))
	w.whole("tax_amount", int64(o.TaxAmount))
	w.whole("tax_rate", int64(o.TaxRate))
	if o.Preselected {
		w.key("preselected")
		w.dst = append(w.dst, "true"...)
	}
	w.text("shipping_method", o.ShippingMethod)
	w.details(o.DeliveryDetails)
	w.text("tms_reference", o.TMSReference)
	if o.SelectedAddons != nil {
		nested(&w, "selected_addons", &o.SelectedAddons)
	}
	w.unknown(o.Unknown)
	return w.end()
}

// details appends the delivery details; the common members by hand, since a list of pickup points is long.
func (w *writer) details(d *DeliveryDetails) {
	if d == nil {
		return
	}
	w.open("delivery_details")
	w.text("carrier", d.Carrier)
	w.text("class", d.Class)
	nested(w, "product", d.Product)
	nested(w, "timeslot", d.Timeslot)
	w.pickup(d.PickupLocation)
	w.unknown(d.Unknown)
	w.dst = append(w.dst, '}')
}

func (w *writer) pickup(p *PickupLocation) {
	if p == nil {
		return
	}
	w.open("pickup_location")
	w.text("id", p.ID)
	w.text("name", p.Name)
	w.address(p.Address)
	w.unknown(p.Unknown)
	w.dst = append(w.dst, '}')
}

func (w *writer) address(a *Address) {
	if a == nil {
		return
	}
	w.open("address")
	w.text("given_name", a.GivenName)
	w.text("family_name", a.FamilyName)
	w.text("email", a.Email)
	w.text("title", a.Title)
	w.text("street_address", a.StreetAddress)
	w.text("street_address2", a.StreetAddress2)
	w.text("street_name", a.StreetName)
	w.text("street_number", a.StreetNumber)
	w.text("house_extension", a.HouseExtension)
	w.text("postal_code", a.PostalCode)
	w.text("city", a.City)
	w.text("region", a.Region)
	w.text("phone", a.Phone)
	w.text("country", a.Country)
	w.text("care_of", a.CareOf)
	w.text("organization_name", a.OrganizationName)
	w.text("reference", a.Reference)
	w.text("attention", a.Attention)
	w.unknown(a.Unknown)
	w.dst = append(w.dst, '}')
}

// nested appends a member that is rare on the hot path, by the tags of its type; nil is left out.
func nested[T any](w *writer, name string, v *T) {
	if v == nil || w.err != nil {
		return
	}
	b, err := json.Marshal(v)
	if err != nil {
		w.err = fmt.Errorf("%s: %w", name, err)
		return
	}
	w.key(name)
	w.dst = append(w.dst, b...)
}
