package page_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/kvitto/kvitto/internal/simulator"
)

// path is where the browser is.
func (b *browser) path() string {
	b.t.Helper()
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		b.t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Path
}

// opens presses the button of a cart and returns the order's id.
func (b *browser) opens(cart string) string {
	b.t.Helper()
	b.press(button("Open a checkout: " + cart))
	b.sees("h1", "Checkout")
	return strings.TrimPrefix(b.path(), "/checkouts/")
}

// calls waits until so many callbacks stand beside the checkout.
func (b *browser) calls(n int) {
	b.t.Helper()
	b.until("#log", fmt.Sprintf("to show %d callbacks", n), func(string) bool { return ask[int](b, `document.querySelectorAll("#log .call").length`) == n })
}

// chooses selects a shipping option.
func (b *browser) chooses(id string) {
	b.t.Helper()
	b.run(chromedp.Click(chromedp.CSS(`[id="o-`+id+`"]`), chromedp.NodeVisible))
}

// picks selects an entry of a list.
func (b *browser) picks(id, value string) {
	b.t.Helper()
	ask[string](b, fmt.Sprintf(`document.getElementById(%q).value = %q`, id, value))
}

// buys presses buy, jumps to the first push, and sees the order acknowledged.
func (b *browser) buys() {
	b.t.Helper()
	b.press(`//button[@id="buy"]`)
	b.sees("h1", "Order")
	b.press(button("Jump to the next push"))
	b.sees("#live .way", "Acknowledged done")
	b.sees("#live .facts", "Acknowledged yes")
}

// TestJourneys: at the demo that make run starts, buyers of three countries come from a cart to an acknowledged order.
func TestJourneys(t *testing.T) {
	t.Parallel()
	w := demoWorld(t)
	for _, c := range []struct {
		name, shop, cart, address, option string
		first, total                      string
		freight                           string
	}{
		{"Sweden", "Lyktan", "Books and lamps", "Stockholm", "hem", "727.00 SEK", "836.00 SEK", "Hem till dörren"},
		{"Germany", "Haus & Garten", "German basket", "Berlin", "express-10", "71.79 EUR", "91.70 EUR", "Express bis 10 Uhr"},
		{"US", "Lighthouse Supply", "US basket", "Denver", "two-day", "152.00 USD", "170.", "2-Day Air"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := w.browser(t)
			b.press(`//nav[@aria-label="Shops"]//a[contains(., "` + c.shop + `")]`)
			b.until(".shops a[aria-current]", "to be "+c.shop, func(got string) bool { return strings.Contains(got, c.shop) })
			b.opens(c.cart)
			b.press(button(c.address))
			b.calls(2)
			b.sees("#total", c.first)
			b.chooses(c.option)
			b.sees("#total", c.total)
			b.sees(".cartlines", c.freight)
			b.sees("#log", "shipping_option_update")
			b.buys()
			b.sees("#live .facts", "The service has it as ACKED, done")
		})
	}
}

// TestRefusedAddress: the buyer reads why, in the buyer's language, and cannot buy until the address is another.
func TestRefusedAddress(t *testing.T) {
	t.Parallel()
	w := realWorld(t, nil)
	b := w.browser(t)
	b.opens("Bulky sofa")
	b.picks("country", "NO")
	b.press(button("Change country"))
	b.sees("#log", "country_change")
	b.calls(2)
	b.press(button("Longyearbyen"))
	b.calls(3)
	b.sees("#said", "Vi kan tyvärr inte skicka de här varorna till adressen.")
	b.sees("#log", "unsupported_shipping_address")
	if !ask[bool](b, `document.querySelector("#buy").disabled`) {
		t.Error("the buyer can buy")
	}
	b.picks("country", "SE")
	b.press(button("Change country"))
	b.calls(4)
	b.sees(".options", "Skrymmande gods till dörren")
	b.press(button("Stockholm"))
	b.calls(5)
	b.until("#buy", "to be enabled", func(string) bool { return ask[bool](b, `document.querySelector("#buy")?.disabled === false`) })
}

// TestOptionVanishes: another postcode, typed and sent by the keyboard, takes an option away; the page says which.
func TestOptionVanishes(t *testing.T) {
	t.Parallel()
	w := realWorld(t, nil)
	b := w.browser(t)
	id := b.opens("Books and lamps")
	b.press(button("Stockholm"))
	b.sees(".options", "Hem till dörren")
	b.chooses("hem")
	b.sees("#total", "836.00 SEK")
	ask[bool](b, `document.querySelector("#a-postal_code").select() ?? true`)
	b.run(chromedp.KeyEvent("621 57" + kb.Enter))
	b.sees("#said", "No longer offered here: Hem till dörren")
	b.seesNot(".options", "Hem till dörren")
	b.sees("#total", "752.00 SEK")
	if v := w.view(t, id); v.Selected != "ombud" {
		t.Errorf("selected: %q", v.Selected)
	}
}

// TestValidationDenied: the buyer reads why inside the checkout, stays, and buys when the shop agrees.
func TestValidationDenied(t *testing.T) {
	t.Parallel()
	agrees := make(chan bool, 1)
	no := refuse("approval_failed", "Varan är slut.")
	w := newWorld(t, shop{"validation": func(rw http.ResponseWriter, r *http.Request) {
		select {
		case <-agrees:
			return
		default:
			no(rw, r)
		}
	}}, nil)
	b := w.browser(t)
	id := b.opens("Books and lamps")
	b.press(button("Stockholm"))
	b.calls(2)
	b.press(`//summary[contains(., "How the purchase goes")]`)
	b.run(chromedp.Click(chromedp.CSS("#require"), chromedp.NodeVisible))
	b.picks("three_d_secure", "1")
	b.press(`//button[@id="buy"]`)
	b.sees("#said", "Varan är slut.")
	b.sees("#log", "denied")
	if v := w.view(t, id); v.Stage != simulator.Open {
		t.Errorf("stage %s", v.Stage)
	}
	agrees <- true
	b.press(`//button[@id="buy"]`)
	b.sees("h1", "Order")
}

// TestFaultsAndRecovery: the provider is switched off and on again; nothing is lost, and the page shows it.
func TestFaultsAndRecovery(t *testing.T) {
	t.Parallel()
	w := realWorld(t, nil)
	b := w.browser(t)
	b.opens("Digital only")
	b.press(button("Stockholm"))
	b.calls(2)
	b.press(`//button[@id="buy"]`)
	b.sees("h1", "Order")
	b.flips("failing", true)
	b.sees("#chips", "1 fault is on")
	b.press(button("Push now"))
	b.sees("#live .events", "503 Service Unavailable")
	b.seesNot("#live .facts", "Acknowledged yes")
	b.flips("lost", true)
	b.sees("#chips", "2 faults are on")
	b.flips("failing", false)
	b.sees("#live .events", "done, but the service was not told so")
	b.sees("#live .way", "Acknowledged done")
	b.seesNot("#chips", "fault")
}

// flips turns a switch of the provider.
func (b *browser) flips(name string, on bool) {
	b.t.Helper()
	want := map[bool]string{true: "On", false: "Off"}[on]
	b.press(`//button[@id="switch-` + name + `"]`)
	b.sees("#switch-"+name, want)
}

// TestWithoutScript: all of it works as plain forms.
func TestWithoutScript(t *testing.T) {
	t.Parallel()
	w := realWorld(t, nil)
	b := w.browser(t)
	b.run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}), chromedp.Navigate(b.base+"/"))
	id := b.opens("Books and lamps")
	b.press(button("Stockholm"))
	b.sees(".options", "Hem till dörren")
	b.chooses("hem")
	b.press(button("Choose this option"))
	b.sees("#total", "836.00 SEK")
	b.press(`//button[@id="buy"]`)
	b.sees("h1", "Order")
	b.press(button("Push now"))
	w.await(t, func() bool { return w.view(t, id).Standing.Acknowledged })
	b.visits("/orders/" + id)
	b.sees("#live .way", "Acknowledged done")
}

// TestKeyboard: the skip link comes first, what has the focus shows it, and the focus outlives an answer.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	b := w.browser(t)
	b.run(chromedp.KeyEvent(kb.Tab))
	if got := ask[string](b, `document.activeElement.textContent + getComputedStyle(document.activeElement).outlineStyle`); got != "Skip to the contentsolid" {
		t.Errorf("the first Tab leads to %q", got)
	}
	b.run(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if !ask[bool](b, `document.querySelector("main").contains(document.activeElement)`) {
		t.Error("the skip link does not lead into the content")
	}
	b.opens("Books and lamps")
	b.run(chromedp.Focus(chromedp.CSS("#o-post")), chromedp.KeyEvent(kb.ArrowDown))
	b.sees("#log", "shipping_option_update")
	b.until("#log", "to leave the focus where it was", func(string) bool { return ask[string](b, `document.activeElement.id`) == "o-bud" })
}

// TestFoldsStayOpen: what was unfolded beside the checkout stays so when more comes, also from elsewhere, and the rules are asked
// once somebody wants to know.
func TestFoldsStayOpen(t *testing.T) {
	t.Parallel()
	w := realWorld(t, nil)
	b := w.browser(t)
	id := b.opens("Books and lamps")
	b.press(`//article[@id="call-1"]//summary[contains(., "by the rules")]`)
	b.sees("#call-1", "shipping.yaml:")
	b.press(`//article[@id="call-1"]//summary[contains(., "Request")]`)
	b.sees("#call-1 pre", "order_amount")
	b.press(button("Stockholm"))
	b.calls(2)
	b.sees("#call-1", "shipping.yaml:")
	b.sees("#call-1 pre", "order_amount")
	x, _ := w.sim.Session(id)
	if err := x.Choose(t.Context(), "hem"); err != nil {
		t.Fatal(err)
	}
	b.sees("#log", "shipping_option_update")
	b.sees("#said", "changed elsewhere")
	b.sees("#call-1", "shipping.yaml:")
}

// TestThemes: the page follows the system until somebody switches, and then the switch.
func TestThemes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	b := w.browser(t)
	background := func() string {
		colour, err := try[string](b, `getComputedStyle(document.body).backgroundColor`)
		if err != nil {
			return "" // another page is on its way
		}
		return colour
	}
	system := func(scheme string) {
		b.run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			return err
		}))
	}
	system("light")
	light := background()
	system("dark")
	dark := background()
	if light == dark {
		t.Fatalf("the page is %s in both", light)
	}
	b.press(`//button[@value="light"]`)
	b.until("h1", "in the light theme", func(string) bool { return background() == light })
	system("light")
	b.press(`//button[@value="dark"]`)
	b.until("h1", "in the dark theme", func(string) bool { return background() == dark })
	b.run(chromedp.Navigate(b.base + "/help"))
	if background() != dark {
		t.Error("the switch is forgotten on the next page")
	}
}
