package callbacks

import (
	"net/url"
	"slices"
	"strings"
)

const (
	klarnaOrderID = "klarna_order_id"
	kustomOrderID = "kustom_order_id"
	// maxOrderID is the longest order id that is taken; the contract allows 255, those that exist are UUIDs.
	maxOrderID = 64
)

// orderIDFrom finds the order id in a raw query: exactly one parameter of the given names, in clean escapes. The
// class is empty where the id is good, classIDMissing where there is none or an empty one.
func orderIDFrom(query string, names []string) (id string, c class) {
	found := 0
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		key, value, ok := unescapePair(pair)
		if !ok {
			return "", classIDQuery
		}
		if !slices.Contains(names, key) {
			continue
		}
		if found++; found > 1 {
			return "", classIDTwice
		}
		id = value
	}
	if id == "" {
		return "", classIDMissing
	}
	return cleanOrderID(id)
}

// unescapePair refuses what url.ParseQuery drops in silence: a semicolon and a broken escape.
func unescapePair(pair string) (key, value string, ok bool) {
	if strings.Contains(pair, ";") {
		return "", "", false
	}
	key, value, _ = strings.Cut(pair, "=")
	if !strings.ContainsAny(pair, "%+") {
		return key, value, true
	}
	key, err := url.QueryUnescape(key)
	if err != nil {
		return "", "", false
	}
	value, err = url.QueryUnescape(value)
	return key, value, err == nil
}

// cleanOrderID takes ^[A-Za-z0-9][A-Za-z0-9-]{0,63}$ and nothing else, because an id ends in keys and paths. A UUID
// comes back in lower case, so that one order has one id.
func cleanOrderID(id string) (string, class) {
	if strings.ContainsAny(id, "{}") {
		return "", classIDPlaceholder
	}
	if id == "" || len(id) > maxOrderID || id[0] == '-' {
		return "", classIDMalformed
	}
	for i := range len(id) {
		if !alphanumeric(id[i]) && id[i] != '-' {
			return "", classIDMalformed
		}
	}
	if isUUID(id) {
		id = strings.ToLower(id)
	}
	return id, ""
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// isUUID reports whether a clean id has the form 8-4-4-4-12 of hex digits.
func isUUID(id string) bool {
	if len(id) != 36 {
		return false
	}
	for i := range len(id) {
		switch i {
		case 8, 13, 18, 23:
			if id[i] != '-' {
				return false
			}
		default:
			if !isHex(id[i]) {
				return false
			}
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// takeOrderID reads the id of the URL into x. It is refused where it is malformed, and where it is mandatory and
// missing.
func (x *exchange) takeOrderID(mandatory bool) error {
	id, c := orderIDFrom(x.r.URL.RawQuery, x.tenant.orderIDParameters)
	if c == "" || c == classIDMissing && !mandatory {
		x.orderID = id
		return nil
	}
	return refuse(c)
}

// agree takes the id of the body, which wins; a contradiction with the URL's is refused. An id of the body that is
// not clean is never used for anything, so it is passed over where the URL has none.
func (x *exchange) agree(body string) error {
	if body == "" {
		return nil
	}
	id, c := cleanOrderID(body)
	if x.orderID != "" && (c != "" || id != x.orderID) {
		return refuse(classIDContradiction)
	}
	x.orderID = id
	return nil
}
