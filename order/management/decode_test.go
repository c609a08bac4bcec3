package management_test

import (
	"bytes"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/order/management"
)

func TestDecodeOrder(t *testing.T) {
	t.Parallel()
	raw := readFile(t, "order-two-captures.json")
	o, err := management.DecodeOrder([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	got := []any{o.OrderID, o.Status, o.FraudStatus, o.OrderAmount, o.OriginalOrderAmount, o.CapturedAmount, o.RefundedAmount,
		o.RemainingAuthorizedAmount, o.PurchaseCountry, o.PurchaseCurrency, o.CreatedAt, o.MerchantReference1, o.MerchantReference2,
		len(o.Lines), o.Lines[0].ProductIdentifiers.Brand, *o.Lines[0].TotalTaxAmount, o.Lines[2].Type,
		len(o.Captures), o.Captures[0].CapturedAmount, o.Captures[1].ShippingInfo[0].TrackingNumber, o.Captures[0].CapturedAt,
		o.Refunds[0].RefundID, *o.Refunds[0].CreditInvoice, o.InitialPaymentMethod.Type, o.Customer.NationalIdentificationNumber,
		o.SelectedShippingOption.Location.Address.StreetAddress2, o.SelectedShippingOption.SelectedAddons[0].UserInput}
	want := []any{orderID, management.PartCaptured, management.FraudAccepted, order.Amount(64600), order.Amount(64600), order.Amount(54700),
		order.Amount(5000), order.Amount(9900), "se", "SEK", time.Date(2026, 11, 20, 10, 25, 40, 0, time.UTC), "10001", "501",
		3, "Ljus", order.Amount(9960), order.ShippingFee,
		2, order.Amount(49800), "1234562SE", time.Date(2026, 11, 21, 8, 47, 39, 878e6, time.UTC),
		refundID, false, "INVOICE", "8109069876", "side door", "ring twice"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if string(o.Raw) != raw || !bytes.Contains(o.Raw, []byte("a member nobody knows")) {
		t.Error("Raw is not what came")
	}
	us, err := management.DecodeOrder([]byte(readFile(t, "order-us-digital.json")))
	if err != nil || us.Lines[0].TaxRate != nil || us.Lines[0].TotalTaxAmount != nil {
		t.Errorf("got %+v, %v", us, err)
	}
}

const least = `{"order_id":"a","status":"AUTHORIZED","purchase_currency":"SEK","order_amount":100,"captured_amount":0,"remaining_authorized_amount":100}`

// TestDecodeOrderFaults: row 99 for what the order's own members may be.
func TestDecodeOrderFaults(t *testing.T) {
	t.Parallel()
	with := func(member string) string { return strings.TrimSuffix(least, "}") + "," + member + "}" }
	for _, tt := range []struct {
		name, body string
		want       string // "": taken
	}{
		{"the least", least, ""},
		{"more members", with(`"new":{"x":[null,1.5]}`), ""},
		{"48 another name", with(`"ORDER_AMOUNT":1,"order_\u0061mount2":2`), ""},
		{"48 look-alikes", with(`"order_ſtatus":1`), ""},
		{"absent by null", with(`"captures":null,"billing_address":null,"expires_at":null,"locale":null`), ""},
		{"60 minus zero", strings.Replace(least, `"captured_amount":0`, `"captured_amount":-0`, 1), ""},
		{"null amount", strings.Replace(least, `"order_amount":100`, `"order_amount":null`, 1), "/order_amount has a value of the wrong type"},
		{"null in a line", with(`"order_lines":[{"name":"x","quantity":1,"unit_price":null,"total_amount":1}]`), "/order_lines/0/unit_price has"},
		{"null quantity", with(`"order_lines":[{"quantity":null}]`), "/order_lines/0/quantity has"},
		{"null tax of a line", with(`"order_lines":[{"name":"x","quantity":1,"unit_price":1,"total_amount":1,"tax_rate":null,"total_tax_amount":null}]`), ""},
		{"null where the schema allows it", with(`"selected_shipping_option":{"price":null,"tax_amount":null,"tax_rate":null,"location":{"price":null},` +
			`"timeslot":{"price":null},"selected_addons":[{"price":null}]},"initial_payment_method":{"number_of_installments":null}`), ""},
		{"a rate as a string", with(`"selected_shipping_option":{"tax_rate":"2500"}`), "/selected_shipping_option/tax_rate has"},
		{"no id", strings.Replace(least, `"order_id":"a",`, "", 1), "order_id is missing"},
		{"no status", strings.Replace(least, `"status":"AUTHORIZED",`, "", 1), "status is missing"},
		{"null status", strings.Replace(least, `"AUTHORIZED"`, "null", 1), "status is missing"},
		{"no currency", strings.Replace(least, `"purchase_currency":"SEK",`, "", 1), "purchase_currency is missing"},
		{"no amount", strings.Replace(least, `"order_amount":100,`, "", 1), "order_amount is missing"},
		{"no captured amount", strings.Replace(least, `"captured_amount":0,`, "", 1), "captured_amount is missing"},
		{"no remaining amount", strings.Replace(least, `,"remaining_authorized_amount":100`, "", 1), "remaining_authorized_amount is missing"},
		{"negative refund", with(`"refunded_amount":-1`), "refunded_amount is missing or negative"},
		{"59 number as string", strings.Replace(least, `:100,`, `:"100",`, 1), "/order_amount has a value of the wrong type"},
		{"59 string as number", strings.Replace(least, `"AUTHORIZED"`, "1", 1), "/status has"},
		{"59 object", with(`"locale":{}`), "/locale has"},
		{"59 lines as object", with(`"order_lines":{}`), "/order_lines has"},
		{"60 fraction", strings.Replace(least, `:100,`, `:1.0,`, 1), "/order_amount has"},
		{"60 exponent", strings.Replace(least, `:100,`, `:1e2,`, 1), "/order_amount has"},
		{"60 beyond", strings.Replace(least, `:100,`, `:1E400,`, 1), "/order_amount has"},
		{"60 400 digits", strings.Replace(least, `:100,`, `:`+strings.Repeat("9", 400)+`,`, 1), "/order_amount has"},
		{"61 one too many", strings.Replace(least, `:100,`, `:9223372036854775808,`, 1), "/order_amount has"},
		{"a time that is none", with(`"created_at":"yesterday"`), "/created_at has"},
		{"a name of a person", with(`"selected_shipping_option":{"location":{"address":{"city":1}}}`), "/selected_shipping_option/location/address/city has"},
		{"45 null", "null", "not a JSON object"},
		{"47 a name twice", with(`"status":"CANCELLED"`), "a name twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o, err := management.DecodeOrder([]byte(tt.body))
			switch {
			case tt.want == "" && (err != nil || o.OrderID != "a" || o.Status != management.Authorized || o.OrderAmount != 100):
				t.Errorf("got %+v, %v", o, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// FuzzDecodeOrder: what is taken has what is needed, keeps every byte, and its totals are not negative; taking it twice gives
// the same.
func FuzzDecodeOrder(f *testing.F) {
	for _, name := range []string{"order-two-captures.json", "order-us-digital.json"} {
		f.Add([]byte(readFile(f, name)))
	}
	f.Add([]byte(least))
	f.Add([]byte(`{"order_id":"a","order_id":"b"}`))
	f.Add([]byte(strings.Replace(least, "100", "-1", 1)))
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := management.DecodeOrder(body)
		if err != nil {
			if o != nil || len(err.Error()) > 200 {
				t.Errorf("got %v, %v", o, err)
			}
			return
		}
		if !bytes.Equal(o.Raw, body) || o.OrderID == "" || o.Status == "" || o.PurchaseCurrency == "" ||
			min(o.OrderAmount, o.CapturedAmount, o.RefundedAmount, o.RemainingAuthorizedAmount, o.OriginalOrderAmount) < 0 {
			t.Errorf("taken: %q", body)
		}
		again, err := management.DecodeOrder(bytes.Clone(body))
		if err != nil || !reflect.DeepEqual(o, again) {
			t.Errorf("the second time: %v, %v", again, err)
		}
	})
}

// TestReads: what is read, and that an answer about anything else is none.
func TestReads(t *testing.T) {
	t.Parallel()
	capture := `{"capture_id":"` + captureID + `","captured_amount":500,"x":1}`
	refund := `{"refund_id":"` + refundID + `","refunded_amount":500}`
	for _, tt := range []struct {
		name, at, body string
		read           func(*management.Client) (any, error)
		want           any
		wrong          []string // bodies that are no answer
	}{
		{"order", "", least, func(c *management.Client) (any, error) { o, err := c.Order(t.Context(), "a"); return o != nil, err }, true,
			[]string{strings.Replace(least, `"a"`, `"b"`, 1), `[]`, `{"order_id":"a"}`}},
		{"captures", "/captures", "[" + capture + "]", func(c *management.Client) (any, error) { return c.Captures(t.Context(), "a") },
			[]management.Capture{{CaptureID: captureID, CapturedAmount: 500, Raw: []byte(capture)}}, []string{`{}`, `[1]`, ``}},
		{"no captures", "/captures", "[]", func(c *management.Client) (any, error) { return c.Captures(t.Context(), "a") },
			[]management.Capture{}, nil},
		{"capture", "/captures/" + captureID, capture, func(c *management.Client) (any, error) { return c.CaptureOf(t.Context(), "a", captureID) },
			&management.Capture{CaptureID: captureID, CapturedAmount: 500, Raw: []byte(capture)},
			[]string{`{}`, `{"capture_id":"x","captured_amount":1}`, `{"capture_id":"` + captureID + `","captured_amount":"1"}`}},
		{"refund", "/refunds/" + refundID, refund, func(c *management.Client) (any, error) { return c.RefundOf(t.Context(), "a", refundID) },
			&management.Refund{RefundID: refundID, RefundedAmount: 500, Raw: []byte(refund)},
			[]string{`[]`, `{"refund_id":"x","refunded_amount":1}`}},
		{"refund without its id", "/refunds/" + refundID, `{"refunded_amount":5}`, func(c *management.Client) (any, error) { return c.RefundOf(t.Context(), "a", refundID) },
			&management.Refund{RefundedAmount: 5, Raw: []byte(`{"refunded_amount":5}`)}, nil},
		{"due date options", "/captures/" + captureID + "/extend-due-date-options", `{"currency":"SEK","options":[{"number_of_days":14,"amount":2900}]}`,
			func(c *management.Client) (any, error) {
				o, err := c.ExtendDueDateOptions(t.Context(), "a", captureID)
				return o.Options, err
			},
			[]management.DueDateOption{{NumberOfDays: 14, Amount: 2900}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := newProvider(t, sends(http.StatusOK, "", tt.body))
			got, err := tt.read(c)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff([]seen{{Method: "GET", Path: "/ordermanagement/v1/orders/a" + tt.at}}, p.seen); d != "" {
				t.Error(d)
			}
			for _, body := range tt.wrong {
				_, c := newProvider(t, sends(http.StatusOK, "", body))
				var e *management.Error
				if _, err := tt.read(c); !errors.Is(err, management.ErrAnswer) || !errors.As(err, &e) || e.Status != 200 {
					t.Errorf("%s: got %v", body, err)
				}
			}
			_, c = newProvider(t, sends(http.StatusNotFound, "", `{"error_code":"NO_SUCH_ORDER"}`))
			if tt.name != "due date options" {
				if _, err := tt.read(c); !errors.Is(err, management.ErrNotFound) {
					t.Errorf("404: got %v", err)
				}
			} else if _, err := c.ExtendDueDateOptions(t.Context(), "a", captureID); !errors.Is(err, management.ErrNotFound) {
				t.Errorf("404: got %v", err)
			}
		})
	}
}
