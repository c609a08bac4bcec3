// Package configs is the configuration: strict loading with a place for every fault, defaults, overrides from the
// environment, and the sample files that the README uses.
//
// Its one rule: a secret is read from a file or the environment and never written in the file.
package configs

import (
	"net/netip"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Config is the whole file, see design 4.
type Config struct {
	Listen, Admin  string
	AdminToken     Secret // mandatory as soon as Admin is not loopback
	Log            Log
	TrustedProxies []netip.Prefix
	Limits         Limits
	Texts          map[string]map[string]string // key → language → text
	Merchants      []Merchant
}

// Log of the service.
type Log struct {
	Level  string // debug, info, warn, error
	Format string // json, console
}

// Limits of bodies in bytes.
type Limits struct{ Body, InFlight int64 }

// Secret is a value that never prints.
type Secret struct{ value string }

// Reveal returns the value.
func (s Secret) Reveal() string { return s.value }

// Token of a merchant.
type Token struct {
	Hash  [32]byte
	Until time.Time
}

// Merchant is one tenant.
type Merchant struct {
	ID                string
	Mode              string // full, pricing
	Rules             string // folder, absolute or from the file's folder
	Tokens            []Token
	OrderIDParameters []string
	ShippingLine      string // merchant, provider
	ShippingLinesKept []string
	UpdateDeadline    time.Duration
	ValidationTimeout time.Duration
	ApproveOnDeadline bool
	CountryChange     map[string]string
	DenyURL           string
	RequireOption     bool
	Grace             time.Duration
	Facts             map[string]string
	Plugins           []Plugin
	Place             diag.Place
}

// Plugin of a merchant; Config stays a raw node that the plug-in decodes.
type Plugin struct {
	Name     string
	Deadline time.Duration
	OnFault  string // deny, skip
	Config   *diag.Node
	Place    diag.Place
}

// Load reads a configuration file; environ is os.Environ() or a test's own. It returns nil where r has an error.
func Load(file string, environ []string, r *diag.Report) *Config { return nil }

// Demo returns the configuration of serve --demo.
func Demo() *Config { return nil }
