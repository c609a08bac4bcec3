package page_test

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/page"
)

// TestScreenshots renders every page in both themes and two widths into the folder that KVITTO_SCREENSHOTS names, as
// `make screenshots` does; with KVITTO_SCREENSHOTS_STATES=1 also the states that a page can be in, to look at. Wherever it runs,
// no page may have to be scrolled sideways.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("KVITTO_SCREENSHOTS")
	states := dir == "" || os.Getenv("KVITTO_SCREENSHOTS_STATES") == "1"
	if dir != "" {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	w := realWorld(t, func(o *page.Options) { o.Plug = &socket{} })
	b := w.browser(t)
	if states {
		b.pictures(dir, map[string]string{"start-empty": "/", "callbacks-empty": "/callbacks"})
	}
	paths, order := w.story(t)
	if !states {
		maps.DeleteFunc(paths, func(name, _ string) bool { return strings.Contains(name, "-") || name == "missing" })
	}
	b.pictures(dir, paths)
	if err := w.provider.SetFault(fakeprovider.Push, fakeprovider.Fault{Mode: fakeprovider.Duplicated, Copies: 3}); err != nil {
		t.Fatal(err)
	}
	b.pictures(dir, map[string]string{"order": order})
	if !states {
		return
	}
	w.crowd(t)
	b.pictures(dir, map[string]string{"start-crowd": "/", "callbacks-crowd": "/callbacks", "callbacks-stopped": "/callbacks?show=stopped&page=2"})
}

// story plays what the pictures show.
func (w *world) story(t *testing.T) (paths map[string]string, order string) {
	t.Helper()
	ctx := t.Context()
	paths = map[string]string{"start": "/", "help": "/help", "callbacks": "/callbacks", "missing": "/nowhere"}
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	visby := w.begin(t, "demo", "books-and-lamps")
	stockholm := map[string]string{"given_name": "Astrid", "family_name": "Lind", "street_address": "Hornsgatan 1", "postal_code": "118 26", "city": "Stockholm", "email": "astrid@example.com", "phone": "+46701740615"}
	step(visby.Address(ctx, stockholm, nil))
	step(visby.Choose(ctx, "hem"))
	step(visby.Address(ctx, map[string]string{"given_name": "Astrid", "family_name": "Lind", "street_address": "Adelsgatan 12", "postal_code": "621 57", "city": "Visby", "email": "astrid@example.com"}, nil))
	paths["checkout"] = "/checkouts/" + visby.ID()
	paths["callback"] = fmt.Sprintf("/callbacks/%d", w.last(visby.ID()).Seq)
	refused := w.begin(t, "demo", "sofa")
	step(refused.Country(ctx, "DE"))
	paths["checkout-refused"] = "/checkouts/" + refused.ID()
	paths["callback-refused"] = fmt.Sprintf("/callbacks/%d", w.last(refused.ID()).Seq)
	left := w.begin(t, "demo", "books-and-lamps")
	step(left.Country(ctx, "US"))
	paths["checkout-left"] = "/checkouts/" + left.ID()
	us := w.begin(t, "us", "us")
	step(us.Address(ctx, map[string]string{"given_name": "Ann", "family_name": "Cole", "street_address": "1437 Bannock St", "postal_code": "80202", "city": "Denver", "region": "CO"}, nil))
	paths["checkout-us"] = "/checkouts/" + us.ID()
	sold := w.begin(t, "demo", "books-and-lamps")
	step(sold.Address(ctx, stockholm, nil))
	step(sold.Buy(ctx, simulator.Purchase{ThreeDSecure: 1}))
	paths["order-waiting"] = "/orders/" + sold.ID()
	done := w.begin(t, "german", "german")
	step(done.Address(ctx, map[string]string{"given_name": "Jonas", "family_name": "Weber", "street_address": "Torstraße 10", "postal_code": "10119", "city": "Berlin"}, nil))
	step(done.Buy(ctx, simulator.Purchase{}))
	step(w.provider.SetFault(fakeprovider.Acknowledge, fakeprovider.Fault{Mode: fakeprovider.Failing, Times: 1}))
	step(w.provider.PushNow(done.ID()))
	w.await(t, func() bool { s, _ := w.provider.Standing(done.ID()); return s.Acknowledged })
	w.provider.ClearFaults()
	pending := w.begin(t, "demo", "digital")
	step(pending.Address(ctx, stockholm, nil))
	step(pending.Buy(ctx, simulator.Purchase{Fraud: "PENDING"}))
	step(w.provider.SetFault(fakeprovider.Read, fakeprovider.Fault{Mode: fakeprovider.Failing}))
	step(w.provider.PushNow(pending.ID()))
	w.await(t, func() bool {
		return w.provider.History().Count(fakeprovider.Filter{Order: pending.ID(), Kinds: []fakeprovider.Kind{fakeprovider.Read}}) > 1
	})
	paths["order-pending"] = "/orders/" + pending.ID()
	w.provider.ClearFaults()
	return paths, "/orders/" + done.ID()
}

func (w *world) last(order string) *simulator.Exchange {
	list := w.sim.Exchanges(order, 0)
	return list[len(list)-1]
}

// await waits until something is so.
func (w *world) await(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		changed := w.provider.History().Changed()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-time.After(time.Second):
		}
	}
	t.Fatalf("it does not come to pass; the service's log:\n%s", w.logs)
}

// crowd fills the record of callbacks.
func (w *world) crowd(t testing.TB) {
	t.Helper()
	w.provider.ClearFaults()
	ctx := t.Context()
	carts := []string{"books-and-lamps", "sofa", "digital", "business", "gift-card"}
	for i := 0; len(w.sim.Exchanges("", 0)) < 1000; i++ {
		x := w.begin(t, "demo", carts[i%len(carts)])
		for _, code := range []string{"118 26", "621 57", "972 31", "413 01"} {
			if err := x.Address(ctx, map[string]string{"postal_code": code, "city": "Ort"}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if i%7 == 0 {
			if err := x.Country(ctx, "DE"); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// pictures takes each path in both themes and two widths; dir "": it only looks whether they fit.
func (b *browser) pictures(dir string, paths map[string]string) {
	b.t.Helper()
	host, err := url.Parse(b.base)
	if err != nil {
		b.t.Fatal(err)
	}
	for name, path := range paths {
		for _, theme := range []string{"light", "dark"} {
			for _, width := range []int64{1440, 360} {
				if !wanted(name, theme, width) {
					continue
				}
				b.run(cookie(host.Hostname(), "kvitto_theme", theme), chromedp.EmulateViewport(width, 900), chromedp.Navigate(b.base+path))
				if wide := ask[int64](b, "document.documentElement.scrollWidth"); wide > width {
					b.t.Errorf("%s: %d pixels wide at a width of %d", name, wide, width)
				}
				if dir == "" {
					continue
				}
				png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
				if err != nil {
					b.t.Fatal(err)
				}
				save(b.t, dir, fmt.Sprintf("%s-%s-%d.png", name, theme, width), png)
			}
		}
	}
}

// wanted lets KVITTO_SCREENSHOTS_ONLY pick pictures by a part of their names.
func wanted(name, theme string, width int64) bool {
	only := os.Getenv("KVITTO_SCREENSHOTS_ONLY")
	return only == "" || strings.Contains(fmt.Sprintf("%s-%s-%d", name, theme, width), only)
}

// cookie sets a cookie of a host.
func cookie(host, name, value string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: name, Value: value, Domain: host, Path: "/"})
		return err
	})
}
