package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/internal/simulator"
)

// errStep is a form that does not fit the page.
var errStep = errors.New("the page does not fit the checkout any more: reload it")

// step does what the buyer, or the shop, does at the checkout, and shows the page again.
func (p *pages) step(w http.ResponseWriter, r *http.Request) {
	x, ok := p.sim.Session(r.PathValue("id"))
	if !ok {
		p.noCheckout(w, r)
		return
	}
	ctx, end := stepContext(r)
	defer end()
	if err := r.ParseForm(); err != nil {
		p.checkoutWith(w, r, x, http.StatusBadRequest, "The form could not be read.")
		return
	}
	err := p.do(ctx, x, r)
	switch {
	case errors.Is(err, errNoStep):
		p.notFound(w, r)
	case err != nil:
		p.checkoutWith(w, r, x, http.StatusUnprocessableEntity, problemOf(x, err))
	case x.View().Stage == simulator.Bought:
		leave(w, r, "/orders/"+x.ID())
	default:
		http.Redirect(w, r, "/checkouts/"+x.ID(), http.StatusSeeOther)
	}
}

var errNoStep = errors.New("no such step")

func (p *pages) do(ctx context.Context, x *simulator.Session, r *http.Request) error {
	switch r.PathValue("step") {
	case "open":
		return x.Enter(ctx)
	case "country":
		return x.Country(ctx, strings.ToUpper(r.PostFormValue("country")))
	case "address":
		return enterAddress(ctx, x, r)
	case "option":
		return x.Choose(ctx, r.PostFormValue("option"))
	case "cart":
		return p.recart(ctx, x, changedQuantities(r))
	case "remove":
		return p.recart(ctx, x, removed(r))
	case "add":
		return p.recart(ctx, x, p.added(r))
	case "buy":
		return buy(ctx, x, r)
	}
	return errNoStep
}

// problemOf says an error in words for people, without the order's id, which the page shows.
func problemOf(x *simulator.Session, err error) string {
	text := strings.ReplaceAll(err.Error(), "order "+x.ID()+": ", "")
	switch {
	case errors.Is(err, simulator.ErrOver):
		text = "This checkout is over. Open another one."
	case errors.Is(err, context.DeadlineExceeded):
		text = "It took too long and was given up."
	}
	return newMask(merchantURLs(x.View().JSON)...).text(text)
}

// enterAddress enters a sample or what the fields hold.
func enterAddress(ctx context.Context, x *simulator.Session, r *http.Request) error {
	v := x.View()
	o := readForm(v.JSON)
	if label := r.PostFormValue("sample"); label != "" {
		for _, s := range samples(v.Country) {
			if s.Label == label {
				if o.Customer.Type == "organization" {
					s.Members["organization_name"] = "Fyrbolaget"
				}
				return x.Address(ctx, s.Members, nil)
			}
		}
		return errStep
	}
	address := map[string]string{}
	for _, f := range o.fields(v.Country) {
		if value := strings.TrimSpace(r.PostFormValue(f.Name)); value != "" {
			address[f.Name] = value
		}
	}
	return x.Address(ctx, address, nil)
}

// maxThreeDSecure is how often a page lets 3-D Secure follow.
const maxThreeDSecure = 3

// buy sets how the order wants its validation, and presses buy.
func buy(ctx context.Context, x *simulator.Session, r *http.Request) error {
	v := x.View()
	if v.Stage == simulator.Bought || v.Stage == simulator.Left {
		return fmt.Errorf("%w: the buyer has %s", simulator.ErrOver, v.Stage)
	}
	if err := require(x, v.JSON, r.PostFormValue("require") != ""); err != nil {
		return err
	}
	how := simulator.Purchase{NoPush: r.PostFormValue("no_push") != ""}
	if r.PostFormValue("fraud") == "PENDING" {
		how.Fraud = "PENDING"
	}
	if n, err := strconv.Atoi(r.PostFormValue("three_d_secure")); err == nil {
		how.ThreeDSecure = min(max(n, 0), maxThreeDSecure)
	}
	return x.Buy(ctx, how)
}

// require sets require_validate_callback_success where it is not so already.
func require(x *simulator.Session, raw []byte, want bool) error {
	o := readForm(raw)
	if o.Options.Required == want {
		return nil
	}
	var d struct {
		Options map[string]jsontext.Value `json:"options"`
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return err
	}
	if d.Options == nil {
		d.Options = map[string]jsontext.Value{}
	}
	d.Options["require_validate_callback_success"] = jsontext.Value(strconv.FormatBool(want))
	members, err := json.Marshal(map[string]any{"options": d.Options}, json.Deterministic(true))
	if err != nil {
		return err
	}
	return x.Change(members)
}
