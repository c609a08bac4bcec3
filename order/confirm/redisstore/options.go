package redisstore

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// The times of the client: a store that does not answer in time is down, and the caller has better to do than wait.
const (
	patience = 250 * time.Millisecond // to dial, to write, to read, and for a connection of the pool
	whole    = 500 * time.Millisecond // for an operation with its one retry
)

// Options say how Redis is reached. Addrs is mandatory; all else has a usable zero value.
type Options struct {
	Addrs            []string    // host:port of the server, of the Sentinels, or of some nodes of the cluster
	Sentinel         string      // name of the primary at the Sentinels; "" without Sentinel
	SentinelUser     string      // at the Sentinels
	SentinelPassword string      // at the Sentinels; never printed
	Cluster          bool        // Addrs are nodes of a cluster
	User             string      // ACL user; "" for the default user
	Password         string      // never printed
	Database         int         // number of the database; 0 in a cluster
	TLS              *tls.Config // nil for plain connections
	PoolSize         int         // connections per server; 0 for ten per processor
}

// String tells where Redis is, without a secret.
func (o Options) String() string {
	switch {
	case o.Sentinel != "":
		return fmt.Sprintf("redis sentinel %q at %v", o.Sentinel, o.Addrs)
	case o.Cluster:
		return fmt.Sprintf("redis cluster at %v", o.Addrs)
	}
	return fmt.Sprintf("redis at %v, database %d", o.Addrs, o.Database)
}

// Format prints String whatever the verb, so that no secret gets out.
func (o Options) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(o.String())) }

// MarshalText is String.
func (o Options) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

func (o *Options) check() error {
	switch {
	case len(o.Addrs) == 0:
		return errors.New("redis: no address: name at least one as host:port")
	case o.Sentinel != "" && o.Cluster:
		return errors.New("redis: both sentinel and cluster: choose one")
	case o.Cluster && o.Database != 0:
		return fmt.Errorf("redis: database %d in a cluster, which has only 0", o.Database)
	case o.Sentinel == "" && !o.Cluster && len(o.Addrs) > 1:
		return fmt.Errorf("redis: %d addresses, which need sentinel or cluster", len(o.Addrs))
	case o.Database < 0 || o.PoolSize < 0:
		return errors.New("redis: database and pool size are not negative")
	}
	return nil
}

// client makes the client. The defaults of go-redis would not do: deadlines of contexts are ignored, a dial is tried five
// times for five seconds each, and there are three retries.
func (o *Options) client() redis.UniversalClient {
	return redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:                    o.Addrs,
		MasterName:               o.Sentinel,
		IsClusterMode:            o.Cluster,
		SentinelUsername:         o.SentinelUser,
		SentinelPassword:         o.SentinelPassword,
		Username:                 o.User,
		Password:                 o.Password,
		DB:                       o.Database,
		TLSConfig:                o.TLS,
		PoolSize:                 o.PoolSize,
		Protocol:                 2,
		ContextTimeoutEnabled:    true,
		DialTimeout:              patience,
		ReadTimeout:              patience,
		WriteTimeout:             patience,
		PoolTimeout:              patience,
		MaxRetries:               1,
		MaxRedirects:             2,
		DialerRetries:            1,
		MinRetryBackoff:          time.Millisecond,
		MaxRetryBackoff:          20 * time.Millisecond,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
}
