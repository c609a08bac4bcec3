package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/kvitto/kvitto/configs"
)

const merchant = "torture"

// secrets of a run, made for it.
type secrets struct{ token, user, password, sink, seal string }

func newSecrets() secrets {
	return secrets{token: hex.EncodeToString([]byte(random())), user: "M1-" + uuid.NewString()[:8], password: "kco_test_api_" + random(), sink: "whsec_" + random(), seal: random()}
}

func random() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return base64.StdEncoding.EncodeToString(raw)
}

// path is where the provider pushes to on a replica.
func (s *secrets) path() string {
	return "/v1/" + merchant + "/" + s.token + "/push?klarna_order_id={checkout.order.id}"
}

// environ is what the replicas find the secrets in.
func (s *secrets) environ() []string {
	return []string{"TORTURE_TOKEN=" + s.token, "TORTURE_SINK=" + s.sink, "TORTURE_SEAL=" + s.seal}
}

// config of one replica. Attempts follow one another quickly, so that a phase takes a minute and not a day.
const config = `admin: 127.0.0.1:0
store: {redis: {addrs: [%[1]s]}}
confirm: {lease: 30s, poll: 100ms, backoff: [100ms, 300ms, 1s], horizon: 47h, seal: [{env: TORTURE_SEAL}]}
audit: {file: %[2]s}
ephemeral: accepted
egress: {allow: [127.0.0.0/8]}
merchants:
  - id: ` + merchant + `
    mode: full
    rules: rules
    tokens: [{env: TORTURE_TOKEN}]
    provider:
      base_url: %[3]s
      requests_per_second: 200
      credentials: {user_file: user, password_file: password}
    sink: {webhook: {url: "%[4]s", secret_env: TORTURE_SINK}}
`

// writeConfig writes the configuration of one replica and returns its name.
func writeConfig(dir string, replica int, redis, provider, sink string, s *secrets) (string, error) {
	if err := os.CopyFS(filepath.Join(dir, "rules"), sub()); err != nil && !os.IsExist(err) {
		return "", err
	}
	audit := fmt.Sprintf("audit-%d.jsonl", replica)
	for name, text := range map[string]string{"user": s.user, "password": s.password, audit: ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	name := filepath.Join(dir, fmt.Sprintf("kvitto-%d.yaml", replica))
	return name, os.WriteFile(name, fmt.Appendf(nil, config, redis, audit, provider, sink), 0o600)
}

// orderJSON is a checkout order as it is completed; no two are the same.
func orderJSON(id string, n int) []byte {
	price := 10_000 + 100*n
	tax := price - price*10_000/12_500
	line := fmt.Sprintf(`{"type":"physical","reference":"lamp-%d","name":"Lamp","quantity":1,"unit_price":%d,"tax_rate":2500,"total_amount":%d,"total_tax_amount":%d}`, n, price, price, tax)
	address := `{"given_name":"Maja","family_name":"` + buyerName + `","street_address":"` + buyerStreet + ` 1","postal_code":"11826","city":"Stockholm","country":"se","email":"` + buyerMail + `"}`
	return []byte(strings.Join([]string{
		`{"order_id":"` + id + `"`, `"purchase_country":"se"`, `"purchase_currency":"SEK"`, `"locale":"sv-SE"`,
		fmt.Sprintf(`"order_amount":%d,"order_tax_amount":%d`, price, tax), `"order_lines":[` + line + `]`,
		`"billing_address":` + address, `"shipping_address":` + address + `}`,
	}, ","))
}

// sub is the rulebook of the demo.
func sub() fs.FS {
	rules, err := fs.Sub(configs.FS(), "demo/rules")
	if err != nil {
		panic(err) // it is compiled in
	}
	return rules
}
