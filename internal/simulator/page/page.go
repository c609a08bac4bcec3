package page

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// Options of the pages. Simulator and Now are mandatory; without the others the pages lack what these would tell.
type Options struct {
	Simulator *simulator.Simulator
	Now       func() time.Time // real time
	Shops     []Shop           // whose callbacks are fired; none: no checkout can be opened here
	Carts     []simulator.Cart // ready-made; nil: simulator.Carts()
	Explainer Explainer        // nil: no page says why the rules answered as they did
	Keeper    Keeper           // nil: how the service has an order is not known
	Plug      Plug             // nil: the service does not run in this process
	Hosts     []string         // names by which the pages may be asked for besides those of loopback, without port
}

// Shop is a merchant whose callbacks are fired.
type Shop struct {
	ID     string            // of the merchant
	Title  string            // what people call it; "" : its ID
	Market string            // where it sells, in words; "": not said
	URLs   map[string]string // merchant_urls of its orders
	Carts  []string          // names of the carts that it sells; nil: all
}

// Explainer asks the rules of the service again. It is called concurrently.
type Explainer interface {
	// Explain tells why the answer to a recorded callback is as it is, by the rules as they are now.
	Explain(ctx context.Context, e *simulator.Exchange) (*rulestest.Explanation, error)
}

// Keeper tells how the service has an order. It is called concurrently, every second for an order that is looked at.
type Keeper interface {
	// Kept returns the zero value where the service does not know the order.
	Kept(ctx context.Context, order string) (Kept, error)
}

// Kept is how the service has an order.
type Kept struct {
	State     string // PENDING, HANDED, ACKED, PARKED; "": it does not have it
	Done      bool   // nothing is left to do
	Receipt   string // what the sink said; "": nothing, or not known
	Handovers int    // events that the sink has; -1: not known
}

// Plug takes the service out of the process and puts it back. It is called concurrently.
type Plug interface {
	Plugged() bool
	Plug(ctx context.Context, in bool) error
}

// pages is the handler.
type pages struct {
	o      Options
	sim    *simulator.Simulator
	tmpl   *template.Template
	assets assets
}

// stepTime is how long one step of a buyer may take in all: two callbacks, or validations repeated after 3-D Secure.
const stepTime = 2 * time.Minute

// New makes the pages. It panics where a mandatory option is missing.
func New(o Options) http.Handler {
	if o.Simulator == nil || o.Now == nil {
		panic("page: Options.Simulator and Options.Now are needed")
	}
	if o.Carts == nil {
		o.Carts = simulator.Carts()
	}
	p := &pages{o: o, sim: o.Simulator, assets: loadAssets()}
	p.tmpl = parseTemplates(p.assets)
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", p.start)
	m.HandleFunc("POST /checkouts", p.open)
	m.HandleFunc("GET /checkouts/{id}", p.checkout)
	m.HandleFunc("GET /checkouts/{id}/log", p.checkoutLog)
	m.HandleFunc("GET /checkouts/{id}/{step}", p.backToCheckout)
	m.HandleFunc("POST /checkouts/{id}/{step}", p.step)
	m.HandleFunc("GET /orders/{id}", p.order)
	m.HandleFunc("GET /orders/{id}/live", p.orderLive)
	m.HandleFunc("GET /orders/{id}/json", p.orderJSON)
	m.HandleFunc("POST /orders/{id}/{step}", p.orderStep)
	m.HandleFunc("GET /callbacks", p.callbacks)
	m.HandleFunc("GET /callbacks/{seq}", p.callback)
	m.HandleFunc("GET /callbacks/{seq}/{part}", p.callbackPart)
	m.HandleFunc("POST /provider/{switch}", p.provider)
	m.HandleFunc("POST /service", p.service)
	m.HandleFunc("GET /help", p.help)
	m.HandleFunc("POST /theme", p.theme)
	m.HandleFunc("GET /static/{name}", p.static)
	m.HandleFunc("/", p.notFound)
	return guard(m, slices.Clone(o.Hosts))
}

// stepContext is for what a buyer does: it goes on when the browser leaves, as the provider would.
func stepContext(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), stepTime)
}

// shop finds a shop by its id; the first one where there is no such shop.
func (p *pages) shop(id string) (Shop, bool) {
	if len(p.o.Shops) == 0 {
		return Shop{}, false
	}
	i := slices.IndexFunc(p.o.Shops, func(s Shop) bool { return s.ID == id })
	return p.o.Shops[max(i, 0)], true
}

// shopOf finds the shop of an order by its URLs; ok is false where it is none of those here.
func (p *pages) shopOf(urls map[string]string) (Shop, bool) {
	i := slices.IndexFunc(p.o.Shops, func(s Shop) bool {
		return s.URLs["address_update"] != "" && s.URLs["address_update"] == urls["address_update"]
	})
	if i < 0 {
		return Shop{}, false
	}
	return p.o.Shops[i], true
}

// name is what people call the shop.
func (s *Shop) name() string {
	if s.Title != "" {
		return s.Title
	}
	return s.ID
}
