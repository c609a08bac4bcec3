// Package floor is what Kvitto's speed is measured against: a gin handler that decodes the same order with the standard
// library's encoding/json into structs, encodes a fixed answer of the same size, and does nothing else.
//
// Its one rule: it stays as plain as a shop's first version would be.
package floor

import (
	"encoding/json"
	"net/http"

	"github.com/gin-gonic/gin"
)

// Order is the callback body in plain structs.
type Order struct {
	OrderAmount            int64    `json:"order_amount"`
	OrderTaxAmount         int64    `json:"order_tax_amount"`
	OrderLines             []Line   `json:"order_lines"`
	BillingAddress         *Address `json:"billing_address,omitempty"`
	ShippingAddress        *Address `json:"shipping_address,omitempty"`
	SelectedShippingOption *Option  `json:"selected_shipping_option,omitempty"`
	PurchaseCurrency       string   `json:"purchase_currency"`
	MerchantData           string   `json:"merchant_data,omitempty"`
	MerchantReference1     string   `json:"merchant_reference1,omitempty"`
	Customer               struct {
		Type        string `json:"type,omitempty"`
		DateOfBirth string `json:"date_of_birth,omitempty"`
	} `json:"customer"`
	Locale string   `json:"locale"`
	Tags   []string `json:"tags,omitempty"`
}

// Line is an order line in a plain struct.
type Line struct {
	Type                string `json:"type"`
	Reference           string `json:"reference"`
	Name                string `json:"name"`
	Quantity            int64  `json:"quantity"`
	QuantityUnit        string `json:"quantity_unit,omitempty"`
	UnitPrice           int64  `json:"unit_price"`
	TaxRate             int64  `json:"tax_rate"`
	TotalAmount         int64  `json:"total_amount"`
	TotalDiscountAmount int64  `json:"total_discount_amount"`
	TotalTaxAmount      int64  `json:"total_tax_amount"`
	MerchantData        string `json:"merchant_data,omitempty"`
	ProductURL          string `json:"product_url,omitempty"`
	ImageURL            string `json:"image_url,omitempty"`
	ProductIdentifiers  *struct {
		Brand                  string `json:"brand,omitempty"`
		Color                  string `json:"color,omitempty"`
		CategoryPath           string `json:"category_path,omitempty"`
		GlobalTradeItemNumber  string `json:"global_trade_item_number,omitempty"`
		ManufacturerPartNumber string `json:"manufacturer_part_number,omitempty"`
		Size                   string `json:"size,omitempty"`
	} `json:"product_identifiers,omitempty"`
	ShippingAttributes *struct {
		Weight     int64 `json:"weight"`
		Dimensions *struct {
			Height int64 `json:"height"`
			Width  int64 `json:"width"`
			Length int64 `json:"length"`
		} `json:"dimensions,omitempty"`
		Tags []string `json:"tags,omitempty"`
	} `json:"shipping_attributes,omitempty"`
}

// Address is an address in a plain struct.
type Address struct {
	GivenName      string `json:"given_name,omitempty"`
	FamilyName     string `json:"family_name,omitempty"`
	Email          string `json:"email,omitempty"`
	StreetAddress  string `json:"street_address,omitempty"`
	StreetAddress2 string `json:"street_address2,omitempty"`
	PostalCode     string `json:"postal_code,omitempty"`
	City           string `json:"city,omitempty"`
	Region         string `json:"region,omitempty"`
	Phone          string `json:"phone,omitempty"`
	Country        string `json:"country,omitempty"`
}

// Option is a shipping option in a plain struct.
type Option struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Description    string `json:"description,omitempty"`
	Price          int64  `json:"price"`
	TaxAmount      int64  `json:"tax_amount"`
	TaxRate        int64  `json:"tax_rate"`
	Preselected    bool   `json:"preselected"`
	ShippingMethod string `json:"shipping_method,omitempty"`
}

// Answer is the answer in plain structs.
type Answer struct {
	OrderAmount      int64    `json:"order_amount"`
	OrderTaxAmount   int64    `json:"order_tax_amount"`
	OrderLines       []Line   `json:"order_lines"`
	PurchaseCurrency string   `json:"purchase_currency"`
	ShippingOptions  []Option `json:"shipping_options"`
}

// Handler decodes each body and encodes answer, which is prepared by the caller to be as large as Kvitto's.
func Handler(answer *Answer) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.POST("/v1/:merchant/:token/address-update", func(c *gin.Context) {
		var o Order
		if err := json.NewDecoder(c.Request.Body).Decode(&o); err != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		c.JSON(http.StatusOK, answer)
	})
	return e
}

// Fixed is an answer to o as large as Kvitto's: its lines, one freight line and four options.
func Fixed(o *Order) *Answer {
	a := &Answer{OrderAmount: o.OrderAmount + 7900, OrderTaxAmount: o.OrderTaxAmount + 1580, PurchaseCurrency: "SEK"}
	a.OrderLines = append(a.OrderLines, o.OrderLines...)
	a.OrderLines = append(a.OrderLines, Line{Type: "shipping_fee", Reference: "ombud", Name: "Till ombud", Quantity: 1, UnitPrice: 7900,
		TaxRate: 2500, TotalAmount: 7900, TotalTaxAmount: 1580})
	for _, id := range []string{"ombud", "hem", "butik:haga", "butik:sodermalm"} {
		a.ShippingOptions = append(a.ShippingOptions, Option{ID: id, Name: "Till ombud", Description: "Att hämta 25–27 nov", Price: 7900,
			TaxAmount: 1580, TaxRate: 2500, ShippingMethod: "PickUpPoint"})
	}
	return a
}
