package page

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

// layout is what every page has around its content.
type layout struct {
	Title   string // of the page
	Section string // of the navigation: checkouts, callbacks, help
	Theme   string
	Here    string // path, for forms that come back to it
	Chips   chips
	Problem string // what could not be done, in words for people
	Content any
}

// chips are what of the simulator stands on every page.
type chips struct {
	Speed  int64
	Faults int // that are on
	Clock  time.Time
	Plug   *bool // whether the service runs; nil: not known
}

func (p *pages) chips() chips {
	c := chips{Speed: p.sim.Provider().Speed(), Faults: p.faultsOn(), Clock: p.sim.Provider().Now()}
	if p.o.Plug != nil {
		in := p.o.Plug.Plugged()
		c.Plug = &in
	}
	return c
}

// parseTemplates reads the templates; assets are named by what is in them.
func parseTemplates(a assets) *template.Template {
	funcs := template.FuncMap{
		"money": money, "price": price, "percent": percent, "took": took,
		"asset":   func(name string) string { return a.names[name] },
		"clock":   func(t time.Time) string { return t.Format("15:04:05") },
		"day":     func(t time.Time) string { return t.Format("Mon 2 Jan 15:04:05") },
		"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"short":   short,
		"country": countryName,
		"place":   placeOf,
		"signed":  signed,
		"dict":    dict,
		"deref":   func(b *bool) bool { return *b },
	}
	return template.Must(template.New("").Funcs(funcs).ParseFS(files, "templates/*.html"))
}

// short is the beginning of an order's id.
func short(id string) string {
	head, _, _ := strings.Cut(id, "-")
	return head
}

// placeOf is where a step of a story stands in the tables; "" where it stands nowhere.
func placeOf(s rules.Step) string {
	if s.File == "" {
		return ""
	}
	if s.Line == 0 {
		return s.File
	}
	return fmt.Sprintf("%s:%d", s.File, s.Line)
}

// signed is an effect on a price, with its sign.
func signed(a order.Amount, currency string) string {
	if a > 0 {
		return "+" + money(a, currency)
	}
	return money(a, currency)
}

// dict makes a map for a template that wants several values.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// show renders a page.
func (p *pages) show(w http.ResponseWriter, r *http.Request, status int, name string, l layout) {
	l.Theme, l.Chips = themeOf(r), p.chips()
	if l.Here == "" {
		l.Here = r.URL.RequestURI()
	}
	p.write(w, status, name, l)
}

// write renders a template whole before anything is sent.
func (p *pages) write(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := p.tmpl.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // where that fails nobody is there any more
}

// fail shows a page that says what is wrong.
func (p *pages) fail(w http.ResponseWriter, r *http.Request, status int, text string) {
	here := "/"
	if r.Method == http.MethodGet {
		here = r.URL.RequestURI()
	}
	p.show(w, r, status, "failed.html", layout{Title: http.StatusText(status), Here: here, Content: text})
}

func (p *pages) notFound(w http.ResponseWriter, r *http.Request) {
	p.fail(w, r, http.StatusNotFound, "There is nothing at this address.")
}

// quick reports whether htmx asks.
func quick(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// leave leads to another page: htmx has to be told to load it whole.
func leave(w http.ResponseWriter, r *http.Request, to string) {
	if quick(r) {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
