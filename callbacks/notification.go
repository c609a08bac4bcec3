package callbacks

import (
	"net/http"

	"github.com/go-json-experiment/json"
)

// event is the body of a notification; members that are not here are ignored.
type event struct {
	OrderID   string     `json:"order_id"`
	EventType FraudEvent `json:"event_type"`
}

// notification says that a decision on a pending order was made. It is recorded and believed only once the order itself
// says so. An event that nobody here knows asks for nothing and is thanked for.
func (s *Server) notification(x *exchange) error {
	if err := checkHeaders(x.r.Header); err != nil {
		return err
	}
	if err := x.readBody(noticeBody); err != nil {
		return err
	}
	e, err := decodeEvent(x.body)
	if err != nil {
		return err
	}
	if err := x.agree(e.OrderID); err != nil {
		return err
	}
	if x.orderID == "" {
		return refuse(classIDMalformed)
	}
	if !e.EventType.known() {
		x.ignored()
		return nil
	}
	if err := x.mayTake(); err != nil {
		return err
	}
	x.event = string(e.EventType)
	ctx, cancel := x.recording()
	defer cancel()
	if err := x.untaken(x.tenant.Taker.Notify(ctx, x.orderID, e.EventType)); err != nil {
		return err
	}
	x.outcome = outcomeTaken
	x.send(http.StatusOK, mediaJSON, append(x.out[:0], approval...))
	return nil
}

func decodeEvent(body []byte) (*event, error) {
	e := &event{}
	if err := json.Unmarshal(body, e); err != nil {
		return nil, refuse(classJSON)
	}
	if e.OrderID == "" {
		return nil, refuse(classIDMissing)
	}
	return e, nil
}
