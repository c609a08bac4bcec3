package cmd

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
	"github.com/kvitto/kvitto/order/checkout"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/sink"
	"github.com/kvitto/kvitto/order/management"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// account is a merchant's way to the provider and the sink. What was not changed in the configuration is kept over a reload: a
// pause of the provider's then goes on, and a spool is not opened twice.
type account struct {
	from     accountSource
	merchant *confirm.Merchant
	way      *http.Transport
}

// accountSource is all that an account is made from.
type accountSource struct {
	conf    configs.Merchant
	guard   egress.Guard
	members []rules.Member
	book    string // revision
}

// same reports whether an account would come out the same.
func (s accountSource) same(o accountSource) bool {
	return reflect.DeepEqual(s.conf, o.conf) && s.sameGuard(o) && sameMembers(s.members, o.members) && s.book == o.book
}

func (s accountSource) sameGuard(o accountSource) bool { return reflect.DeepEqual(s.guard, o.guard) }

// sameProvider reports whether both speak to the provider in the same way, wherever that is written.
func (s accountSource) sameProvider(o accountSource) bool {
	if s.conf.Provider == nil || o.conf.Provider == nil || !s.sameGuard(o) {
		return false
	}
	a, b := *s.conf.Provider, *o.conf.Provider
	a.Place, b.Place = diag.Place{}, diag.Place{}
	return reflect.DeepEqual(a, b)
}

func (s accountSource) sameSink(o accountSource) bool {
	return s.sameGuard(o) && reflect.DeepEqual(s.conf.Sink, o.conf.Sink) && (s.conf.Sink.Plugin == "" || sameMembers(s.members, o.members))
}

// keyFault is what cannot be used although its form is right; keys lead to it in the merchant's configuration.
type keyFault struct {
	keys  []string
	code  string
	cause error
}

// Error begins with the place.
func (e *keyFault) Error() string { return strings.Join(e.keys, ".") + ": " + e.cause.Error() }

// Unwrap returns the cause.
func (e *keyFault) Unwrap() error { return e.cause }

// newAccount makes an account, of what the last one has where that stays; last may be nil.
func newAccount(from accountSource, last *account, loaded *tenant, now func() time.Time, odd func(*rules.Event, error)) (*account, error) {
	m := &from.conf
	a := &account{from: from}
	if last != nil && last.from.sameGuard(from) {
		a.way = last.way
	} else {
		a.way = egress.Transport(from.guard)
	}
	x := &confirm.Merchant{ID: m.ID, Inline: m.RedisDown == "inline", Expect: m.ExpectPush, Stream: m.Sink.Stream,
		Payload: confirm.Payload{Thin: m.Sink.Thin, PersonalIDs: m.Sink.PersonalIDs}}
	if last != nil && last.from.sameProvider(from) {
		x.Provider, x.Checkout = last.merchant.Provider, last.merchant.Checkout
	} else {
		client, err := guardedClient(m, from.guard, a.way, now)
		if err != nil {
			return nil, err
		}
		x.Provider = client
		if m.Provider.Checkout {
			x.Checkout = checkout.Over(client.Way())
		}
	}
	err := sinkReachable(m, from.guard)
	if err != nil {
		return nil, err
	}
	if last != nil && last.from.sameSink(from) {
		x.Sink = last.merchant.Sink
	} else if x.Sink, err = sinkOf(m, a.way, from.members, odd); err != nil {
		return nil, err
	}
	if x.Capture, err = captureOf(m, loaded, now); err != nil {
		return nil, err
	}
	a.merchant = x
	return a, nil
}

// guardedClient is managementClient where the guard lets it speak.
func guardedClient(m *configs.Merchant, g egress.Guard, way http.RoundTripper, now func() time.Time) (*management.Client, error) {
	if m.Provider != nil {
		if err := reachable(g, m.Provider.BaseURL, "provider", "base_url"); err != nil {
			return nil, err
		}
	}
	return managementClient(m, way, now)
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
		return nil, &keyFault{[]string{"provider", "credentials"}, configs.CodeSecret, err}
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
			return nil, &keyFault{[]string{"sink", "webhook"}, configs.CodeWeakToken, err}
		}
		return sink.NewWebhook(sink.Options{URL: s.Webhook.URL, Keys: keys, Transport: way, OnOddAnswer: odd})
	case s.Plugin != "":
		for _, member := range members {
			if taker, ok := member.Impl.(rules.OrderSink); ok && member.Name == s.Plugin {
				return taker, nil
			}
		}
		return nil, &keyFault{[]string{"sink", "plugin"}, configs.CodeNeeds,
			fmt.Errorf("the plug-in %q takes no orders: it has no hook OrderSink", s.Plugin)}
	default:
		return nil, fmt.Errorf("merchant %q has no sink", m.ID)
	}
}
