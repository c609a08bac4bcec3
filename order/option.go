package order

import "github.com/go-json-experiment/json/jsontext"

// ShippingOption is one way to get the goods to the buyer, as the checkout shows it. Price includes tax.
type ShippingOption struct {
	ID              string           `json:"id"`
	Name            string           `json:"name"`
	Description     string           `json:"description,omitzero"`
	Promo           string           `json:"promo,omitzero"`
	Price           Amount           `json:"price"`
	TaxAmount       Amount           `json:"tax_amount"`
	TaxRate         Rate             `json:"tax_rate"`
	Preselected     bool             `json:"preselected,omitzero"`
	ShippingMethod  string           `json:"shipping_method,omitzero"`
	DeliveryDetails *DeliveryDetails `json:"delivery_details,omitzero"`
	TMSReference    string           `json:"tms_reference,omitzero"`
	SelectedAddons  []Addon          `json:"selected_addons,omitzero"`
	Unknown         jsontext.Value   `json:",embed"`
}

// DeliveryDetails say who carries the goods, when and to which pickup point.
type DeliveryDetails struct {
	Carrier        string          `json:"carrier,omitzero"`
	Class          string          `json:"class,omitzero"`
	Product        *CarrierProduct `json:"product,omitzero"`
	Timeslot       *Timeslot       `json:"timeslot,omitzero"`
	PickupLocation *PickupLocation `json:"pickup_location,omitzero"`
	Unknown        jsontext.Value  `json:",embed"`
}

// CarrierProduct is the carrier's name for the service.
type CarrierProduct struct {
	Name       string         `json:"name,omitzero"`
	Identifier string         `json:"identifier,omitzero"`
	Unknown    jsontext.Value `json:",embed"`
}

// Timeslot is a delivery window; Start and End are RFC 3339 times or dates.
type Timeslot struct {
	ID      string         `json:"id,omitzero"`
	Start   string         `json:"start,omitzero"`
	End     string         `json:"end,omitzero"`
	Unknown jsontext.Value `json:",embed"`
}

// PickupLocation is where the buyer fetches the parcel.
type PickupLocation struct {
	ID      string         `json:"id,omitzero"`
	Name    string         `json:"name,omitzero"`
	Address *Address       `json:"address,omitzero"`
	Unknown jsontext.Value `json:",embed"`
}

// Addon is an extra the buyer chose with an option.
type Addon struct {
	Type       string         `json:"type,omitzero"`
	Price      Amount         `json:"price,omitzero"`
	ExternalID string         `json:"external_id,omitzero"`
	UserInput  string         `json:"user_input,omitzero"`
	Unknown    jsontext.Value `json:",embed"`
}
