package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// errUnplugged is a service that is stopped just now.
var errUnplugged = errors.New("the service is down")

// Explain asks the rules of the service once more, by its clock as it is now.
func (x *playground) Explain(_ context.Context, e *simulator.Exchange) (*rulestest.Explanation, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.service == nil {
		return nil, errUnplugged
	}
	_, path, _ := strings.Cut(e.URL, "/v1/")
	merchant, _, _ := strings.Cut(path, "/")
	t := x.service.loader.tenants[merchant]
	if t == nil {
		return nil, fmt.Errorf("merchant %s has no rulebook that can be used", merchant)
	}
	s, err := t.book.Subject(engineOptions(&t.conf, t.members, nil))
	if err != nil {
		return nil, err
	}
	r := new(diag.Report)
	found := rulestest.Explain(s, rulestest.Asked{Order: e.Request}, x.p.Now(), r)
	if found == nil {
		return nil, errors.Join(asErrors(r)...)
	}
	return found, nil
}

// maxWhy is how many lines of an explanation stand under a failure.
const maxWhy = 30

// why tells an explanation in lines, for a scenario that failed.
func (x *playground) why(ctx context.Context, e *simulator.Exchange) []string {
	found, err := x.Explain(ctx, e)
	if err != nil {
		return nil // the failure itself is told anyway
	}
	var text strings.Builder
	if err := found.Text(&text); err != nil {
		return nil
	}
	var lines []string
	for line := range strings.Lines(text.String()) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			lines = append(lines, "    "+line)
		}
	}
	if len(lines) > maxWhy {
		lines = append(lines[:maxWhy], fmt.Sprintf("    and %d more lines; see kvitto rules explain", len(lines)-maxWhy))
	}
	return lines
}
