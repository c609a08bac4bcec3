package cmd

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
)

// merchantURLs is the part of merchant_urls that Kvitto answers, in the order of the provider's documentation.
type merchantURLs struct {
	Validation           string `json:"validation"`
	Push                 string `json:"push,omitempty"`
	Notification         string `json:"notification,omitempty"`
	AddressUpdate        string `json:"address_update"`
	CountryChange        string `json:"country_change"`
	ShippingOptionUpdate string `json:"shipping_option_update"`
}

// maxURL is the longest merchant URL that the provider takes, contract 1.1.
const maxURL = 2000

func (p *Program) urlsCommand() *cobra.Command {
	var config, merchant, base, token string
	c := &cobra.Command{
		Use:   "urls --config FILE --merchant ID --base https://…",
		Short: "Print the merchant_urls object to paste into the checkout order",
		Long: "Prints the merchant_urls object to paste into the checkout order. The configuration may hold a token only as\n" +
			"a hash; then give it with --token FILE (- reads standard input). Whoever reads the output can call the callbacks.",
		Args: cobra.NoArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			cfg, err := p.loadConfig(config)
			if err != nil {
				return err
			}
			m, err := findMerchant(cfg, merchant)
			if err != nil {
				return err
			}
			secret, err := p.urlToken(m, token)
			if err != nil {
				return err
			}
			urls, err := urlsOf(base, m, secret)
			if err != nil {
				return err
			}
			enc := json.NewEncoder(p.Stdout)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			return enc.Encode(urls)
		},
	}
	c.Flags().StringVar(&config, "config", "", "configuration file")
	c.Flags().StringVar(&merchant, "merchant", "", "merchant id; may be left out where there is one")
	c.Flags().StringVar(&base, "base", "", "public address of this service, https")
	c.Flags().StringVar(&token, "token", "", "file that holds the token, - for standard input; needed where the configuration has only its hash")
	required(c, "config", "base")
	return c
}

// required marks flags as mandatory; a name that does not exist is a programmer's error.
func required(c *cobra.Command, names ...string) {
	for _, n := range names {
		if err := c.MarkFlagRequired(n); err != nil {
			panic(err)
		}
	}
}

// urlsOf builds the URLs; push and notification belong to mode full, in mode pricing they stay with the shop's plug-in.
func urlsOf(base string, m *configs.Merchant, token string) (*merchantURLs, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("the address %q: want an absolute https address such as https://kvitto.shop.example", base)
	}
	prefix := strings.TrimSuffix(u.String(), "/") + "/v1/" + m.ID + "/" + token + "/"
	id := "?" + m.OrderIDParameters[0] + "={checkout.order.id}"
	if len(prefix)+len("shipping-option-update")+len(id) > maxURL {
		return nil, fmt.Errorf("the address is too long: the URLs get longer than the %d characters that the provider takes", maxURL)
	}
	urls := &merchantURLs{Validation: prefix + "validation" + id, AddressUpdate: prefix + "address-update" + id,
		CountryChange: prefix + "country-change" + id, ShippingOptionUpdate: prefix + "shipping-option-update" + id}
	if m.Mode == "full" {
		urls.Push, urls.Notification = prefix+"push"+id, prefix+"notification"+id
	}
	return urls, nil
}

// newestToken is the token that counts longest; of several the last, which was added last.
func newestToken(m *configs.Merchant) *configs.Token {
	newest := &m.Tokens[0]
	for i := range m.Tokens {
		t := &m.Tokens[i]
		if t.Until.IsZero() || !newest.Until.IsZero() && !t.Until.Before(newest.Until) {
			newest = t
		}
	}
	return newest
}

// urlToken is the token to print: of file where one is given, else the newest of the configuration. One that has passed its
// until is an error: orders that are made with it could not be answered.
func (p *Program) urlToken(m *configs.Merchant, file string) (string, error) {
	if file == "" {
		if !m.Reachable(p.Now()) {
			return "", fmt.Errorf("merchant %s: %w", m.ID, errUnreachable)
		}
		newest := newestToken(m).Plain.Reveal()
		if newest == "" {
			return "", fmt.Errorf("merchant %s: the configuration holds only the hash of the newest token: give the token itself with --token FILE", m.ID)
		}
		return newest, nil
	}
	raw, err := p.readInput(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(raw))
	hash := sha256.Sum256([]byte(token))
	at := slices.IndexFunc(m.Tokens, func(t configs.Token) bool { return t.Hash == hash })
	if at < 0 {
		return "", fmt.Errorf("--token: merchant %s has no such token in the configuration", m.ID)
	}
	if until := m.Tokens[at].Until; !until.IsZero() && !p.Now().Before(until) {
		return "", fmt.Errorf("--token: this token of the merchant %s has passed its `until`: URLs with it answer 404", m.ID)
	}
	return token, nil
}
