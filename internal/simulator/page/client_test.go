package page_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/kvitto/kvitto/internal/simulator"
)

// answer is what a page answered.
type answer struct {
	status int
	header http.Header
	body   string
	path   string // after redirects
}

// get asks for a path, as a browser without script does.
func (w *world) get(t *testing.T, path string, headers ...string) answer {
	t.Helper()
	return w.ask(t, http.MethodGet, path, nil, headers...)
}

// post sends a form, pairs of names and values, and follows where it leads.
func (w *world) post(t *testing.T, path string, pairs ...string) answer {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return w.ask(t, http.MethodPost, path, form)
}

func (w *world) ask(t *testing.T, method, path string, form url.Values, headers ...string) answer {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, w.site.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", w.site.URL)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := w.site.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(text), res.Request.URL.Path}
}

// opened opens the checkout of a cart through the page and returns its order's id.
func (w *world) opened(t *testing.T, cart string) string {
	t.Helper()
	res := w.post(t, "/checkouts", "shop", w.options.Shops[0].ID, "cart", cart)
	id, ok := strings.CutPrefix(res.path, "/checkouts/")
	if res.status != http.StatusOK || !ok || id == "" {
		t.Fatalf("open %s: status %d at %s:\n%s", cart, res.status, res.path, res.body)
	}
	return id
}

func (w *world) view(t *testing.T, id string) simulator.View {
	t.Helper()
	x, ok := w.sim.Session(id)
	if !ok {
		t.Fatalf("there is no checkout %s", id)
	}
	return x.View()
}

// begin opens a checkout past the page.
func (w *world) begin(t testing.TB, shop, cart string) *simulator.Session {
	t.Helper()
	for _, s := range w.options.Shops {
		if s.ID != shop {
			continue
		}
		for _, c := range simulator.Carts() {
			if c.Name != cart {
				continue
			}
			x, err := w.sim.Start(c.Body, s.URLs)
			if err != nil {
				t.Fatal(err)
			}
			if err := x.Enter(t.Context()); err != nil {
				t.Fatal(err)
			}
			return x
		}
	}
	t.Fatalf("there is no shop %s with a cart %s", shop, cart)
	return nil
}

// mainOf is the text of a page without what stands on all of them.
func mainOf(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	root, err := html.Parse(strings.NewReader("<p" + body))
	if err != nil {
		return body
	}
	return words(root)
}
