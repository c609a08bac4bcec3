package management

import (
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

// DecodeAddress decodes the address that a person wrote for a call: a JSON object, as strictly as DecodeLines.
func DecodeAddress(body []byte) (order.Address, error) {
	var a order.Address
	if err := decodeStrictly(body, rest.Object, &a); err != nil {
		return order.Address{}, err
	}
	if a.Unknown != nil {
		return order.Address{}, errStranger
	}
	return a, nil
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
