package redistest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// slots is how many a cluster has.
const slots = 16384

// Cluster is a Redis Cluster: each primary has an equal share of the slots. A node that is silent for a second is down.
type Cluster struct {
	Primaries []*Server
	Replicas  []*Server // of the primary with the same index
}

// Addrs are where the nodes listen.
func (c *Cluster) Addrs() []string { return addrs(c.nodes()) }

func (c *Cluster) nodes() []*Server {
	return append(append([]*Server(nil), c.Primaries...), c.Replicas...)
}

// NewCluster starts a cluster of some primaries, with a replica each or without, and waits until all nodes agree.
func NewCluster(t testing.TB, primaries int, replicas bool, settings ...string) *Cluster {
	t.Helper()
	Require(t)
	c := &Cluster{}
	for range primaries {
		c.Primaries = append(c.Primaries, newNode(t, settings))
		if replicas {
			c.Replicas = append(c.Replicas, newNode(t, settings))
		}
	}
	for i, p := range c.Primaries {
		p.Must(t, "CLUSTER", "ADDSLOTSRANGE", i*slots/primaries, (i+1)*slots/primaries-1)
	}
	c.meet(t)
	for i, r := range c.Replicas {
		id := c.Primaries[i].Must(t, "CLUSTER", "MYID")
		r.Await(t, "it is a replica", func() bool {
			_, err := r.Do(t.Context(), "CLUSTER", "REPLICATE", id)
			return err == nil
		})
		r.AwaitInfo(t, "replication", "master_link_status:up")
	}
	for _, s := range c.nodes() {
		s.Await(t, "the cluster is complete", func() bool { return c.complete(t, s) })
	}
	return c
}

func newNode(t testing.TB, settings []string) *Server {
	t.Helper()
	ports, err := freePorts(2)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Settings: append([]string{"--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(ports[1]),
		"--cluster-node-timeout", "1000", "--cluster-config-file", "nodes.conf"}, settings...)}
	s, err := start(t.Context(), o, ports[0], defaults)
	if err != nil {
		t.Fatal(err)
	}
	closeWith(t, s)
	return s
}

// meet makes all nodes known to each other.
func (c *Cluster) meet(t testing.TB) {
	t.Helper()
	all := c.nodes()
	for _, s := range all[1:] {
		bus := s.Must(t, "CONFIG", "GET", "cluster-port").([]any)[1]
		all[0].Must(t, "CLUSTER", "MEET", host, s.port, bus)
	}
	for _, s := range all {
		s.Await(t, "it knows all nodes", func() bool {
			return strings.Contains(s.clusterInfo(t.Context()), fmt.Sprintf("cluster_known_nodes:%d\r\n", len(all)))
		})
	}
}

// complete reports whether a node sees the whole cluster, replicas included.
func (c *Cluster) complete(t testing.TB, s *Server) bool {
	v, err := s.Do(t.Context(), "CLUSTER", "NODES")
	text, ok := v.(string)
	if err != nil || !ok || strings.Count(text, "slave") != len(c.Replicas) || strings.Contains(text, "handshake") {
		return false
	}
	return s.StateOK(t.Context())
}

// StateOK reports whether a node holds the cluster to be up.
func (s *Server) StateOK(ctx context.Context) bool {
	return strings.Contains(s.clusterInfo(ctx), "cluster_state:ok\r\n")
}

func (s *Server) clusterInfo(ctx context.Context) string {
	v, err := s.Do(ctx, "CLUSTER", "INFO")
	text, ok := v.(string)
	if err != nil || !ok {
		return ""
	}
	return text
}

// Owner is the index of the primary that holds the slot of a key at the start.
func (c *Cluster) Owner(t testing.TB, key string) int {
	t.Helper()
	slot := c.Primaries[0].Must(t, "CLUSTER", "KEYSLOT", key).(int64)
	for i := range c.Primaries {
		if slot < int64((i+1)*slots/len(c.Primaries)) {
			return i
		}
	}
	t.Fatalf("redistest: slot %d", slot)
	return 0
}
