package cmd

import (
	"crypto/tls"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// openStore opens the store of orders. A file whose lock another process holds, and a Redis that is down, are opened too: they
// answer ErrDown until they are there.
func openStore(cfg *configs.Config, now func() time.Time) (confirm.Store, func() error, error) {
	if r := cfg.Store.Redis; r != nil {
		s, err := redisstore.New(redisOptions(r))
		if err != nil {
			return nil, nil, err
		}
		return s, s.Close, nil
	}
	s := boltstore.Open(cfg.Store.File, boltstore.Options{Now: now})
	return s, s.Close, nil
}

// lockTime is how long a command waits for the lock of a store file.
const lockTime = time.Second

// openStoreNow opens the store for a command, which does not wait for it.
func (p *Program) openStoreNow(cfg *configs.Config) (confirm.Store, func() error, error) {
	if cfg.Store.Redis != nil {
		return openStore(cfg, p.Now)
	}
	s, err := boltstore.OpenNow(cfg.Store.File, lockTime, boltstore.Options{Now: p.Now})
	if err != nil {
		return nil, nil, err
	}
	return s, s.Close, nil
}

// redisOptions: several addresses without Sentinel are nodes of a cluster.
func redisOptions(r *configs.Redis) redisstore.Options {
	o := redisstore.Options{Addrs: r.Addrs, Sentinel: r.Sentinel, SentinelUser: r.SentinelUser, SentinelPassword: r.SentinelPassword.Reveal(),
		Cluster: r.Sentinel == "" && len(r.Addrs) > 1, User: r.User, Password: r.Password.Reveal(), Database: r.Database}
	if r.TLS {
		o.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return o
}
