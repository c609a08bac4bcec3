package redisstore

import (
	"crypto/tls"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// patience is how long a step may take, if the options do not say: a store that does not answer in time is down, and the
// caller has better to do than wait.
const patience = 250 * time.Millisecond

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
	// Patience is how long each step may take: to dial, to write, to read, and to wait for a connection. An operation with its
	// one retry takes at most twice as long. 0 for 250 ms.
	Patience time.Duration
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
	case o.Database < 0 || o.PoolSize < 0 || o.Patience < 0:
		return errors.New("redis: database, pool size and patience are not negative")
	}
	return nil
}

// pool is how many connections there may be to a server.
func (o *Options) pool() int {
	if o.PoolSize > 0 {
		return o.PoolSize
	}
	return 10 * runtime.GOMAXPROCS(0)
}

func (o *Options) patience() time.Duration {
	if o.Patience > 0 {
		return o.Patience
	}
	return patience
}

// Client makes a client with the settings of the store, for whatever else is kept in the same Redis; who asks for it closes it.
// It does not wait for Redis: the error is one of the options.
func (o Options) Client() (redis.UniversalClient, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	logging.Disable()
	return o.client(), nil
}

// client makes the client. The defaults of go-redis would not do: deadlines of contexts are ignored, a dial is tried five
// times for five seconds each, and there are three retries. With Sentinel, which is
// asked for every new connection, all connections are made at the start and kept: they outlive the Sentinels.
func (o *Options) client() redis.UniversalClient {
	ready, idle := 0, time.Duration(0) // the client's own
	if o.Sentinel != "" {
		ready, idle = o.pool(), -1
	}
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
		PoolSize:                 o.pool(),
		MinIdleConns:             ready,
		ConnMaxIdleTime:          idle,
		Protocol:                 2,
		ContextTimeoutEnabled:    true,
		DialTimeout:              o.patience(),
		ReadTimeout:              o.patience(),
		WriteTimeout:             o.patience(),
		PoolTimeout:              o.patience(),
		MaxRetries:               1,
		MaxRedirects:             2,
		DialerRetries:            1,
		MinRetryBackoff:          time.Millisecond,
		MaxRetryBackoff:          20 * time.Millisecond,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
}
