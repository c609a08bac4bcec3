package fakeprovider

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

// reply is an answer before it is written.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	commits bool // it changed something
}

// failure is the error body of both APIs.
type failure struct {
	Code        string   `json:"error_code"`
	Messages    []string `json:"error_messages"`
	Correlation string   `json:"correlation_id"`
}

// refuse is an answer with an error body.
func refuse(status int, code string, messages ...string) reply {
	if messages == nil {
		messages = []string{}
	}
	id := uuid.NewString()
	r := answer(status, failure{Code: code, Messages: messages, Correlation: id})
	r.header.Set("Klarna-Correlation-Id", id)
	return r
}

// answer is an answer with a JSON body. A value of this package always encodes; if not, the answer says so.
func answer(status int, v any) reply {
	body, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return reply{status: http.StatusInternalServerError, header: http.Header{}, body: []byte(err.Error())}
	}
	return reply{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body}
}

// done is 204 after a change.
func done() reply { return reply{status: http.StatusNoContent, header: http.Header{}, commits: true} }

// made is 201 with the place of what was made and no body.
func made(header, id, location string) reply {
	return reply{status: http.StatusCreated, header: http.Header{header: {id}, "Location": {location}}, commits: true}
}

func noSuchOrder(id string) reply {
	return refuse(http.StatusNotFound, "NO_SUCH_ORDER", "No such order: "+id)
}

func badValue(member string) reply {
	return refuse(http.StatusBadRequest, "BAD_VALUE", "Bad value: "+member)
}
