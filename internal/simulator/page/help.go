package page

import "net/http"

func (p *pages) help(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, "help.html", layout{Title: "Help", Section: "help", Content: struct {
		Explains, Keeps bool
		Faults          []fault
	}{p.o.Explainer != nil, p.o.Keeper != nil, faults()}})
}
