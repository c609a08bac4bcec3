package page

import (
	"net/http"
	"slices"
	"strings"
)

// themeCookie remembers the switch.
const themeCookie = "kvitto_theme"

func themes() []string { return []string{"auto", "light", "dark"} }

// themeOf is the theme that a browser has chosen; auto where it has not.
func themeOf(r *http.Request) string {
	c, err := r.Cookie(themeCookie)
	if err != nil || !slices.Contains(themes(), c.Value) {
		return themes()[0]
	}
	return c.Value
}

func (p *pages) theme(w http.ResponseWriter, r *http.Request) {
	to := r.PostFormValue("theme")
	if !slices.Contains(themes(), to) {
		p.fail(w, r, http.StatusBadRequest, "There is no such theme.")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: themeCookie, Value: to, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	back(w, r)
}

// back leads to the page that a form stood on.
func back(w http.ResponseWriter, r *http.Request) {
	to := r.PostFormValue("back")
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		to = "/"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
