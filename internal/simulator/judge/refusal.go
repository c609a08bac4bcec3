package judge

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// errorTypes are those of 1.4.
func errorTypes() []string {
	return []string{"unsupported_shipping_address", "address_error", "approval_failed"}
}

// errorBody is the body of a 400.
type errorBody struct {
	kind, text string
	faults     []Fault
	notes      []string
}

// readError reads the body of a 400. A missing error_text is taken where the provider has a text of its own.
func readError(body []byte) errorBody {
	var c check
	d, ok := c.body(body)
	if !ok {
		return errorBody{faults: c.faults}
	}
	kind, isText := d.text("error_type")
	e := errorBody{kind: kind}
	switch {
	case !isText:
		c.fault("/error_type", d.found("error_type"), "one of "+strings.Join(errorTypes(), ", "), ruleErrorType)
	case !slices.Contains(errorTypes(), kind):
		c.fault("/error_type", strconv.Quote(kind), "one of "+strings.Join(errorTypes(), ", "), ruleErrorType)
	}
	e.text, isText = d.text("error_text")
	switch _, there := d["error_text"]; {
	case there && !isText:
		c.fault("/error_text", d.found("error_text"), "a text", ruleErrorText)
	case strings.TrimSpace(e.text) == "" && kind == errorTypes()[0]:
		c.note("error_text is missing: the provider shows a text of its own, in its own words (1.4)")
	case strings.TrimSpace(e.text) == "":
		c.fault("/error_text", d.found("error_text"), "a text for the buyer", ruleErrorText)
	}
	for name := range d {
		if name != "error_type" && name != "error_text" {
			c.note(name + " in an error is not read")
		}
	}
	slices.Sort(c.notes)
	e.faults, e.notes = c.faults, c.notes
	return e
}

// shown is what the buyer reads.
func (e *errorBody) shown() string {
	if strings.TrimSpace(e.text) == "" {
		return noShipping
	}
	return e.text
}

// redirects reports whether a status takes the buyer elsewhere.
func redirects(status int) bool {
	return slices.Contains([]int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect}, status)
}

// redirected judges a redirect; ok is false where its Location leads nowhere.
func redirected(r *Reply, o Outcome) (v Verdict, ok bool) {
	v = Verdict{Outcome: o, Location: r.Location, Buyer: "The buyer is taken to " + r.Location,
		Why: "the buyer leaves the checkout for a page of the shop (1.4)"}
	if r.Status != http.StatusSeeOther {
		v.Notes = append(v.Notes, "the provider's pages name 303 only; this is "+strconv.Itoa(r.Status)+" (1.4)")
	}
	u, err := url.Parse(r.Location)
	switch {
	case r.Location == "":
		v.Faults = []Fault{{Found: "no Location", Want: "the page to go to", Rule: ruleLocation}}
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		v.Faults = []Fault{{Found: "Location " + strconv.Quote(r.Location), Want: "an absolute URL such as https://shop.example/page", Rule: ruleLocation}}
	}
	return v, len(v.Faults) == 0
}
