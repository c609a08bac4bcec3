package configs

import (
	"slices"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Token of a merchant, as its SHA-256. Until is the moment from which it no longer counts; zero: never.
type Token struct {
	Hash  [32]byte
	Until time.Time
	Plain Secret // zero where the configuration holds only the hash
}

// Merchant is one tenant.
type Merchant struct {
	ID                string
	Mode              string // full, pricing
	Rules             string // folder
	Rulebook          string // the same as it is written, with slashes: what publications are published under, on every machine
	Tokens            []Token
	ShopTokens        []Token // of the shop itself, for quote and ensure
	Quote             Quote
	OrderIDParameters []string
	Provider          *Provider      // nil where none is configured
	Webhook           *SignedWebhook // nil: the provider's signed webhooks are not taken
	ExpectPush        time.Duration  // after a validation: an order whose push has not come by then is asked for; 0: none is
	ShippingLine      string         // merchant, provider
	ShippingLinesKept []string       // references, with * as wildcard
	UpdateDeadline    time.Duration
	ValidationTimeout time.Duration
	ApproveOnDeadline bool
	CountryChange     map[string]string // country, upper case → absolute https URL
	DenyURL           string            // "" or an absolute https URL
	RequireOption     bool
	Grace             time.Duration
	Products          string            // CSV file, "" for none
	Facts             map[string]string // "coupon", "group" → JSON pointer into merchant_data
	ShopCheck         *ShopCheck        // nil: the shop is not asked
	Sink              Sink
	Capture           *Capture // nil: nothing is captured
	RedisDown         string   // refuse, inline
	Plugins           []Plugin
	Place             diag.Place
}

// Reachable reports whether a token still counts at a time: without one, every URL of the merchant answers 404.
func (m *Merchant) Reachable(now time.Time) bool {
	return slices.ContainsFunc(m.Tokens, func(t Token) bool { return t.Until.IsZero() || now.Before(t.Until) })
}

// Provider is the Order Management API of a merchant. Either Raw or User and Password are set, see contract 4.1.
type Provider struct {
	BaseURL        string // without a slash at its end
	User, Password Secret
	Raw            Secret // the Authorization value after "Basic ", as it is
	PerSecond      int    // requests a second at most, 1 to 200
	Checkout       bool   // read the checkout order too, for consents
	Place          diag.Place
}

// SignedWebhook is the provider's signed webhook, a second trigger beside push.
type SignedWebhook struct {
	Secrets []Secret // one, or two while the provider changes it: each of them is good
}

// ShopCheck is the shop's own word on a validation, see design 5.10.
type ShopCheck struct {
	URL       string
	Secret    Secret
	Deadline  time.Duration
	ApproveOn bool // on_fault: approve

	// Pages are further URLs whose hosts a redirect may lead to. No file sets them: they are for who puts another server in the
	// place of URL.
	Pages []string
}

// Sink is where confirmed orders go; at most one of the first four members is set.
type Sink struct {
	SpoolDir    string
	Webhook     *Webhook
	Stream      bool   // a stream of the Redis store
	Plugin      string // name of one of the merchant's plug-ins
	Thin        bool   // ids, amounts and states only; the shop reads the rest at the provider
	PersonalIDs bool   // national id and birth date are in the payload; never with Thin
}

// Webhook is a sink that is called.
type Webhook struct {
	URL     string
	Secrets []Secret // one, or two while the shop changes it: each of them signs
}

// Capture says which orders are captured at once. When is a raw condition of the tables.
type Capture struct {
	When     *diag.Node
	Physical bool // goods that a parcel holds are captured too, although they were not sent yet
}

// Plugin of a merchant; Config stays a raw node that the plug-in decodes.
type Plugin struct {
	Name     string
	Deadline time.Duration // 0: what is left of the callback's budget
	OnFault  string        // deny, skip; "": skip where it only provides facts, else deny
	Config   *diag.Node    // nil where there is none
	Place    diag.Place
}
