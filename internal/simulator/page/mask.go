package page

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// secretLength is from how many characters on a part of a callback's URL is taken for a secret.
const secretLength = 16

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// mask hides what opens the merchant's callbacks: long parts of the paths and queries of its URLs, wherever they stand.
type mask struct{ r *strings.Replacer }

// newMask hides the secrets of URLs.
func newMask(urls ...string) mask {
	var found []string
	for _, u := range urls {
		found = append(found, secretsOf(u)...)
	}
	slices.SortFunc(found, func(a, b string) int { return len(b) - len(a) }) // one may hold another
	var pairs []string
	for _, s := range slices.Compact(found) {
		pairs = append(pairs, s, s[:4]+"…")
	}
	return mask{strings.NewReplacer(pairs...)}
}

// maskOf hides the secrets of a callback: those of its URL, and of the URLs that an order in its body names.
func maskOf(own string, order []byte) mask { return newMask(append(merchantURLs(order), own)...) }

func (m mask) text(s string) string { return m.r.Replace(s) }

// merchantURLs are those that an order names; other bodies name none.
func merchantURLs(body []byte) []string {
	var o struct {
		URLs map[string]string `json:"merchant_urls"`
	}
	if json.Unmarshal(body, &o) != nil {
		return nil
	}
	var list []string
	for _, u := range o.URLs {
		list = append(list, u)
	}
	return list
}

// secretsOf are the parts of a URL that could be secrets, as they are written and as they read.
func secretsOf(raw string) []string {
	u, err := url.Parse(raw)
	if err != nil {
		return nil
	}
	parts := strings.Split(u.EscapedPath(), "/")
	for _, pair := range strings.Split(u.RawQuery, "&") {
		_, value, _ := strings.Cut(pair, "=")
		parts = append(parts, value)
	}
	if p, ok := u.User.Password(); ok {
		parts = append(parts, p)
	}
	var secrets []string
	for _, s := range parts {
		if len(s) < secretLength || uuidForm.MatchString(s) || isWords(s) {
			continue
		}
		secrets = append(secrets, s)
		if plain, err := url.PathUnescape(s); err == nil && plain != s && len(plain) >= secretLength {
			secrets = append(secrets, plain)
		}
	}
	return secrets
}

// isWords reports whether a part of a path is what a callback is called, or where the order's id goes.
func isWords(s string) bool {
	switch s {
	case "shipping-option-update", "shipping_option_update", "upsell-validation", "upsell_validation", "{checkout.order.id}", "%7Bcheckout.order.id%7D":
		return true
	}
	return false
}
