package management_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/kvitto/kvitto/order/management"
)

// A confirmed order is read, and acknowledged with a key that is the same whenever this is repeated.
func Example() {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "GET /ordermanagement/v1/orders/4ba29b50":
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, `{"order_id":"4ba29b50","status":"AUTHORIZED","fraud_status":"ACCEPTED","purchase_currency":"SEK",
				"order_amount":19900,"captured_amount":0,"remaining_authorized_amount":19900}`)
		case "POST /ordermanagement/v1/orders/4ba29b50/acknowledge":
			w.WriteHeader(http.StatusNoContent)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer provider.Close()

	credentials, err := management.RawValue("kco_test_api_abc")
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := management.New(management.Options{
		BaseURL:     provider.URL,
		Credentials: credentials,
		Transport:   &http.Transport{DisableCompression: true},
		Now:         time.Now,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	order, err := client.Order(ctx, "4ba29b50")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Status, order.RemainingAuthorizedAmount, order.PurchaseCurrency)
	fmt.Println(client.Acknowledge(ctx, order.OrderID, management.Key("shop", order.OrderID, "acknowledge")))

	_, err = client.Order(ctx, "another")
	fmt.Println(errors.Is(err, management.ErrNotFound), err)
	fmt.Println(credentials)
	// Output:
	// AUTHORIZED 19900 SEK
	// <nil>
	// true read the order: the provider has no such thing under these credentials: status 404
	// ***
}
