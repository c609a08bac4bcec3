package scenario

import (
	"context"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/rules/diag"
)

// Plays says what a file needs to be played beside the provider.
type Plays struct {
	Shop bool // the server of shop_check
	Sink bool // that orders are handed to
}

// ShopAnswer is how the server of shop_check answers; the zero value approves.
type ShopAnswer struct {
	Status   int // 0 means 200
	Error    string
	Text     string
	Location string
	Delay    time.Duration // real time before it answers
}

// localAction reads what a step does to the service, or around it.
func (p *parser) localAction(key string, n *diag.Node) action {
	switch key {
	case "service":
		up := p.word(n, key, "up", "down") == "up"
		return toService(func(ctx context.Context, l Local, _ *play) error { return l.Plug(ctx, up) })
	case "rules":
		return p.otherRules(n)
	case "later":
		d := p.length(n, key)
		return toService(func(_ context.Context, l Local, _ *play) error { return l.Pass(d) })
	case "shop":
		return p.shop(n)
	case "ensure":
		p.word(n, key, "yes")
		return toService(func(ctx context.Context, l Local, x *play) error { return l.Ensure(ctx, x.x.ID()) })
	case "orders":
		what := p.word(n, key, Release, Reconcile)
		return toService(func(ctx context.Context, l Local, x *play) error { return l.Office(ctx, what, x.x.ID()) })
	case "manage":
		return manage{fakeprovider.Kind(p.word(n, key, string(fakeprovider.Acknowledge), string(fakeprovider.Cancel), string(fakeprovider.Capture)))}
	}
	return nil
}

// otherRules reads a folder beside the scenario.
func (p *parser) otherRules(n *diag.Node) action {
	if !diag.WantText(n, "rules", p.r) {
		return nil
	}
	if !fs.ValidPath(n.Text) {
		p.r.Errorf(diag.CodeOutside, n.Place, "%q is not a name inside the folder", n.Text)
		return nil
	}
	dir := filepath.Join(filepath.Dir(p.name), filepath.FromSlash(n.Text))
	return toService(func(ctx context.Context, l Local, _ *play) error { return l.Reload(ctx, dir) })
}

// shop reads approves, or an answer of the shop's own server.
func (p *parser) shop(n *diag.Node) action {
	p.plays.Shop = true
	var a ShopAnswer
	if n.Kind == diag.Scalar {
		p.word(n, "shop", "approves")
	} else if !p.shopAnswer(n, &a) {
		return nil
	}
	return toService(func(_ context.Context, l Local, _ *play) error { l.Shop(a); return nil })
}

func (p *parser) shopAnswer(n *diag.Node, a *ShopAnswer) bool {
	if !diag.Fields(n, "an answer of the shop", []string{"status", "error", "text", "location", "delay"}, p.r) {
		return false
	}
	if v := n.Get("status"); v != nil {
		a.Status = p.number(v, "status", 599)
	}
	if v := n.Get("delay"); v != nil {
		a.Delay = p.length(v, "delay")
	}
	for key, to := range map[string]*string{"error": &a.Error, "text": &a.Text, "location": &a.Location} {
		if v := n.Get(key); v != nil && diag.WantText(v, key, p.r) {
			*to = v.Text
		}
	}
	return true
}
