package cmd

import (
	"io/fs"
	"net/http"
	"strings"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/rules/diag"
)

// mostTold is how many findings a refusal names.
const mostTold = 10

// examine checks a rulebook as the person who publishes it has done: errors, tests, and whether each merchant can be served by
// it. It notes in the draft what is to be remembered.
func (s *service) examine(fsys fs.FS, d *draft, merchants []*configs.Merchant) error {
	src := s.loader.src
	if src.loading != nil {
		defer src.loading()()
	}
	r := new(diag.Report)
	if _, err := lint.Check(fsys, lint.Options{Options: src.options(), Now: s.now()}, r); err != nil {
		return err
	}
	if r.Failed() {
		return refusedf(http.StatusUnprocessableEntity, "the rulebook has errors: %s", errorsIn(r))
	}
	b, failed, err := src.tested(fsys, new(diag.Report))
	if err != nil {
		return refusedf(http.StatusUnprocessableEntity, "the rulebook cannot be used: %v", err)
	}
	d.entry.Revision, d.entry.Tests, d.entry.Zone = b.Revision, b.tests, b.Shipping.Location().String()
	if failed != nil {
		d.entry.FailedTests = failed.count()
		if !d.despite || d.entry.Folder { // a folder whose tests fail is not served
			return refusedf(http.StatusUnprocessableEntity, "%v", failed)
		}
	}
	for _, m := range merchants {
		if err := s.fits(m, b); err != nil {
			return refusedf(http.StatusUnprocessableEntity, "merchant %s could not be served: %v", m.ID, err)
		}
	}
	return nil
}

// fits reports what a merchant's settings ask for and the rulebook does not have.
func (s *service) fits(m *configs.Merchant, b *book) error {
	r := new(diag.Report)
	full, err := b.withProducts(m, r)
	if err != nil {
		return refusedf(0, "%v: %s", err, errorsIn(r))
	}
	if _, err := full.Engine(engineOptions(m, nil, nil)); err != nil {
		return err
	}
	if m.Capture != nil {
		if full.CaptureRule(m.Capture.When, r); r.Failed() {
			return refusedf(0, "capture: %s", errorsIn(r))
		}
	}
	return nil
}

// errorsIn names the errors of a report in one line, the first ones.
func errorsIn(r *diag.Report) string {
	var all []string
	for _, f := range r.Findings() {
		if f.Severity == diag.Error {
			all = append(all, f.String()+": "+f.Message+" ["+f.Code+"]")
		}
	}
	if n := len(all); n > mostTold {
		all = append(all[:mostTold], "…")
	}
	return strings.Join(all, "; ")
}
