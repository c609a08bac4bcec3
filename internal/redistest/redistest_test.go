package redistest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/internal/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServerKeepsItsDataOverACrash(t *testing.T) {
	t.Parallel()
	s := redistest.New(t, "--appendfsync", "always")
	s.Must(t, "SET", "k", "v")
	s.Kill()
	if _, err := s.Do(t.Context(), "PING"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("error %v of a server that is dead", err)
	}
	s.MustRestart(t)
	if got := s.Must(t, "GET", "k"); got != "v" {
		t.Fatalf("got %v after the crash", got)
	}
}

func TestServerListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	if bind := s.Must(t, "CONFIG", "GET", "bind").([]any)[1]; bind != "127.0.0.1" {
		t.Fatalf("it listens on %q", bind)
	}
	if !strings.HasPrefix(s.Addr(), "127.0.0.1:") {
		t.Fatalf("address %q", s.Addr())
	}
}

func TestPausedServerAnswersLater(t *testing.T) {
	t.Parallel()
	s := redistest.New(t)
	s.MustPause(t)
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan error, 1)
	go func() {
		_, err := s.Do(ctx, "PING")
		answered <- err
	}()
	defer cancel()
	select {
	case err := <-answered:
		t.Fatalf("a paused server answered: %v", err)
	default:
	}
	s.MustResume(t)
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
}

func TestCloseRemovesFolderAndProcess(t *testing.T) {
	t.Parallel()
	redistest.Require(t)
	s, err := redistest.Start(t.Context(), redistest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the folder is still there: %v", err)
	}
	if _, err := s.Do(t.Context(), "PING"); err == nil {
		t.Fatal("it still answers")
	}
	if err := s.Close(); err != nil {
		t.Fatalf("closing twice: %v", err)
	}
}

func TestCloseLeavesTheCallersFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := redistest.NewWith(t, redistest.Options{Dir: dir})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "appendonlydir")); err != nil {
		t.Fatalf("the data is gone: %v", err)
	}
}

func TestWrongSettingIsTold(t *testing.T) {
	t.Parallel()
	redistest.Require(t)
	_, err := redistest.Start(t.Context(), redistest.Options{Settings: []string{"--appendfsync", "sometimes"}})
	if err == nil || !strings.Contains(err.Error(), "the process has ended") {
		t.Fatalf("error %v", err)
	}
}

func TestReplicaFollows(t *testing.T) {
	t.Parallel()
	p := redistest.New(t)
	p.Must(t, "SET", "k", "v")
	r := redistest.Replica(t, p)
	if got := r.Must(t, "GET", "k"); got != "v" {
		t.Fatalf("got %v of the replica", got)
	}
}

func TestSentinelsAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped with -short: five processes")
	}
	t.Parallel()
	p := redistest.New(t)
	r := redistest.Replica(t, p)
	g := redistest.NewSentinels(t, 3, p, 1)
	p.Kill()
	r.AwaitInfo(t, "replication", "role:master")
	at := g.All[0].Must(t, "SENTINEL", "CKQUORUM", redistest.Primary)
	if text, _ := at.(string); !strings.HasPrefix(text, "OK 3") {
		t.Fatalf("quorum: %v", at)
	}
}

func TestClusterIsComplete(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped with -short: six processes")
	}
	t.Parallel()
	c := redistest.NewCluster(t, 3, true)
	if len(c.Addrs()) != 6 {
		t.Fatalf("nodes: %v", c.Addrs())
	}
	owner := c.Owner(t, "{shop}")
	c.Primaries[owner].Must(t, "SET", "{shop}", "v")
	if _, err := c.Primaries[(owner+1)%3].Do(t.Context(), "GET", "{shop}"); err == nil || !strings.HasPrefix(err.Error(), "MOVED") {
		t.Fatalf("error %v of a node without the slot", err)
	}
	c.Primaries[owner].Kill()
	c.Replicas[owner].AwaitInfo(t, "replication", "role:master")
}
