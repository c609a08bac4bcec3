// Package configs is the configuration: strict loading with a place for every fault, defaults, overrides from the
// environment, and the sample files that the README uses.
//
// Its one rule: a secret is read from a file or the environment and never written in the file.
package configs

import (
	"net/netip"
	"time"
)

// Config is the whole file, see design 4. Paths in it are absolute or relative to the process, never to the file.
type Config struct {
	Listen, Admin  string
	PublicURL      string // where the provider reaches this service, without a slash at its end; "": quotes hold no URLs
	AdminToken     Secret // mandatory as soon as Admin is not loopback
	Log            Log
	TrustedProxies []netip.Prefix
	Limits         Limits
	Texts          map[string]map[string]string // key → language → text; "fault" is always there
	Store          Store
	Confirm        Confirm
	Audit          Audit
	Decisions      Decisions
	Ephemeral      bool           // the store and spool may be on a disk that a container loses
	Egress         []netip.Prefix // inner networks that sinks and providers may be in
	Publish        Publish
	Merchants      []Merchant
	Files          []string // that secrets were read from: where one changes, the configuration is to be read again
}

// Log of the service.
type Log struct {
	Level  string // debug, info, warn, error
	Format string // json, console
}

// Limits of bodies in bytes.
type Limits struct{ Body, InFlight int64 }

// Store of confirmed orders: a file of our own or, where Redis is set, Redis.
type Store struct {
	File  string
	Redis *Redis
}

// Redis is how a Redis store is reached.
type Redis struct {
	Addrs            []string // host:port of the server, the sentinels, or (several without Sentinel) nodes of a cluster
	Sentinel         string   // name of the primary at the sentinels; "" without them
	SentinelUser     string   // at the sentinels themselves
	SentinelPassword Secret
	User             string
	Password         Secret
	Database         int  // 0 to 15
	TLS              bool // needed for a server that is not on this machine or an inner network
}

// Confirm is how orders are taken over, see reliability 2.3.
type Confirm struct {
	Lease   time.Duration   // how long a replica may work on an order before another takes it, 30 s to 10 min
	Poll    time.Duration   // how often due work is looked for, 100 ms to 1 min
	Backoff []time.Duration // waits between attempts, never falling; the last one repeats
	Horizon time.Duration   // age at which an order is parked, 1 h to 48 h
	Seal    []Secret        // keys of frozen bodies, 32 characters or more each: the first seals, all of them open; never none with Redis and mode full
}

// Decisions are the last priced callbacks, kept in memory without personal data for those who ask why.
type Decisions struct {
	Keep  int   // at most so many, 0 to 100 000; 0: none
	Bytes int64 // in at most so much memory, 64 KiB to 1 GiB
}

// Audit is the append-only record of what was decided and done.
type Audit struct {
	File     string // "": none is kept
	Required bool   // what cannot be recorded is not done
}
