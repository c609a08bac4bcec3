package management

import (
	"strconv"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/rest"
)

// Limits of the API, contract 4.2.
const (
	MaxAmount       = order.Amount(200_000_000)
	MaxText         = 255 // characters of a description or a reference
	MaxShippingInfo = 500
	maxShippingText = 100
	maxShippingURI  = 1024
)

func (r References) check() error {
	if r == (References{}) {
		return rest.Unusable("there is no reference")
	}
	return firstOf(text("merchant_reference1", r.Reference1, MaxText), text("merchant_reference2", r.Reference2, MaxText))
}

func (a Authorization) check() error {
	return firstOf(amount("order_amount", a.Amount), text("description", a.Description, MaxText), lines(a.Lines))
}

func (r CaptureRequest) check() error {
	err := firstOf(amount("captured_amount", r.Amount), text("description", r.Description, MaxText),
		text("reference", r.Reference, MaxText), lines(r.Lines), parcels(r.ShippingInfo))
	if err == nil && r.ShippingDelay < 0 {
		err = rest.Unusable("shipping_delay is negative")
	}
	return err
}

func (r RefundRequest) check() error {
	return firstOf(amount("refunded_amount", r.Amount), text("description", r.Description, MaxText),
		text("reference", r.Reference, MaxText), lines(r.Lines))
}

func (s shipments) check() error {
	if len(s.ShippingInfo) == 0 {
		return rest.Unusable("shipping_info is empty")
	}
	return parcels(s.ShippingInfo)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func amount(name string, a order.Amount) error {
	if a < 0 || a > MaxAmount {
		return rest.Unusable(name + " is " + strconv.FormatInt(int64(a), 10) + " minor units; right is 0 to " +
			strconv.FormatInt(int64(MaxAmount), 10))
	}
	return nil
}

func text(name, s string, most int) error {
	if n := utf8.RuneCountInString(s); n > most {
		return rest.Unusable(name + " has " + strconv.Itoa(n) + " characters; right is " + strconv.Itoa(most) + " or fewer")
	}
	return nil
}

func lines(ls []Line) error {
	if len(ls) > order.MaxLines {
		return rest.Unusable("order_lines has " + strconv.Itoa(len(ls)) + " lines; right is " + strconv.Itoa(order.MaxLines) + " or fewer")
	}
	return nil
}

func parcels(list []ShippingInfo) error {
	if len(list) > MaxShippingInfo {
		return rest.Unusable("shipping_info has " + strconv.Itoa(len(list)) + " entries; right is " +
			strconv.Itoa(MaxShippingInfo) + " or fewer")
	}
	for i, s := range list {
		at := "shipping_info[" + strconv.Itoa(i) + "]."
		err := firstOf(text(at+"shipping_company", s.ShippingCompany, maxShippingText),
			text(at+"tracking_number", s.TrackingNumber, maxShippingText),
			text(at+"tracking_uri", s.TrackingURI, maxShippingURI),
			text(at+"return_shipping_company", s.ReturnShippingCompany, maxShippingText),
			text(at+"return_tracking_number", s.ReturnTrackingNumber, maxShippingText),
			text(at+"return_tracking_uri", s.ReturnTrackingURI, maxShippingURI))
		if err != nil {
			return err
		}
	}
	return nil
}
