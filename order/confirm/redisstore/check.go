package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Kind names what a Finding is about. It is a promise: a kind may be retired, never given a new meaning.
type Kind string

// The kinds of findings.
const (
	Eviction    Kind = "eviction"      // Redis may drop our keys when memory is short
	Persistence Kind = "persistence"   // Redis writes no append-only file
	Sync        Kind = "sync"          // Redis leaves writing to the system
	MinReplicas Kind = "min_replicas"  // a primary that lost its replicas goes on taking writes
	MaxLag      Kind = "max_lag"       // the same, for too long
	Coverage    Kind = "coverage"      // in a cluster: one shard that is down takes all merchants with it
	Version     Kind = "version"       // Redis is older than what we are tested with
	Schema      Kind = "schema"        // the data was written by a newer Kvitto
	Access      Kind = "access"        // a setting cannot be read
	Writable    Kind = "not_a_primary" // the server takes no writes
)

// Finding is something about Redis that does not fit. A fatal one speaks against using it; any other weakens what the
// service promises.
type Finding struct {
	Kind     Kind
	Fatal    bool
	Server   string // host:port
	Sentence string // what was found, what follows from it, and what to set
}

// String is the sentence with the server before it.
func (f Finding) String() string { return f.Server + ": " + f.Sentence }

// oldest Redis that this store is tested with.
const oldestMajor = 7

// Check looks at the settings of every primary, and at the schema number of the merchants' data. The error says that it could
// not look, and wraps confirm.ErrDown; it says nothing about the settings.
func (s *Store) Check(ctx context.Context, merchants ...string) ([]Finding, error) {
	var mu sync.Mutex
	var all []Finding
	look := func(ctx context.Context, c *redis.Client) error {
		found, err := inspect(ctx, c)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, found...)
		return err
	}
	var err error
	switch c := s.client.(type) {
	case *redis.ClusterClient:
		err = c.ForEachMaster(ctx, look)
	case *redis.Client:
		err = look(ctx, c)
	}
	if err != nil {
		return nil, down("check", err)
	}
	for _, m := range merchants {
		found, err := s.checkSchema(ctx, m)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (s *Store) checkSchema(ctx context.Context, merchant string) ([]Finding, error) {
	key := epochKeys(merchant)[1]
	text, err := s.client.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, down("check", err)
	}
	n, err := strconv.Atoi(text)
	if err == nil && n <= schema {
		return nil, nil
	}
	return []Finding{{Kind: Schema, Fatal: true, Server: "redis", Sentence: fmt.Sprintf("the data of merchant %q has schema %q, "+
		"and this Kvitto knows %d: start the newer Kvitto that wrote it, or point this one at other data", merchant, text, schema)}}, nil
}

// inspection is one server being looked at.
type inspection struct {
	addr  string
	info  map[string]string
	found []Finding
}

func inspect(ctx context.Context, c *redis.Client) ([]Finding, error) {
	i := &inspection{addr: c.Options().Addr, info: make(map[string]string)}
	text, err := c.Info(ctx).Result()
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(text) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			i.info[k] = v
		}
	}
	i.addr = i.where()
	i.version()
	i.role()
	i.eviction()
	if i.info["aof_enabled"] != "1" {
		i.find(Persistence, false, "no append-only file is written, so a restart forgets the orders that are under way "+
			"until the provider pushes them again: set appendonly yes")
	}
	return i.found, i.settings(ctx, c)
}

// where is the server's own address: a client of Sentinel knows only a name.
func (i *inspection) where() string {
	if i.addr == "FailoverClient" && i.info["tcp_port"] != "" {
		return "the primary, port " + i.info["tcp_port"]
	}
	return i.addr
}

func (i *inspection) find(k Kind, fatal bool, format string, args ...any) {
	i.found = append(i.found, Finding{Kind: k, Fatal: fatal, Server: i.addr, Sentence: fmt.Sprintf(format, args...)})
}

func (i *inspection) version() {
	major, _, _ := strings.Cut(i.info["redis_version"], ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestMajor {
		i.find(Version, true, "Redis %q is older than %d.0, with which Kvitto is tested: use %d.0 or newer",
			i.info["redis_version"], oldestMajor, oldestMajor)
	}
}

func (i *inspection) role() {
	if i.info["role"] == "slave" {
		i.find(Writable, true, "this is a replica, which takes no writes: name its primary, the Sentinels or the cluster")
	}
}

func (i *inspection) eviction() {
	switch policy := i.info["maxmemory_policy"]; {
	case strings.HasPrefix(policy, "allkeys-"):
		i.find(Eviction, true, "maxmemory-policy is %s, so Redis may drop the records of orders when memory is short, and "+
			"they are handed over twice: set maxmemory-policy noeviction", policy)
	case strings.HasPrefix(policy, "volatile-"):
		i.find(Eviction, true, "maxmemory-policy is %s, so Redis may drop frozen bodies and the memory of done orders when "+
			"memory is short, and orders are handed over twice: set maxmemory-policy noeviction", policy)
	}
}

// settings are what INFO does not tell. A server that keeps them to itself, as hosted ones do, is no fault.
func (i *inspection) settings(ctx context.Context, c *redis.Client) error {
	for _, s := range []struct {
		name string
		look func(value string)
	}{{"appendfsync", i.fsync}, {"min-replicas-to-write", i.minReplicas}, {"min-replicas-max-lag", i.maxLag},
		{"cluster-require-full-coverage", i.coverage}} {
		got, err := c.ConfigGet(ctx, s.name).Result()
		var said redis.Error
		switch {
		case errors.As(err, &said):
			i.find(Access, false, "CONFIG GET %s is refused (%s), so nobody knows whether it is set as the manual says: allow "+
				"it, or look yourself", s.name, saidClass(said.Error()))
		case err != nil:
			return err
		case got[s.name] != "":
			s.look(got[s.name])
		}
	}
	return nil
}

func (i *inspection) fsync(value string) {
	if value == "no" && i.info["aof_enabled"] == "1" {
		i.find(Sync, false, "appendfsync is no, so a crash of the machine loses about half a minute: set appendfsync everysec")
	}
}

func (i *inspection) coverage(value string) {
	if i.info["cluster_enabled"] == "1" && value == "yes" {
		i.find(Coverage, false, "cluster-require-full-coverage is yes, so one part of the cluster that is down stops all "+
			"merchants: set cluster-require-full-coverage no")
	}
}

// replicated reports whether the server has replicas, or could: then a primary that is cut off must stop taking writes.
func (i *inspection) replicated() bool { return i.info["connected_slaves"] != "0" }

func (i *inspection) minReplicas(value string) {
	if i.replicated() && value == "0" {
		i.find(MinReplicas, false, "min-replicas-to-write is 0, so a primary that is cut off goes on taking writes that a "+
			"failover loses: set min-replicas-to-write 1")
	}
}

// mostLag is how many seconds a primary may go on without its replicas.
const mostLag = 2

func (i *inspection) maxLag(value string) {
	n, err := strconv.Atoi(value)
	if i.replicated() && (err != nil || n == 0 || n > mostLag) {
		i.find(MaxLag, false, "min-replicas-max-lag is %s, so a primary that is cut off goes on taking writes for that many "+
			"seconds (0: for ever), which a failover loses: set min-replicas-max-lag %d", value, mostLag)
	}
}
