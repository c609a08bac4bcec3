package fakeprovider

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"
)

// Credential lets a caller in. What travels is Basic with either User and Password in base64 (two of the provider's three
// forms: a user with a password, and "<merchant id>-<suffix>" with an API key), or Raw as it is.
type Credential struct {
	Merchant       string // whose orders are seen: those of this name and those of nobody; "" sees all
	User, Password string
	Raw            string // an API key used as it is, kco_test_api_…
}

// header is what the Authorization header must say.
func (c Credential) header() string {
	if c.Raw != "" {
		return "Basic " + c.Raw
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(c.User+":"+c.Password))
}

// caller finds out who calls.
func (p *Provider) caller(h http.Header) (Credential, bool) {
	given := h.Get("Authorization")
	if len(p.o.Credentials) == 0 {
		return Credential{}, strings.HasPrefix(given, "Basic ") && len(given) > len("Basic ")
	}
	for _, c := range p.o.Credentials {
		if subtle.ConstantTimeCompare([]byte(given), []byte(c.header())) == 1 {
			return c, true
		}
	}
	return Credential{}, false
}

// unauthorized is 401 as recorded: a page, no JSON.
func unauthorized() reply {
	return reply{status: http.StatusUnauthorized, header: http.Header{
		"Content-Type":     {"text/html;charset=utf-8"},
		"Www-Authenticate": {`Basic realm="orders"`},
	}, body: []byte("<html><head><title>401 Unauthorized</title></head><body><h1>HTTP Status 401 - Unauthorized</h1></body></html>\n")}
}
