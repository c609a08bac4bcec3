package page_test

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/page"
)

// shop answers callbacks by their names; those that it lacks get 200 with the cart as it came, and two options.
type shop map[string]http.HandlerFunc

// ServeHTTP implements http.Handler.
func (s shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	words := strings.Split(r.URL.Path, "/")
	if h := s[words[len(words)-1]]; h != nil {
		h(w, r)
		return
	}
	if words[len(words)-1] == "validation" {
		_, _ = io.WriteString(w, "{}")
		return
	}
	echo(`[{"id":"post","name":"Post","price":0,"tax_amount":0,"tax_rate":2500,"preselected":true},{"id":"bud","name":"Bud","price":0,"tax_amount":0,"tax_rate":2500}]`)(w, r)
}

// echo answers the cart as it came, with options.
func echo(options string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var o map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer := map[string]json.RawMessage{"shipping_options": json.RawMessage(options)}
		for _, name := range []string{"order_amount", "order_tax_amount", "order_lines", "purchase_currency"} {
			answer[name] = o[name]
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}
}

func refuse(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error_type": kind, "error_text": text})
	}
}

// holds fails where a page lacks a text.
func (a answer) holds(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(plain(html.UnescapeString(a.body)), text) && !strings.Contains(plain(a.body), text) {
			t.Errorf("%s (%d) lacks %q:\n%s", a.path, a.status, text, mainOf(a.body))
		}
	}
}

func TestCheckoutShowsTheOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.opened(t, "books-and-lamps")
	res := w.get(t, "/checkouts/"+id)
	res.holds(t, "Fyrar vid Skagerrak", "727.00 SEK", "address_update", "taken over", "Post", "Bud", "preselected", "Buy for 727.00 SEK")
	if strings.Contains(res.body, token) {
		t.Error("the page shows the token")
	}
	res = w.post(t, "/checkouts/"+id+"/address", "sample", "Visby, on Gotland")
	res.holds(t, `value="621 57"`, `value="Adelsgatan 12"`)
	if res.path != "/checkouts/"+id {
		t.Errorf("a step leads to %s", res.path)
	}
	w.post(t, "/checkouts/"+id+"/address", "postal_code", " 118 26 ", "city", "Stockholm").holds(t, `value="118 26"`)
	w.post(t, "/checkouts/"+id+"/option", "option", "bud").holds(t, "shipping_option_update")
	if v := w.view(t, id); v.Selected != "bud" {
		t.Errorf("selected: %q", v.Selected)
	}
	w.post(t, "/checkouts/"+id+"/country", "country", "no").holds(t, "country_change", "Norway")
}

func TestRefusedByTheShop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		shop  shop
		shows []string
	}{
		{"an address", shop{"address-update": refuse("unsupported_shipping_address", "Dit skickar vi inte.")},
			[]string{"refused", "Dit skickar vi inte.", `lang="sv-SE">Dit`, "unsupported_shipping_address", "held at the checkout", "disabled aria-describedby"}},
		{"anything else", shop{"address-update": refuse("approval_failed", "Slut i lager.")}, []string{"Slut i lager.", "refused"}},
		{"a text that is a tag", shop{"address-update": refuse("address_error", "<script>alert(1)</script>")}, []string{"&lt;script&gt;alert(1)"}},
		{"broken sums", shop{"address-update": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"order_amount":1,"order_tax_amount":0,"order_lines":[],"purchase_currency":"SEK"}`)
		}}, []string{"not usable", "/order_amount", "Something went wrong. Please try again."}},
		{"a page of the shop", shop{"address-update": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://shop.example/sorry")
			w.WriteHeader(http.StatusSeeOther)
		}}, []string{"redirected", "https://shop.example/sorry", "left for the shop", "Open another checkout"}},
		{"nothing", shop{"address-update": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}, []string{"no answer", "EOF"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.shop, nil)
			id := w.opened(t, "books-and-lamps")
			res := w.get(t, "/checkouts/"+id)
			res.holds(t, c.shows...)
			if strings.Contains(res.body, token) || strings.Contains(res.body, "<script>") {
				t.Error("the page holds what it must not")
			}
			if faults := audit(res.body); len(faults) > 0 {
				t.Errorf("%q", faults)
			}
		})
	}
}

// TestStepsThatCannotBe: what cannot be done is said on the page, and nothing is changed.
func TestStepsThatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.opened(t, "books-and-lamps")
	at := "/checkouts/" + id
	for _, c := range []struct {
		name, step string
		form       []string
		status     int
		says       string
	}{
		{"no such option", "option", []string{"option", "drone"}, 422, "no such option is offered"},
		{"no such sample", "address", []string{"sample", "Atlantis"}, 422, "reload it"},
		{"quantity of words", "cart", []string{"quantity-0", "many"}, 422, "want a whole number"},
		{"quantity of none", "cart", []string{"quantity-0", "0"}, 422, "want a whole number"},
		{"quantity too great", "cart", []string{"quantity-0", "1000"}, 422, "want a whole number"},
		{"line of another page", "remove", []string{"line", "0", "reference", "LAMP-2"}, 422, "reload it"},
		{"line that is none", "remove", []string{"line", "9", "reference", "LAMP-2"}, 422, "reload it"},
		{"no such product", "add", []string{"product", "UNICORN"}, 422, "reload it"},
		{"buying without an address", "buy", nil, 422, "no address was entered"},
		{"no such step", "dance", nil, 404, "nothing at this address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := string(w.view(t, id).JSON)
			res := w.post(t, at+"/"+c.step, c.form...)
			if res.status != c.status {
				t.Errorf("status %d, want %d", res.status, c.status)
			}
			res.holds(t, c.says)
			if faults := audit(res.body); len(faults) > 0 {
				t.Errorf("%q", faults)
			}
			if after := string(w.view(t, id).JSON); after != before {
				t.Errorf("the order has changed:\n%s\n%s", before, after)
			}
		})
	}
	if res := w.get(t, at+"/option"); res.status != http.StatusOK || res.path != at {
		t.Errorf("reload after a step: status %d at %s", res.status, res.path)
	}
}

// TestCartChanges: sums stay right whatever is put in and taken out.
func TestCartChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.opened(t, "books-and-lamps")
	at := "/checkouts/" + id
	w.post(t, at+"/cart", "quantity-0", "3", "quantity-1", "2").holds(t, "1 265.00 SEK")
	w.post(t, at+"/add", "product", "LAMP-2").holds(t, "1 614.00 SEK")
	w.post(t, at+"/add", "product", "EBOOK-7").holds(t, "1 743.00 SEK", "e-bok")
	w.post(t, at+"/remove", "line", "0", "reference", "BOOK-1").holds(t, "1 176.00 SEK")
	v := w.view(t, id)
	var total, tax int64
	for _, l := range v.Lines {
		total, tax = total+int64(l.Total), tax+int64(l.Tax)
	}
	if total != int64(v.Total) || tax != int64(v.Tax) || len(v.Lines) != 2 {
		t.Errorf("lines %+v, total %d, tax %d", v.Lines, v.Total, v.Tax)
	}
	var raw struct {
		Lines []struct {
			Attributes map[string]any `json:"shipping_attributes"`
		} `json:"order_lines"`
	}
	if err := json.Unmarshal(v.JSON, &raw); err != nil || raw.Lines[0].Attributes["weight"] == nil {
		t.Errorf("members that the page does not know are gone: %s", v.JSON)
	}
	w.post(t, at+"/remove", "line", "1", "reference", "EBOOK-7")
	if res := w.post(t, at+"/remove", "line", "0", "reference", "LAMP-2"); res.status != 422 {
		t.Errorf("the last line: status %d", res.status)
	}
}

// TestCartOfGiftCard: a card that is worth more than the goods is refused as the provider would.
func TestCartOfGiftCard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.opened(t, "gift-card")
	w.post(t, "/checkouts/"+id+"/add", "product", "EBOOK-7")
	res := w.post(t, "/checkouts/"+id+"/remove", "line", "0", "reference", "LAMP-2")
	res.holds(t, "an order below zero")
}

// TestCartIsTheShops: the cart cannot be changed while a callback is out, as with the real Checkout API.
func TestCartIsTheShops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.opened(t, "books-and-lamps")
	unlock, err := w.provider.Lock(id)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	res := w.post(t, "/checkouts/"+id+"/cart", "quantity-0", "5")
	if res.status != http.StatusUnprocessableEntity || !strings.Contains(res.body, `role="alert"`) {
		t.Errorf("status %d:\n%s", res.status, res.body)
	}
}

// settled opens a checkout and enters an address, so that the buyer may buy.
func (w *world) settled(t *testing.T) string {
	t.Helper()
	id := w.opened(t, "books-and-lamps")
	w.post(t, "/checkouts/"+id+"/address", "sample", "Stockholm").holds(t, "Hornsgatan 1")
	return id
}

func TestBuy(t *testing.T) {
	t.Parallel()
	denies := shop{"validation": refuse("approval_failed", "Slut i lager.")}
	for _, c := range []struct {
		name   string
		shop   shop
		form   []string
		bought bool
		shows  []string
		calls  int
	}{
		{"at once", shop{}, nil, true, []string{"On its way", "waiting", "the first one is due at"}, 1},
		{"after 3-D Secure", shop{}, []string{"three_d_secure", "2"}, true, []string{"On its way"}, 3},
		{"denied", denies, []string{"require", "yes"}, false, []string{"Slut i lager.", "denied", "checked"}, 1},
		{"pending", shop{}, []string{"fraud", "PENDING"}, true, []string{"Fraud decision", "PENDING"}, 1},
		{"without push", shop{}, []string{"no_push", "yes"}, true, []string{"no push will come"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.shop, nil)
			id := w.settled(t)
			res := w.post(t, "/checkouts/"+id+"/buy", c.form...)
			if (w.view(t, id).Stage == simulator.Bought) != c.bought || strings.HasPrefix(res.path, "/orders/") != c.bought {
				t.Errorf("stage %s at %s", w.view(t, id).Stage, res.path)
			}
			res.holds(t, c.shows...)
			calls := 0
			for _, e := range w.sim.Exchanges(id, 0) {
				if e.Callback == simulator.Validation {
					calls++
				}
			}
			if calls != c.calls {
				t.Errorf("%d validations, want %d", calls, c.calls)
			}
			if faults := audit(res.body); len(faults) > 0 {
				t.Errorf("%q", faults)
			}
		})
	}
}

// TestRequireIsSetOnce: the switch becomes the order's option and leaves other options alone.
func TestRequireIsSetOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{"validation": refuse("approval_failed", "Nej.")}, nil)
	id := w.settled(t)
	x, _ := w.sim.Session(id)
	if err := x.Fill([]byte(`{"options":{"allow_separate_shipping_address":true}}`)); err != nil {
		t.Fatal(err)
	}
	w.post(t, "/checkouts/"+id+"/buy", "require", "yes")
	e := w.last(id)
	var o struct{ Options map[string]bool }
	if err := json.Unmarshal(e.Request, &o); err != nil || !o.Options["require_validate_callback_success"] || !o.Options["allow_separate_shipping_address"] {
		t.Errorf("%v: %s", err, e.Request)
	}
	if e.Deadline != simulator.ProviderDeadlines().Required {
		t.Errorf("deadline %v", e.Deadline)
	}
	w.post(t, "/checkouts/"+id+"/buy")
	if e := w.last(id); e.Deadline != simulator.ProviderDeadlines().Default {
		t.Errorf("deadline %v after it was switched off", e.Deadline)
	}
}

// TestOverIsOver: a checkout that is over offers nothing to press.
func TestOverIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.settled(t)
	w.post(t, "/checkouts/"+id+"/buy").holds(t, "On its way")
	res := w.get(t, "/checkouts/"+id)
	res.holds(t, "To the order")
	if strings.Contains(res.body, "Enter this address") || strings.Contains(res.body, `type="number"`) {
		t.Error("the page offers what cannot be done")
	}
	for _, step := range []string{"buy", "address", "option"} {
		if res := w.post(t, "/checkouts/"+id+"/"+step, "option", "bud"); res.status != 422 || !strings.Contains(res.body, "This checkout is over") {
			t.Errorf("%s: status %d", step, res.status)
		}
	}
}

func TestNoShop(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, func(o *page.Options) { o.Shops = nil })
	w.get(t, "/").holds(t, "No shop is known")
	if res := w.post(t, "/checkouts", "cart", "digital"); res.status != http.StatusConflict {
		t.Errorf("status %d", res.status)
	}
	w = newWorld(t, shop{}, nil)
	if res := w.post(t, "/checkouts", "cart", "yacht"); res.status != http.StatusBadRequest || !strings.Contains(res.body, "There is no such cart") {
		t.Errorf("status %d", res.status)
	}
	w = newWorld(t, shop{}, func(o *page.Options) {
		o.Carts = []simulator.Cart{{Name: "bad", Title: "Bad", Body: []byte(`{"order_amount":1}`)}}
	})
	if res := w.post(t, "/checkouts", "cart", "bad"); res.status != 422 || !strings.Contains(res.body, "refuses this order") {
		t.Errorf("status %d:\n%s", res.status, res.body)
	}
}

// TestLog: who looks on gets what came since, once.
func TestLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.opened(t, "books-and-lamps")
	if res := w.get(t, "/checkouts/"+id+"/log?after=1"); res.status != http.StatusNoContent {
		t.Errorf("nothing new: status %d", res.status)
	}
	x, _ := w.sim.Session(id)
	if err := x.Choose(context.Background(), "bud"); err != nil {
		t.Fatal(err)
	}
	res := w.get(t, "/checkouts/"+id+"/log?after=1")
	res.holds(t, `id="call-2"`, "after=2", `hx-swap-oob="afterbegin:#log"`)
	if strings.Contains(res.body, `id="call-1"`) {
		t.Error("what was there already comes again")
	}
	if res := w.get(t, "/checkouts/"+id+"/log?after=x"); res.status != http.StatusBadRequest {
		t.Errorf("status %d", res.status)
	}
}

// TestQuick: htmx is sent to another page in its own way.
func TestQuick(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	res := w.ask(t, http.MethodPost, "/checkouts", map[string][]string{"cart": {"digital"}}, "HX-Request", "true")
	if res.status != http.StatusNoContent || !strings.HasPrefix(res.header.Get("HX-Redirect"), "/checkouts/") {
		t.Errorf("status %d, %v", res.status, res.header)
	}
}

func TestUnknownCheckouts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	const none = "2f0c6c8e-8d5a-4a6f-9a5e-0c1d2e3f4a5b"
	for _, path := range []string{"/checkouts/" + none, "/checkouts/" + none + "/log", "/orders/" + none, "/orders/" + none + "/live", "/callbacks/1", "/callbacks/x", "/callbacks/0", "/callbacks/1/why", "/nowhere"} {
		res := w.get(t, path)
		if res.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, res.status)
		}
		if faults := audit(res.body); len(faults) > 0 {
			t.Errorf("%s: %q", path, faults)
		}
	}
	for _, path := range []string{"/checkouts/" + none + "/buy", "/orders/" + none + "/push"} {
		if res := w.post(t, path); res.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, res.status)
		}
	}
	id := w.opened(t, "digital")
	if res := w.get(t, "/orders/"+id); res.path != "/checkouts/"+id {
		t.Errorf("an order that is not bought is shown at %s", res.path)
	}
}
