package callbacks

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// orderCreated is the one signed webhook that is acted on.
const orderCreated = "order.created"

// signedEvent is the body of a signed webhook; members that are not here are ignored.
type signedEvent struct {
	Type string         `json:"type"`
	Data jsontext.Value `json:"data"`
}

// webhook takes the provider's signed webhooks: order.created is a push by another way, every other type asks for nothing
// and is thanked for. Nothing of the body is read before its signature is known to be good.
func (s *Server) webhook(x *exchange) error {
	if err := checkHeaders(x.r.Header); err != nil {
		return err
	}
	if err := x.readBody(noticeBody); err != nil {
		return err
	}
	if err := x.tenant.Webhook.Verify(x.r.Header, x.body, x.begun); err != nil {
		return &refusal{class: classSignature, found: err.Error()}
	}
	id, err := createdOrder(x.body)
	if err != nil {
		return err
	}
	if id == "" {
		x.ignored()
		return nil
	}
	if err := x.agree(id); err != nil {
		return err
	}
	if x.orderID == "" {
		return refuse(classIDMalformed)
	}
	x.event = orderCreated
	st, err := x.taken()
	if err != nil {
		return err
	}
	x.stands(st)
	x.send(http.StatusOK, mediaJSON, append(x.out[:0], approval...))
	return nil
}

// createdOrder returns the order id of an order.created, "" for every other type.
func createdOrder(body []byte) (string, error) {
	var e signedEvent
	if jsontext.Value(body).Kind() != '{' || json.Unmarshal(body, &e) != nil {
		return "", refuse(classJSON)
	}
	if e.Type != orderCreated {
		return "", nil
	}
	var data struct {
		OrderID string `json:"order_id"`
	}
	switch {
	case len(e.Data) == 0:
		return "", refuse(classIDMissing)
	case json.Unmarshal(e.Data, &data) != nil:
		return "", refuse(classJSON)
	case data.OrderID == "":
		return "", refuse(classIDMissing)
	}
	return data.OrderID, nil
}
