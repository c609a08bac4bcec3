package shopcheck

import (
	"net/http"

	"github.com/kvitto/kvitto/rules"
)

// Decide turns an answer into a decision, for a check on a host.
func Decide(res *http.Response, host string) (rules.Decision, error) {
	return (&Check{hosts: []string{host}}).decide(res)
}
