package sink

import (
	"errors"
	"strings"

	"github.com/kvitto/kvitto/rules"
)

// ErrEvent is an event that no sink can take: a fault of whoever made it.
var ErrEvent = errors.New("the event has no usable id, time or body")

// mostID is the bound of an Event.ID.
const mostID = 64

// checkEvent judges an event before its id becomes a header or the name of a file.
func checkEvent(e *rules.Event) error {
	odd := strings.ContainsFunc(e.ID, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if odd || e.ID == "" || len(e.ID) > mostID || e.At.IsZero() || len(e.Body) == 0 {
		return ErrEvent
	}
	return nil
}
