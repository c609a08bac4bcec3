package cmd

import (
	"fmt"
	"net/http"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/order/checkout"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
)

// takenMerchant is a merchant as the machine takes it.
func takenMerchant(from accountSource, way http.RoundTripper, loaded *tenant, now func() time.Time, odd func(*rules.Event, error)) (*confirm.Merchant, error) {
	m := &from.conf
	client, err := managementClient(m, way, now)
	if err != nil {
		return nil, err
	}
	x := &confirm.Merchant{ID: m.ID, Provider: client, Inline: m.RedisDown == "inline", Expect: m.ExpectPush,
		Stream: m.Sink.Stream, Payload: confirm.Payload{Thin: m.Sink.Thin, PersonalIDs: m.Sink.PersonalIDs}}
	if m.Provider.Checkout {
		x.Checkout = checkout.Over(client.Way())
	}
	if x.Sink, err = sinkOf(m, way, from.members, odd); err != nil {
		return nil, err
	}
	if x.Capture, err = captureOf(m, loaded, now); err != nil {
		return nil, err
	}
	return x, nil
}

// managementClient speaks to the provider under the merchant's credentials.
func managementClient(m *configs.Merchant, way http.RoundTripper, now func() time.Time) (*management.Client, error) {
	if m.Provider == nil {
		return nil, fmt.Errorf("merchant %q has no provider", m.ID)
	}
	p := m.Provider
	credentials, err := management.UserPassword(p.User.Reveal(), p.Password.Reveal())
	if p.Raw.Reveal() != "" {
		credentials, err = management.RawValue(p.Raw.Reveal())
	}
	if err != nil {
		return nil, fmt.Errorf("provider.credentials: %w", err)
	}
	return management.New(management.Options{BaseURL: p.BaseURL, Credentials: credentials, Transport: way, Now: now, PerSecond: p.PerSecond})
}

// sinkOf is where the merchant takes orders; nil for a stream, which is the store's.
func sinkOf(m *configs.Merchant, way http.RoundTripper, members []rules.Member, odd func(*rules.Event, error)) (rules.OrderSink, error) {
	switch s := m.Sink; {
	case s.Stream:
		return nil, nil
	case s.SpoolDir != "":
		return sink.NewSpool(s.SpoolDir)
	case s.Webhook != nil:
		var secrets []string
		for _, x := range s.Webhook.Secrets {
			secrets = append(secrets, x.Reveal())
		}
		keys, err := standardwebhooks.NewKeys(secrets...)
		if err != nil {
			return nil, fmt.Errorf("sink.webhook: %w", err)
		}
		return sink.NewWebhook(sink.Options{URL: s.Webhook.URL, Keys: keys, Transport: way, OnOddAnswer: odd})
	case s.Plugin != "":
		for _, member := range members {
			if taker, ok := member.Impl.(rules.OrderSink); ok && member.Name == s.Plugin {
				return taker, nil
			}
		}
		return nil, fmt.Errorf("sink.plugin: %q takes no orders: no plug-in of this merchant has that name and the hook OrderSink", s.Plugin)
	default:
		return nil, fmt.Errorf("merchant %q has no sink", m.ID)
	}
}
