package starter

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// Modes of a merchant.
const (
	ModePricing = "pricing" // prices and checks orders; the shop takes them over
	ModeFull    = "full"    // also takes confirmed orders over
)

// Playground is the address of the provider's API for trials.
const Playground = "https://api.playground.kustom.co"

// ConfigFile is the name of the configuration that Service writes.
const ConfigFile = "kvitto.yaml"

// Service are the answers that the configuration of a service is made of. The zero value is one that only prices.
type Service struct {
	Merchant  string // id, "" is shop
	Mode      string // ModePricing or ModeFull; "" is ModePricing
	Provider  string // address of the provider's API, for ModeFull; "" is Playground
	Sink      string // folder, or an https address that is called, for ModeFull; "" is var/orders
	PublicURL string // where the provider reaches the service; "": not said
}

// Complete gives what is missing its default and tells what cannot be. Ids and addresses are checked when the
// configuration is loaded.
func (s *Service) Complete() error {
	for at, usual := range map[*string]string{&s.Merchant: "shop", &s.Mode: ModePricing, &s.Provider: Playground, &s.Sink: "var/orders"} {
		if *at == "" {
			*at = usual
		}
	}
	if s.Mode != ModePricing && s.Mode != ModeFull {
		return fmt.Errorf("mode %q: want %s or %s", s.Mode, ModePricing, ModeFull)
	}
	for name, text := range map[string]string{"merchant": s.Merchant, "provider": s.Provider, "sink": s.Sink, "public URL": s.PublicURL} {
		if strings.ContainsAny(text, "\"\\\n\r\t") {
			return fmt.Errorf("%s %q: there are signs in it that do not belong there", name, text)
		}
	}
	return nil
}

// Ask asks for what a service needs.
func (v *Interview) Ask(s *Service) error {
	if err := s.Complete(); err != nil {
		return err
	}
	err := v.ask("mode", "Mode: pricing (the shop takes orders over itself), or full (Kvitto acknowledges and hands them over)?", s.Mode, func(text string) error {
		try := *s
		try.Mode = text
		err := try.Complete()
		if err == nil {
			s.Mode = text
		}
		return err
	})
	if err != nil || s.Mode != ModeFull {
		return err
	}
	return v.ask("sink", "Where do confirmed orders go: a folder, or an https address that is called?", s.Sink, func(text string) error {
		s.Sink = text
		return nil
	})
}

// Files returns the configuration, the secrets it names, and the rulebook in the folder rules. random makes the secrets.
func (s Service) Files(rules []File, random io.Reader) ([]File, error) {
	if err := s.Complete(); err != nil {
		return nil, err
	}
	var files []File
	for _, f := range rules {
		f.Name = "rules/" + f.Name
		files = append(files, f)
	}
	for _, name := range []string{"secrets/token", "secrets/shop-token"} {
		raw, err := randomOf(random)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: name, Text: hex.EncodeToString(raw) + "\n", Secret: true})
	}
	if s.Mode == ModeFull {
		more, err := s.fullFiles(random)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return append(files, File{Name: ".gitignore", Text: "# not for a repository: secrets, and what the service keeps\n/secrets/\n/var/\n"},
		File{Name: ConfigFile, Text: s.config()}), nil
}

// randomOf reads 256 bits.
func randomOf(random io.Reader) ([]byte, error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, fmt.Errorf("random bits for a secret: %w", err)
	}
	return raw, nil
}

// fullFiles are the secrets of a merchant in mode full.
func (s *Service) fullFiles(random io.Reader) ([]File, error) {
	files := []File{
		{Name: "secrets/provider-user", Text: "put-the-user-of-the-api-here\n", Secret: true},
		{Name: "secrets/provider-password", Text: "put-the-password-of-the-api-here\n", Secret: true},
	}
	if !s.calls() {
		return files, nil
	}
	raw, err := randomOf(random)
	if err != nil {
		return nil, err
	}
	return append(files, File{Name: "secrets/orders", Text: "whsec_" + base64.StdEncoding.EncodeToString(raw) + "\n", Secret: true}), nil
}

// calls reports whether orders are handed over by a call.
func (s *Service) calls() bool {
	return strings.HasPrefix(s.Sink, "https://") || strings.HasPrefix(s.Sink, "http://")
}

// configColumn is the one in which remarks begin.
const configColumn = 45

// config writes kvitto.yaml.
func (s *Service) config() string {
	var w strings.Builder
	w.WriteString("# The service of one shop. What is not here has its default; docs/operating.md and configs/kvitto.yaml show every setting.\n" +
		"# Check it before you start:  kvitto check --config " + ConfigFile + "\n")
	column(&w, configColumn, "listen: 127.0.0.1:8080", "the callbacks; a proxy with TLS stands before it")
	column(&w, configColumn, "admin: 127.0.0.1:9090", "health, metrics, console; never public")
	if s.PublicURL != "" {
		column(&w, configColumn, `public_url: "`+s.PublicURL+`"`, "where the provider reaches it")
	} else {
		column(&w, configColumn, "# public_url: https://…", "where the provider reaches it: quotes then hold the callbacks' addresses")
	}
	if s.Mode == ModeFull {
		column(&w, configColumn, "store: {file: var/kvitto.db}", "orders until they are handed over; several replicas need Redis")
	}
	w.WriteString("\nmerchants:\n")
	column(&w, configColumn, "  - id: "+s.Merchant, "part of the URLs")
	column(&w, configColumn, "    mode: "+s.Mode, map[string]string{ModePricing: "prices and checks orders; the shop takes them over itself",
		ModeFull: "also acknowledges confirmed orders and hands them over: nobody else may"}[s.Mode])
	column(&w, configColumn, "    rules: rules", "the folder of the tables; a change is taken over by itself")
	column(&w, configColumn, "    tokens: [{file: secrets/token}]", "in the URLs that the provider calls")
	column(&w, configColumn, "    shop_tokens: [{file: secrets/shop-token}]", "of the shop itself: quote")
	if s.Mode == ModeFull {
		s.handover(&w)
	}
	return w.String()
}

// handover writes the keys of mode full.
func (s *Service) handover(w *strings.Builder) {
	w.WriteString("    provider:\n")
	column(w, configColumn, `      base_url: "`+s.Provider+`"`, "https://api.kustom.co when it is live")
	w.WriteString("      credentials: {user_file: secrets/provider-user, password_file: secrets/provider-password}\n")
	if s.calls() {
		fmt.Fprintf(w, "    sink: {webhook: {url: \"%s\", secrets: [{file: secrets/orders}]}}   # docs/order-sink.md\n", s.Sink)
		return
	}
	fmt.Fprintf(w, "    sink: {spool: {dir: \"%s\"}}   # a file for each order: docs/order-sink.md\n", s.Sink)
}
