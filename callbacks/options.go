package callbacks

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// Options of New.
type Options struct {
	Merchants      []*Merchant                  // mandatory
	Now            func() time.Time             // mandatory
	Log            zerolog.Logger               // one line per request
	Registerer     prometheus.Registerer        // mandatory
	BodyLimit      int64                        // bytes of a priced body, mandatory
	InFlightLimit  int64                        // bytes of all bodies in flight, mandatory, at least BodyLimit
	Concurrency    int                          // requests with a valid token at work at once; 0: DefaultConcurrency
	TrustedProxies []netip.Prefix               // whose X-Forwarded-For gin believes; nothing here asks for it yet
	Texts          map[string]map[string]string // key → language → text, not changed afterwards; "fault" is mandatory
	Decisions      Decisions                    // nil: what was decided is not kept
}

// DefaultConcurrency is Options.Concurrency where it is not set.
const DefaultConcurrency = 512

// MaxDeadline bounds the deadlines of a merchant: the provider waits no longer than 10 s for any answer.
const MaxDeadline = 10 * time.Second

// Merchant is one tenant. Everything but Rules is fixed.
type Merchant struct {
	ID                 string        // 1 to 64 of A-Z a-z 0-9 . _ -
	Tokens             []Token       // at least one
	Rules              *Rules        // mandatory
	OrderIDParameters  []string      // of the URL's query; empty: klarna_order_id and kustom_order_id
	UpdateDeadline     time.Duration // mandatory, at most MaxDeadline
	ValidationDeadline time.Duration // mandatory, at most MaxDeadline
	ApproveOnDeadline  bool          // validation that cannot be decided
	Grace              time.Duration // of validation
	ShopTokens         []Token       // open quote and freight-from, and nothing else; none: these are the uniform 404
	Quoting            Quoting
	// Texts are those of Options, as they are now: they change with the merchants. Nil: those of Options.
	Texts map[string]map[string]string
	// Taker takes confirmed orders over. Nil: push, notification, webhook and ensure answer 503.
	Taker Taker
	// Untaken says that confirmed orders are to be taken over although there is no Taker: each that is refused is told as an
	// error.
	Untaken bool
	// Webhook checks the provider's signed webhooks, a second trigger beside push. Nil: webhook is the uniform 404.
	Webhook WebhookVerifier
	// Seen is told each order whose validation was approved, so that orders whose push never comes can be asked for. It
	// never blocks and is called concurrently. Nil: nobody is told.
	Seen func(orderID string)
}

// Token opens the callbacks of a merchant until a time; the zero time is for ever.
type Token struct {
	Hash  [32]byte // SHA-256 of the token
	Until time.Time
}

var merchantID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

func (o *Options) check() error {
	switch {
	case o.Now == nil:
		return errors.New("callbacks: Now is missing")
	case o.Registerer == nil:
		return errors.New("callbacks: Registerer is missing")
	case o.BodyLimit <= 0:
		return fmt.Errorf("callbacks: BodyLimit: %d is not above 0", o.BodyLimit)
	case o.InFlightLimit < o.BodyLimit:
		return fmt.Errorf("callbacks: InFlightLimit: %d is less than BodyLimit %d", o.InFlightLimit, o.BodyLimit)
	case o.Concurrency < 0:
		return fmt.Errorf("callbacks: Concurrency: %d is below 0", o.Concurrency)
	}
	return checkTexts(o.Texts)
}

func checkTexts(texts map[string]map[string]string) error {
	if len(texts[faultText]) == 0 {
		return fmt.Errorf("callbacks: Texts: %q is missing; a buyer would see nothing when we fail", faultText)
	}
	for key, byLanguage := range texts {
		for lang, text := range byLanguage {
			if text == "" || !utf8.ValidString(text) {
				return fmt.Errorf("callbacks: Texts: %s: %s: must be a text in UTF-8", key, lang)
			}
		}
	}
	return nil
}

func checkMerchants(ms []*Merchant) error {
	if len(ms) == 0 {
		return errors.New("callbacks: Merchants: none given")
	}
	seen := make(map[string]bool, len(ms))
	for i, m := range ms {
		if m == nil {
			return fmt.Errorf("callbacks: Merchants[%d]: nil", i)
		}
		if err := m.check(); err != nil {
			return fmt.Errorf("callbacks: merchant %q: %w", m.ID, err)
		}
		if seen[m.ID] {
			return fmt.Errorf("callbacks: merchant %q: given twice", m.ID)
		}
		seen[m.ID] = true
	}
	return nil
}

func (m *Merchant) check() error {
	switch {
	case !merchantID.MatchString(m.ID):
		return fmt.Errorf("id must match %s", merchantID)
	case m.Rules == nil || m.Rules.Engine() == nil:
		return errors.New("rules are missing")
	case len(m.Tokens) == 0:
		return errors.New("no token; nobody could call")
	case slices.ContainsFunc(m.Tokens, func(t Token) bool { return t.Hash == [32]byte{} }):
		return errors.New("a token without hash")
	case slices.Contains(m.OrderIDParameters, ""):
		return errors.New("an order id parameter without name")
	case m.UpdateDeadline <= 0 || m.UpdateDeadline > MaxDeadline:
		return fmt.Errorf("update deadline %v is not above 0 and at most %v", m.UpdateDeadline, MaxDeadline)
	case m.ValidationDeadline <= 0 || m.ValidationDeadline > MaxDeadline:
		return fmt.Errorf("validation deadline %v is not above 0 and at most %v", m.ValidationDeadline, MaxDeadline)
	case m.Grace < 0:
		return fmt.Errorf("grace %v is below 0", m.Grace)
	case m.Texts != nil:
		return errors.Join(checkTexts(m.Texts), m.checkShop())
	}
	return m.checkShop()
}

// checkShop checks what is for the shop itself.
func (m *Merchant) checkShop() error {
	for _, t := range m.ShopTokens {
		switch {
		case t.Hash == [32]byte{}:
			return errors.New("a shop token without hash")
		case slices.ContainsFunc(m.Tokens, func(p Token) bool { return p.Hash == t.Hash }):
			return errors.New("a token is both the provider's and the shop's")
		}
	}
	if m.Quoting.Require && len(m.Quoting.Keys) == 0 {
		return errors.New("a cart digest is required and there is no key to check it with")
	}
	return nil
}
