package coverage

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// Places is who is offered what, for each cart, at each place.
type Places struct {
	Now    time.Time
	Places []authoring.Place // every address is in one of them
	Carts  []CartPlaces
}

// CartPlaces is the answer to one cart, or to neighbours that get the same answers everywhere.
type CartPlaces struct {
	Name    string
	Answers []Offered // by place
	cart    Cart
}

// Offered is what one place is offered: the ids of options in the order of the answer, in the currency in which there are most. The
// zero value was not asked: the value of the cart is in another currency.
type Offered struct {
	Currency string
	Options  []string
}

// Ask asks about every place. An empty currency is that with the most options at each place. carts that are neighbours are told
// together where merge is set. An error is that of ctx.
func Ask(ctx context.Context, b *authoring.Book, carts []Cart, currency string, now time.Time, merge bool) (*Places, error) {
	currencies := b.Currencies()
	if currency != "" {
		currencies = []string{currency}
	}
	p := &Places{Now: now}
	for _, place := range authoring.Places(b) {
		if !place.Thin {
			p.Places = append(p.Places, place)
		}
	}
	all, err := p.ask(ctx, b, carts, currencies)
	if err != nil {
		return nil, err
	}
	p.mergePlaces(all)
	p.tell(carts, all, merge)
	return p, nil
}

// ask asks about every place of p, cart by cart.
func (p *Places) ask(ctx context.Context, b *authoring.Book, carts []Cart, currencies []string) ([]CartPlaces, error) {
	all := make([]CartPlaces, len(carts))
	for i := range carts {
		all[i] = CartPlaces{Name: carts[i].Name, cart: carts[i]}
		for k := range p.Places {
			all[i].Answers = append(all[i].Answers, offered(ctx, b, &p.Places[k], &carts[i], currencies, p.Now))
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// mergePlaces takes places together that get the same whatever is in the cart: tax.yaml may cut finer than freight does.
func (p *Places) mergePlaces(all []CartPlaces) {
	var of []int
	p.Places, of = authoring.Merge(p.Places, func(i, j int) bool {
		for c := range all {
			if !sameOffer(&all[c].Answers[i], &all[c].Answers[j]) {
				return false
			}
		}
		return true
	})
	for c := range all {
		kept := make([]Offered, len(of))
		for k, i := range of {
			kept[k] = all[c].Answers[i]
		}
		all[c].Answers = kept
	}
}

func sameOffer(a, b *Offered) bool {
	return a.Currency == b.Currency && slices.Equal(a.Options, b.Options)
}

// tell takes neighbouring carts together, and leaves out those of a class that get what goods without a class of that weight get.
func (p *Places) tell(carts []Cart, all []CartPlaces, merge bool) {
	for from := 0; from < len(all); {
		to := from + 1
		for merge && to < len(all) && carts[to].class == carts[from].class && all[to].same(&all[from]) {
			to++
		}
		c := all[from]
		if merge {
			c.Name = named(&carts[from], &carts[to-1])
		}
		if !merge || !likePlain(all, from, to) {
			p.Carts = append(p.Carts, c)
		}
		from = to
	}
}

// likePlain reports whether carts of a class get the same as those without one, weight by weight.
func likePlain(all []CartPlaces, from, to int) bool {
	if all[from].cart.class <= 0 {
		return false
	}
	for i := from; i < to; i++ {
		if !all[i].same(&all[all[i].cart.weight]) {
			return false
		}
	}
	return true
}

func (c *CartPlaces) same(o *CartPlaces) bool {
	return slices.EqualFunc(c.Answers, o.Answers, func(a, b Offered) bool { return slices.Equal(a.Options, b.Options) })
}

func question(place *authoring.Place, c *Cart, currency string, now time.Time) authoring.Question {
	q := authoring.Question{Currency: currency, Now: now, Goods: []authoring.Goods{c.Goods}}
	if q.Goods[0].Total = c.Total.Amount; c.Total.Currency == "" || string(c.Total.Currency) != currency {
		q.Goods[0].Total = authoring.Amount(currency)
	}
	place.Address(&q)
	return q
}

// offered asks in each currency.
func offered(ctx context.Context, b *authoring.Book, place *authoring.Place, c *Cart, currencies []string, now time.Time) (best Offered) {
	for _, currency := range currencies {
		q := question(place, c, currency, now)
		a := b.Ask(ctx, &q)
		if best.Currency == "" || len(a.Options) > len(best.Options) {
			best = Offered{Currency: currency, Options: ids(&a)}
		}
	}
	if own := string(c.Total.Currency); own != "" && len(currencies) > 1 && best.Currency != own {
		return Offered{} // the value is in a currency that is not the one in which the place is sold to
	}
	return best
}

// ids are the options of an answer, pickup points taken together.
func ids(a *authoring.Answer) []string {
	var list []string
	for i := range a.Options {
		id, _, _ := strings.Cut(a.Options[i].ID, ":")
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// why says why an option is not offered to a cart at a place: the last step of its story, and its line.
func why(ctx context.Context, b *authoring.Book, place *authoring.Place, c *Cart, currency, id string, now time.Time) string {
	q := question(place, c, currency, now)
	query := b.Engine.Query(rules.AddressUpdate, b.Order(ctx, &q), now)
	query.Trace = &rules.Trace{}
	if _, _, err := b.Engine.Price(ctx, query); err != nil {
		return ""
	}
	for i := range query.Trace.Options {
		o := &query.Trace.Options[i]
		if o.ID != id || len(o.Steps) == 0 {
			continue
		}
		s := o.Steps[len(o.Steps)-1]
		text := strings.TrimSuffix(s.Text, "; the address is not there")
		if s.File != "" {
			text += ", " + s.File + ":" + strconv.Itoa(s.Line)
		}
		return text
	}
	return ""
}

// Gaps are the indexes of places that no cart gets an option at.
func (p *Places) Gaps() []int {
	var gaps []int
	for i := range p.Places {
		if !slices.ContainsFunc(p.Carts, func(c CartPlaces) bool { return len(c.Answers[i].Options) > 0 }) {
			gaps = append(gaps, i)
		}
	}
	return gaps
}

// served are the countries of which some place gets an option.
func (p *Places) served() map[string]bool {
	served := map[string]bool{}
	gaps := p.Gaps()
	for i := range p.Places {
		if !slices.Contains(gaps, i) {
			served[p.Places[i].Country] = true
		}
	}
	return served
}

// OpenPlaces are the gaps in countries that are served elsewhere: what is probably forgotten.
func (p *Places) OpenPlaces() []authoring.Place {
	served := p.served()
	var list []authoring.Place
	for _, i := range p.Gaps() {
		if served[p.Places[i].Country] && p.Places[i].Region != table.OtherRegion {
			list = append(list, p.Places[i])
		}
	}
	return list
}
