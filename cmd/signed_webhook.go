package cmd

import (
	"net/http"
	"time"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/standardwebhooks"
)

// webhookTolerance is how far the time of a signed webhook may be from ours.
const webhookTolerance = 5 * time.Minute

// webhookVerifier checks the provider's signed webhooks by Standard Webhooks, which nobody has confirmed.
type webhookVerifier struct{ keys standardwebhooks.Keys }

// Verify implements callbacks.WebhookVerifier.
func (v webhookVerifier) Verify(h http.Header, body []byte, now time.Time) error {
	_, err := v.keys.Verify(h, body, now, webhookTolerance)
	return err
}

// verifierOf is nil where the merchant takes no signed webhooks.
func verifierOf(m *configs.Merchant) (callbacks.WebhookVerifier, error) {
	if m.Webhook == nil {
		return nil, nil //nolint:nilnil // no verifier is a setting, not a fault
	}
	var secrets []string
	for _, s := range m.Webhook.Secrets {
		secrets = append(secrets, s.Reveal())
	}
	keys, err := standardwebhooks.NewKeys(secrets...)
	if err != nil {
		return nil, &keyFault{[]string{"webhook", "secrets"}, configs.CodeWeakToken, err}
	}
	return webhookVerifier{keys}, nil
}
