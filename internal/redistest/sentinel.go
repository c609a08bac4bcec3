package redistest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Primary is the name under which Sentinels know their primary.
const Primary = "kvitto"

// Sentinels are some Sentinels that watch one primary. A primary that is silent for half a second is down.
type Sentinels struct{ All []*Server }

// Addrs are where they listen.
func (g *Sentinels) Addrs() []string { return addrs(g.All) }

func addrs(all []*Server) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.Addr()
	}
	return out
}

// NewSentinels starts n Sentinels for a primary that has its replicas already, and waits until they know each other and
// the replicas.
func NewSentinels(t testing.TB, n int, primary *Server, replicas int) *Sentinels {
	t.Helper()
	Require(t)
	g := &Sentinels{}
	for range n {
		s, err := startSentinel(t.Context(), primary, n/2+1)
		if err != nil {
			t.Fatal(err)
		}
		closeWith(t, s)
		g.All = append(g.All, s)
	}
	for _, s := range g.All {
		known := fmt.Sprintf("slaves=%d,sentinels=%d", replicas, n)
		s.Await(t, known, func() bool {
			return strings.Contains(s.info(t, "sentinel"), "status=ok") && strings.Contains(s.info(t, "sentinel"), known)
		})
	}
	return g
}

func startSentinel(ctx context.Context, primary *Server, quorum int) (*Server, error) {
	ports, err := freePorts(1)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "redistest-")
	if err != nil {
		return nil, fmt.Errorf("redistest: %w", err)
	}
	conf := filepath.Join(dir, "sentinel.conf")
	text := fmt.Sprintf("port %d\nbind %s\ndir %s\nlogfile %s\nsentinel monitor %s %s %d %d\n"+
		"sentinel down-after-milliseconds %s 500\nsentinel failover-timeout %s 2000\nsentinel parallel-syncs %s 1\n",
		ports[0], host, dir, filepath.Join(dir, "redis.log"), Primary, host, primary.port, quorum, Primary, Primary, Primary)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("redistest: %w", err)
	}
	s, err := start(ctx, Options{Dir: dir}, ports[0], func(*Server) []string { return []string{conf, "--sentinel"} })
	if err != nil {
		return nil, err
	}
	s.own = true
	return s, nil
}
