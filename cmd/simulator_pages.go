package cmd

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/page"
)

// playgroundPages are the pages of a simulator with its service.
func playgroundPages(x *playground) http.Handler {
	var shops []page.Shop
	for _, m := range x.played {
		shop := page.Shop{ID: m.ID, URLs: x.urls(m)}
		if x.src.demo != nil {
			describeDemo(&shop)
		}
		shops = append(shops, shop)
	}
	return page.New(page.Options{Simulator: x.sim, Now: x.p.Now, Shops: shops, Explainer: x, Keeper: keeper{x}, Plug: x})
}

// keeper tells the pages how the service has an order.
type keeper struct{ x *playground }

// Kept implements page.Keeper.
func (k keeper) Kept(ctx context.Context, order string) (page.Kept, error) {
	rec, err := k.x.get(ctx, order)
	return page.Kept{State: string(rec.State), Done: err == nil && rec.State != "" && rec.Done(), Receipt: rec.Receipt, Handovers: k.x.events(order)}, err
}

// runningShop is a service that runs already, as the pages and scenarios play with it.
func (p *Program) runningShop(base, merchant, tokenFile string) (page.Shop, error) {
	if merchant == "" || tokenFile == "" {
		return page.Shop{}, fmt.Errorf("--url needs --merchant and --token")
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" {
		return page.Shop{}, fmt.Errorf("--url %q: want an address such as http://127.0.0.1:8080", base)
	}
	token, err := p.readInput(tokenFile)
	if err != nil {
		return page.Shop{}, err
	}
	m := &configs.Merchant{ID: merchant, Mode: "full", OrderIDParameters: []string{"klarna_order_id"}}
	return page.Shop{ID: merchant, URLs: playedURLs(strings.TrimSuffix(base, "/"), m, strings.TrimSpace(string(token)))}, nil
}

// providerPages are the pages of a simulator that started no service.
func (p *Program) providerPages(sim *simulator.Simulator, shops ...page.Shop) http.Handler {
	return page.New(page.Options{Simulator: sim, Now: p.Now, Shops: shops})
}
