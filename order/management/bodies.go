package management

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/rest"
)

// DecodeLines decodes the lines that a person wrote for a call: a JSON list. Members that the API does not know are errors,
// since they would be lost without a word. Amounts are minor units, as on the wire.
func DecodeLines(body []byte) ([]Line, error) {
	var list []Line
	if err := decodeStrictly(body, rest.List, &list); err != nil {
		return nil, err
	}
	for i := range list {
		if l := &list[i]; l.ProductIdentifiers != nil && l.ProductIdentifiers.Unknown != nil || l.Subscription != nil && l.Subscription.Unknown != nil {
			return nil, errStranger
		}
	}
	return list, lines(list)
}

// DecodeShippingInfo decodes the parcels that a person wrote for a call: a JSON list of 1 to 500, as strictly as DecodeLines.
func DecodeShippingInfo(body []byte) ([]ShippingInfo, error) {
	var list []ShippingInfo
	if err := decodeStrictly(body, rest.List, &list); err != nil {
		return nil, err
	}
	return list, shipments{list}.check()
}

// DecodeAddress decodes the address that a person wrote for a call: a JSON object, as strictly as DecodeLines, or one within
// shipping_address as it goes over the wire.
func DecodeAddress(body []byte) (order.Address, error) {
	if err := rest.Scan(body, rest.Object); err != nil {
		return order.Address{}, err
	}
	var wire struct {
		Shipping jsontext.Value `json:"shipping_address"`
		Billing  jsontext.Value `json:"billing_address"`
		Rest     jsontext.Value `json:",embed"`
	}
	if err := decode(body, &wire); err != nil {
		return order.Address{}, err
	}
	switch {
	case wire.Billing != nil:
		return order.Address{}, rest.Unusable("billing_address cannot be changed: right is the shipping address alone")
	case wire.Shipping != nil && wire.Rest != nil:
		return order.Address{}, stranger(wire.Rest, "right is nothing beside shipping_address")
	case wire.Shipping != nil && wire.Shipping.Kind() != '{':
		return order.Address{}, rest.Unusable("shipping_address is not a JSON object")
	case wire.Shipping != nil:
		body = wire.Shipping
	}
	var a order.Address
	if err := decode(body, &a); err != nil {
		return order.Address{}, err
	}
	if a.Unknown != nil {
		return order.Address{}, stranger(a.Unknown, "right are those of an address, such as street_address, postal_code, city and country")
	}
	if raw, err := json.Marshal(a); err == nil && string(raw) == "{}" {
		return order.Address{}, rest.Unusable("it is empty: right is the whole address")
	}
	return a, nil
}

// stranger names the first member that the API does not know.
func stranger(members jsontext.Value, right string) error {
	var all map[string]jsontext.Value
	at := jsontext.Pointer("")
	if err := json.Unmarshal(members, &all); err == nil && len(all) > 0 {
		at = at.AppendToken(slices.Min(slices.Collect(maps.Keys(all))))
	}
	return rest.Unusable(place(at) + " is a member that the API does not know; " + right)
}

// errStranger is a member that the API does not know.
const errStranger = rest.Unusable("it has a member that the API does not know, or null")

func decodeStrictly(body []byte, want rest.Want, to any) error {
	if err := rest.Scan(body, want); err != nil {
		return err
	}
	return decode(body, to, json.RejectUnknownMembers(true))
}

// captureList keeps each capture as it came.
func captureList(body []byte) ([]Capture, error) {
	var list []Capture
	if err := decode(body, &list); err != nil {
		return nil, err
	}
	var raw []jsontext.Value
	if err := decode(body, &raw); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Raw = raw[i]
	}
	return list, nil
}
