package page_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/simulator/page"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestEveryPage: each page of a real story is valid enough, keeps the token to itself, and is bounded.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	w := realWorld(t, nil)
	paths, order := w.story(t)
	paths["order"] = order
	paths["stopped"] = "/callbacks?show=stopped"
	paths["of one order"] = "/callbacks?order=" + strings.TrimPrefix(paths["checkout"], "/checkouts/")
	for name, path := range paths {
		res := w.get(t, path)
		if faults := audit(res.body); len(faults) > 0 {
			t.Errorf("%s: %s", name, strings.Join(faults, "\n"))
		}
		if strings.Contains(res.body, token) {
			t.Errorf("%s shows the token", name)
		}
		if strings.Contains(res.body, "{{") || strings.Contains(res.body, "ZgotmplZ") || strings.Contains(res.body, "could not be made") {
			t.Errorf("%s is not whole:\n%s", name, mainOf(res.body))
		}
	}
}

// TestCallback: a callback shows the money before and after, the rules' reasons with their lines, and both bodies.
func TestCallback(t *testing.T) {
	t.Parallel()
	w := realWorld(t, nil)
	paths, _ := w.story(t)
	res := w.get(t, paths["callback"])
	res.holds(t, "address_update", "Gotlandstillägg", "shipping.yaml:57", "+25.00", "To pay", "836.00", "752.00", "Hem till dörren</s>", "changed: ", "/v1/demo/a-to…/address-update")
	w.get(t, paths["callback-refused"]).holds(t, "unsupported_shipping_address", "Refused as", "Vi kan tyvärr inte")
	seq := strings.TrimPrefix(paths["callback"], "/callbacks/")
	for part, want := range map[string]string{"request": `"order_amount": 83600`, "answer": `"order_amount": 75200`} {
		whole := w.get(t, "/callbacks/"+seq+"/"+part)
		if !strings.HasPrefix(whole.header.Get("Content-Type"), "text/plain") || !strings.Contains(whole.body, want) {
			t.Errorf("%s: %s\n%s", part, whole.header.Get("Content-Type"), whole.body)
		}
	}
	if part := w.get(t, "/callbacks/"+seq+"/why", "HX-Request", "true"); strings.Contains(part.body, "<html") || !strings.Contains(part.body, "shipping.yaml:57") {
		t.Errorf("the part for htmx: %s", part.body)
	}
	if res := w.get(t, "/callbacks/"+seq+"/why"); res.path != "/callbacks/"+seq {
		t.Errorf("without htmx it leads to %s", res.path)
	}
	if res := w.get(t, "/callbacks/"+seq+"/soul"); res.status != http.StatusNotFound {
		t.Errorf("status %d", res.status)
	}
}

// TestTokensOfValidation: the body of a validation names all URLs of the order; no page shows their token.
func TestTokensOfValidation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{"validation": func(w http.ResponseWriter, r *http.Request) {
		refuse("approval_failed", "See http://"+r.Host+r.URL.Path)(w, r)
	}}, nil)
	id := w.settled(t)
	for _, res := range []answer{w.post(t, "/checkouts/"+id+"/buy"), w.get(t, "/callbacks"), w.get(t, "/callbacks/3"), w.get(t, "/callbacks/3/request"), w.get(t, "/callbacks/3/answer")} {
		if strings.Contains(res.body, token) {
			t.Errorf("%s shows the token", res.path)
		}
		if !strings.Contains(res.body, "a-to…") {
			t.Errorf("%s shows no URL at all:\n%s", res.path, res.body)
		}
	}
}

func TestNobodyExplains(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	id := w.opened(t, "digital")
	w.get(t, "/callbacks/1").holds(t, "kvitto rules explain DIR --order FILE")
	if strings.Contains(w.get(t, "/checkouts/"+id).body, "Why, by the rules") {
		t.Error("the page offers what nobody can answer")
	}
	w.get(t, "/help").holds(t, "The rules are not in this process")
}

// TestCallbacksAreBounded: a thousand callbacks are a page of fifty.
func TestCallbacksAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{"country-change": refuse("unsupported_shipping_address", "Nej.")}, nil)
	w.crowd(t)
	for path, want := range map[string]string{"/callbacks": "1–50 of 1000", "/callbacks?page=20": "951–1000 of 1000", "/callbacks?page=99": "951–1000 of 1000", "/callbacks?page=-1": "1–50 of 1000",
		"/callbacks?page=x": "1–50 of 1000", "/": "1–25 of"} {
		res := w.get(t, path)
		if !strings.Contains(res.body, want) || len(res.body) > 100_000 {
			t.Errorf("%s: %d bytes, want %q", path, len(res.body), want)
		}
		if faults := audit(res.body); len(faults) > 0 {
			t.Errorf("%s: %q", path, faults)
		}
	}
	stopped := w.get(t, "/callbacks?show=stopped")
	if n := strings.Count(stopped.body, "</span> refused</span>"); n == 0 || n != strings.Count(stopped.body, `scope="row"`) {
		t.Errorf("%d refusals among those that stopped the buyer", n)
	}
	if res := w.get(t, "/callbacks?page=2"); !strings.Contains(res.body, `href="/callbacks?page=1"`) || !strings.Contains(res.body, `href="/callbacks?page=3"`) {
		t.Error("the second page lacks its neighbours")
	}
}

// TestLogIsBounded: beside a checkout stand the last twenty.
func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shop{}, nil)
	x := w.begin(t, "demo", "digital")
	for range 30 {
		if err := x.Address(t.Context(), map[string]string{"postal_code": "118 26"}, nil); err != nil {
			t.Fatal(err)
		}
	}
	res := w.get(t, "/checkouts/"+x.ID())
	if n := strings.Count(res.body, "<article"); n != 20 {
		t.Errorf("%d callbacks, want 20", n)
	}
	res.holds(t, "11 earlier ones")
}

// TestStory is golden: a callback as the page tells it.
func TestStory(t *testing.T) {
	t.Parallel()
	w := realWorld(t, nil)
	paths, _ := w.story(t)
	for name, path := range map[string]string{"callback": paths["callback"], "callback-refused": paths["callback-refused"], "checkout-us": paths["checkout-us"], "order": paths["order-waiting"]} {
		got := told(w.get(t, path).body)
		file := filepath.Join("testdata", "golden", name+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

var moving = regexp.MustCompile(`\d\d:\d\d:\d\d|\d+(\.\d)? ms|127\.0\.0\.1:\d+|revision [0-9a-f]{12}`)

// told is what a page says, a block a line, without what differs from run to run.
func told(body string) string {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	tell(&b, root)
	text := moving.ReplaceAllStringFunc(strings.ReplaceAll(b.String(), "\u00a0", " "), func(s string) string {
		switch {
		case strings.Contains(s, "ms"):
			return "N ms"
		case strings.HasPrefix(s, "127"):
			return "HOST"
		case strings.HasPrefix(s, "rev"):
			return "revision R"
		}
		return "TIME"
	})
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if l = plain(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func tell(b *strings.Builder, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		b.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
	case html.ElementNode:
		switch n.Data {
		case "head", "header", "footer", "pre":
			return
		case "tr", "p", "h1", "h2", "h3", "li", "article", "summary", "dt", "form", "option", "caption":
			b.WriteString("\n")
		case "td", "th", "dd":
			b.WriteString(" | ")
		case "input":
			for _, a := range n.Attr {
				if a.Key == "value" {
					fmt.Fprintf(b, " [%s]", a.Val)
				}
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		tell(b, c)
	}
}

// TestSamples: each country has addresses to try, with labels that tell them apart and no member that the form lacks.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, c := range page.Countries() {
		labels := map[string]bool{}
		for _, s := range page.Samples(c.Code) {
			if labels[s.Label] || s.Members["postal_code"] == "" || s.Members["country"] != "" {
				t.Errorf("%s: %+v", c.Code, s)
			}
			labels[s.Label] = true
		}
		if len(labels) == 0 || len(labels) < 2 && c.Code != "FR" {
			t.Errorf("%s has %d addresses", c.Code, len(labels))
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "Options.Simulator") {
			t.Errorf("got %s", got)
		}
	}()
	page.New(page.Options{})
}
