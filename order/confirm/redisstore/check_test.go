package redisstore_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

func kinds(found []redisstore.Finding) []redisstore.Kind {
	var out []redisstore.Kind
	for _, f := range found {
		out = append(out, f.Kind)
	}
	slices.Sort(out)
	return out
}

func TestCheckOfSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		settings []string
		want     redisstore.Kind // "" for none
		fatal    bool
		set      string // what the sentence tells to set
	}{
		{"as the manual says", nil, "", false, ""},
		{"no append-only file", []string{"--appendonly", "no"}, redisstore.Persistence, false, "appendonly yes"},
		{"written when the system likes", []string{"--appendfsync", "no"}, redisstore.Sync, false, "appendfsync everysec"},
		{"evicts all", []string{"--maxmemory-policy", "allkeys-lfu"}, redisstore.Eviction, true, "maxmemory-policy noeviction"},
		{"evicts what ends", []string{"--maxmemory-policy", "volatile-lru"}, redisstore.Eviction, true, "maxmemory-policy noeviction"},
		{"cluster that wants all slots", []string{"--cluster-enabled", "yes"}, redisstore.Coverage, false, "cluster-require-full-coverage no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := redistest.New(t, c.settings...)
			found, err := at(t, server.Addr()).Check(t.Context())
			ok(t, err)
			if c.want == "" {
				if len(found) > 0 {
					t.Fatalf("findings: %v", found)
				}
				return
			}
			if len(found) != 1 || found[0].Kind != c.want || found[0].Fatal != c.fatal {
				t.Fatalf("findings: %v", found)
			}
			if text := found[0].String(); !strings.Contains(text, "set "+c.set) || !strings.HasPrefix(text, server.Addr()+": ") {
				t.Errorf("sentence: %s", text)
			}
		})
	}
}

func TestCheckOfReplication(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	redistest.Replica(t, server)
	s := at(t, server.Addr())
	found, err := s.Check(t.Context())
	ok(t, err)
	if got := kinds(found); !slices.Equal(got, []redisstore.Kind{redisstore.MaxLag, redisstore.MinReplicas}) {
		t.Fatalf("findings: %v", found)
	}
	server.Must(t, "CONFIG", "SET", "min-replicas-to-write", "1", "min-replicas-max-lag", "2")
	found, err = s.Check(t.Context())
	ok(t, err)
	if len(found) > 0 {
		t.Fatalf("findings: %v", found)
	}
}

func TestCheckOfSchema(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	for _, c := range []struct {
		schema string
		fatal  bool
	}{{"", false}, {"1", false}, {"2", true}, {"one", true}} {
		if c.schema != "" {
			server.Must(t, "SET", "kco:{shop}:schema", c.schema)
		}
		found, err := s.Check(t.Context(), "other", "shop")
		ok(t, err)
		f, has := finding(found, redisstore.Schema)
		if has != c.fatal || f.Fatal != c.fatal {
			t.Errorf("schema %q: %v", c.schema, found)
		}
		if has && !strings.Contains(f.Sentence, `merchant "shop" has schema "`+c.schema+`"`) {
			t.Errorf("sentence: %s", f)
		}
	}
	server.Must(t, "DEL", "kco:{shop}:schema")
	_, err := s.Epoch(t.Context(), "shop")
	ok(t, err)
	if got := server.Must(t, "GET", "kco:{shop}:schema"); got != "1" {
		t.Fatalf("schema %v after the first use", got)
	}
}

func TestCheckOfWhatIsKeptFromUs(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	server.Must(t, "ACL", "SETUSER", "default", "-config")
	found, err := at(t, server.Addr()).Check(t.Context())
	ok(t, err)
	if f, has := finding(found, redisstore.Access); !has || f.Fatal || !strings.Contains(f.Sentence, "noperm") {
		t.Fatalf("findings: %v", found)
	}
	server.Must(t, "ACL", "SETUSER", "default", "-info")
	_, err = at(t, server.Addr()).Check(t.Context())
	isDown(t, err, "noperm")
}

func TestCheckOfCluster(t *testing.T) {
	slow(t)
	c := redistest.NewCluster(t, 3, false, "--maxmemory-policy", "allkeys-lru", "--cluster-require-full-coverage", "no")
	s := open(t, redisstore.Options{Addrs: c.Addrs()[:1], Cluster: true, Patience: 20 * time.Second})
	found, err := s.Check(t.Context(), "shop")
	ok(t, err)
	var servers []string
	for _, f := range found {
		if f.Kind != redisstore.Eviction {
			t.Errorf("finding: %s", f)
		}
		servers = append(servers, f.Server)
	}
	slices.Sort(servers)
	if len(slices.Compact(servers)) != 3 {
		t.Fatalf("servers: %v, want each of three", servers)
	}
}
