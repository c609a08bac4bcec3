package coverage

import (
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
)

// PlacesJSON is Places for machines. Every stretch is listed.
type PlacesJSON struct {
	Now   time.Time    `json:"now"`
	Carts []CartJSON   `json:"carts"`
	Gaps  []PlaceRange `json:"gaps"` // that no cart gets an option at
}

// CartJSON is the answer to a cart.
type CartJSON struct {
	Cart   string       `json:"cart"`
	Places []PlaceRange `json:"places"`
}

// PlaceRange is a place with what it is offered.
type PlaceRange struct {
	Country  string      `json:"country"`          // "*": every country that the tables do not name
	Region   string      `json:"region,omitzero"`  // "*": every region that they do not name
	Ranges   [][2]string `json:"ranges,omitempty"` // of postcodes, both ends included; none: every postcode
	Currency string      `json:"currency,omitzero"`
	Options  []string    `json:"options"`
}

// JSON is p for machines.
func (p *Places) JSON() PlacesJSON {
	out := PlacesJSON{Now: p.Now, Gaps: []PlaceRange{}}
	for i := range p.Carts {
		c := CartJSON{Cart: p.Carts[i].Name}
		for k := range p.Places {
			r := rangeOf(&p.Places[k])
			r.Currency = p.Carts[i].Answers[k].Currency
			r.Options = append(r.Options, p.Carts[i].Answers[k].Options...)
			c.Places = append(c.Places, r)
		}
		out.Carts = append(out.Carts, c)
	}
	for _, i := range p.Gaps() {
		out.Gaps = append(out.Gaps, rangeOf(&p.Places[i]))
	}
	return out
}

func rangeOf(p *authoring.Place) PlaceRange {
	r := PlaceRange{Country: p.Country, Region: p.Region, Options: []string{}}
	if p.Elsewhere {
		r.Country = "*"
	}
	for _, s := range p.Ranges {
		if s != (authoring.Range{}) {
			r.Ranges = append(r.Ranges, [2]string{s.From, s.To})
		}
	}
	return r
}
