package page

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/judge"
	"github.com/kvitto/kvitto/order"
)

// logShown is how many callbacks stand beside a checkout; the others are behind a link.
const logShown = 20

type checkoutPage struct {
	ID        string
	Shop      Shop // whose order it is; the zero value where it is none of those here
	View      simulator.View
	State     state
	Rows      []cartRow
	Addable   []product
	Countries []country
	Samples   []sample
	Fields    []field
	Gone      []simulator.Option
	Buyer     buyerText
	Required  bool   // require_validate_callback_success
	HasRules  bool   // the order names a URL for the validation
	Over      bool   // nothing can be done any more
	Wait      string // what keeps the buyer from buying; "": nothing
	Log       []exchangeView
	Earlier   int // callbacks that are not shown
	Last      int64
}

// buyerText is what the buyer reads after the last callback.
type buyerText struct {
	outcome
	Text     string
	Lang     string // that Text is in
	Location string
}

func (p *pages) checkout(w http.ResponseWriter, r *http.Request) {
	x, ok := p.sim.Session(r.PathValue("id"))
	if !ok {
		p.noCheckout(w, r)
		return
	}
	p.checkoutWith(w, r, x, http.StatusOK, "")
}

func (p *pages) noCheckout(w http.ResponseWriter, r *http.Request) {
	p.fail(w, r, http.StatusNotFound, "There is no such checkout; orders live in memory, and the last 1,000 are kept.")
}

// backToCheckout is for who reloads after a step that failed.
func (p *pages) backToCheckout(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/checkouts/"+r.PathValue("id"), http.StatusSeeOther)
}

func (p *pages) checkoutWith(w http.ResponseWriter, r *http.Request, x *simulator.Session, status int, problem string) {
	id := x.ID()
	exchanges := p.sim.Exchanges(id, 0) // before the view, so that the log misses nothing that the view has
	v := x.View()
	o := readForm(v.JSON)
	c := checkoutPage{ID: id, View: v, State: stateOf(&v), Rows: cartRows(&v), Addable: p.addable(&v), Countries: countriesWith(v.Country),
		Samples: samples(v.Country), Fields: o.fields(v.Country), Buyer: buyerTextOf(&v, o.URLs), Required: o.Options.Required,
		HasRules: o.URLs[string(simulator.Validation)] != "", Wait: waitFor(&v, &o), Over: v.Stage == simulator.Left || v.Stage == simulator.Bought}
	c.Shop, _ = p.shopOf(o.URLs)
	shown := exchanges[max(0, len(exchanges)-logShown):]
	c.Earlier = len(exchanges) - len(shown)
	c.Log = p.viewsOf(shown, exchanges)
	if len(c.Log) > 0 {
		c.Log[0].Open, c.Last, c.Gone = true, c.Log[0].Seq, c.Log[0].Gone
	}
	p.show(w, r, status, "checkout.html", layout{Title: "Checkout " + short(id), Section: "checkouts", Here: "/checkouts/" + id, Problem: problem, Content: c})
}

// waitFor is what keeps the buyer from buying, as far as the page can tell.
func waitFor(v *simulator.View, o *orderForm) string {
	switch {
	case v.Stage == simulator.Held:
		return "The last answer keeps the buyer from buying: change the address or the cart."
	case len(o.Billing) < 2:
		return "The buyer has to enter an address first."
	case len(v.Options) > 0 && v.Selected == "":
		return "The buyer has to choose an option first."
	}
	return ""
}

// checkoutLog answers what came since, for a page that is open.
func (p *pages) checkoutLog(w http.ResponseWriter, r *http.Request) {
	x, ok := p.sim.Session(r.PathValue("id"))
	if !ok {
		p.noCheckout(w, r)
		return
	}
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		p.fail(w, r, http.StatusBadRequest, "after: want the number of a callback.")
		return
	}
	fresh := p.sim.Exchanges(x.ID(), after)
	if len(fresh) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	fresh = fresh[max(0, len(fresh)-logShown):]
	c := checkoutPage{ID: x.ID(), Log: p.viewsOf(fresh, p.sim.Exchanges(x.ID(), 0)), Last: fresh[len(fresh)-1].Seq}
	p.write(w, http.StatusOK, "log.html", c)
}

// buyerTextOf is what the buyer sees of the last answer.
func buyerTextOf(v *simulator.View, urls map[string]string) buyerText {
	m := newMask(valuesOf(urls)...)
	b := buyerText{outcome: outcomeOf(v.Last.Outcome), Text: m.text(v.Last.Buyer), Lang: "en", Location: m.text(v.Last.Location)}
	if v.Last.ErrorText != "" && v.Last.Buyer == v.Last.ErrorText && v.Locale != "" {
		b.Lang = v.Locale
	}
	if v.Last.Outcome == judge.Redirected {
		b.Text = "The buyer has left the checkout for a page of the shop:"
	}
	if v.Last.Outcome == "" {
		b.Text = "The checkout was not opened yet."
	}
	return b
}

// orderForm is what the page reads of an order beside its view.
type orderForm struct {
	Billing  map[string]string `json:"billing_address"`
	Customer struct {
		Type string `json:"type"`
	} `json:"customer"`
	Options struct {
		Required bool `json:"require_validate_callback_success"`
	} `json:"options"`
	URLs map[string]string `json:"merchant_urls"`
}

func readForm(raw []byte) orderForm {
	var o orderForm
	_ = json.Unmarshal(raw, &o) // members that are something else stay empty
	return o
}

// field is an input of the address.
type field struct {
	Name, Label, Value string
	Complete           string // what a browser fills in; the buyer's own data is not asked for
	Wide               bool
	Kind               string // of the input
}

// fields are the inputs of an address in a country.
func (o *orderForm) fields(code string) []field {
	list := []field{
		{Name: "given_name", Label: "Given name"}, {Name: "family_name", Label: "Family name"},
		{Name: "street_address", Label: "Street", Wide: true},
		{Name: "postal_code", Label: "Postcode"}, {Name: "city", Label: "City"},
		{Name: "email", Label: "E-mail", Kind: "email"}, {Name: "phone", Label: "Phone", Kind: "tel"},
	}
	if code == "US" || code == "CA" || code == "AU" {
		list = slices.Insert(list, 5, field{Name: "region", Label: "State"})
	}
	if o.Customer.Type == "organization" {
		list = slices.Insert(list, 0, field{Name: "organization_name", Label: "Organization", Wide: true})
	}
	for i := range list {
		list[i].Value = o.Billing[list[i].Name]
		if list[i].Kind == "" {
			list[i].Kind = "text"
		}
	}
	return list
}

// cartRow is a line of the cart; goods can be changed.
type cartRow struct {
	simulator.Line
	Index int
	Goods bool
	Kind  string // what a line is that is no goods
}

func cartRows(v *simulator.View) []cartRow {
	var rows []cartRow
	for i, l := range v.Lines {
		row := cartRow{Line: l, Index: i, Kind: kindOfLine(l.Type)}
		row.Goods = row.Kind == ""
		rows = append(rows, row)
	}
	return rows
}

func kindOfLine(t string) string {
	switch order.LineType(t) {
	case order.ShippingFee:
		return "Freight"
	case order.Discount:
		return "Discount"
	case order.SalesTax:
		return "Sales tax"
	case order.GiftCard:
		return "Gift card"
	case order.StoreCredit:
		return "Store credit"
	case order.Surcharge:
		return "Fee"
	}
	return ""
}
