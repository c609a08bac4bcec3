package callbacks

import (
	"net/http"
	"strconv"
)

// A media is what an answer is made of; nil for no body.
type media uint8

const (
	mediaNone media = iota
	mediaJSON
	mediaText
	mediaProblem
)

// send writes the answer. It is called once per exchange, as the last thing of a handler.
func (x *exchange) send(status int, m media, body []byte) {
	h := x.w.Header()
	switch m {
	case mediaJSON:
		h["Content-Type"] = x.s.headers.json
	case mediaText:
		h["Content-Type"] = x.s.headers.text
	case mediaProblem:
		h["Content-Type"] = x.s.headers.problem
	}
	h["Cache-Control"] = x.s.headers.noStore
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	x.out, x.status = body, status
	x.w.WriteHeader(status)
	n, err := x.w.Write(body)
	x.written = n
	x.lost = err != nil && x.r.Method != http.MethodHead
}
