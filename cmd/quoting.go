package cmd

import (
	"fmt"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/callbacks/quote"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/pricing/digest"
)

// quotingOf is how the quotes of a merchant are addressed and sealed; base is where the provider reaches the service, ""
// where that is not known. With an error it is what is left of that.
func quotingOf(base string, m *configs.Merchant) (callbacks.Quoting, error) {
	keys, err := digestKeys(m)
	if err != nil {
		return callbacks.Quoting{}, fmt.Errorf("quote: %w", err)
	}
	q := callbacks.Quoting{Keys: keys, Kept: m.ShippingLinesKept, Require: m.Quote.Require}
	newest := newestToken(m).Plain.Reveal()
	switch {
	case base == "":
		q.URLsLeft = "public_url is not configured"
	case newest == "":
		q.URLsLeft = "the configuration holds only the hash of the newest token"
	default:
		urls, err := urlsOf(base, m, newest)
		if err != nil {
			q.URLsLeft = "they would be too long"
			return q, fmt.Errorf("public_url: %w", err)
		}
		q.URLs = urls.list()
	}
	return q, nil
}

// digestKeys are the keys of the cart digest: of the configured secrets, else of the shop tokens, also those that have
// expired, because orders outlive a token.
func digestKeys(m *configs.Merchant) (digest.Keys, error) {
	if !m.Quote.Digest {
		return nil, nil
	}
	var keys digest.Keys
	for _, s := range m.Quote.Secrets {
		k, err := digest.FromSecret(m.ID, s.Reveal())
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	if len(keys) > 0 {
		return keys, nil
	}
	for _, t := range m.ShopTokens {
		k, err := digest.FromToken(m.ID, t.Hash)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// list are the addresses by their members of merchant_urls.
func (u *merchantURLs) list() []quote.URL {
	all := []quote.URL{{Name: "validation", Address: u.Validation}, {Name: "push", Address: u.Push},
		{Name: "notification", Address: u.Notification}, {Name: "address_update", Address: u.AddressUpdate},
		{Name: "country_change", Address: u.CountryChange}, {Name: "shipping_option_update", Address: u.ShippingOptionUpdate}}
	var out []quote.URL
	for _, one := range all {
		if one.Address != "" { // push and notification in mode full only
			out = append(out, one)
		}
	}
	return out
}

// callbackTokens are tokens as the callbacks take them.
func callbackTokens(of []configs.Token) []callbacks.Token {
	out := make([]callbacks.Token, len(of))
	for i, t := range of {
		out[i] = callbacks.Token{Hash: t.Hash, Until: t.Until}
	}
	return out
}
