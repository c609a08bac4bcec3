package redisstore_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

func TestRow30MemoryFull(t *testing.T) {
	t.Parallel()
	server := redistest.New(t, "--maxmemory-policy", "noeviction")
	s := at(t, server.Addr())
	before := enqueue(t, s, key("a"))
	server.Must(t, "CONFIG", "SET", "maxmemory", "1kb")
	_, _, err := s.Claim(t.Context(), key("a"), "x", lease)
	isDown(t, err, "oom")
	if got := get(t, s, key("a")); outcome(got) != outcome(before) {
		t.Fatalf("half of a script happened: %+v", got)
	}
	server.Must(t, "CONFIG", "SET", "maxmemory", "0")
	claim(t, s, key("a"), "x")
}

func TestRow31EvictingPolicy(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	for policy, fatal := range map[string]bool{"noeviction": false, "allkeys-lru": true, "allkeys-random": true,
		"volatile-ttl": true, "volatile-lfu": true} {
		server.Must(t, "CONFIG", "SET", "maxmemory-policy", policy)
		found, err := s.Check(t.Context())
		ok(t, err)
		f, has := finding(found, redisstore.Eviction)
		if has != fatal || f.Fatal != fatal {
			t.Errorf("%s: %v", policy, found)
		}
		if fatal && !strings.Contains(f.String(), "set maxmemory-policy noeviction") {
			t.Errorf("%s: %s", policy, f)
		}
	}
}

func TestRow32DiskFull(t *testing.T) {
	t.Parallel()
	t.Run("append-only file", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "small")
		ok(t, os.Mkdir(dir, 0o700))
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", dir).CombinedOutput(); err != nil {
			t.Skipf("skipped: a small disk cannot be mounted here: %s", strings.TrimSpace(string(out)))
		}
		t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
		server := redistest.NewWith(t, redistest.Options{Dir: dir, Settings: []string{"--appendfsync", "everysec"}})
		t.Cleanup(func() { _ = server.Close() })
		s := at(t, server.Addr())
		enqueue(t, s, key("a"))
		full := filepath.Join(dir, "full")
		fill(t, full)
		orders := 0
		server.Await(t, "the disk is full", func() bool {
			orders++
			return redisstore.Class(push(t, s, key(strconv.Itoa(orders)))) == "misconf"
		})
		ok(t, os.Remove(full))
		eventually(t, func() error { return push(t, s, key("a")) })
	})
	t.Run("snapshot", func(t *testing.T) {
		t.Parallel()
		server := redistest.New(t, "--save", "3600 1", "--dbfilename", "taken.rdb")
		s := at(t, server.Addr())
		enqueue(t, s, key("a"))
		taken := filepath.Join(server.Dir(), "taken.rdb")
		ok(t, os.MkdirAll(filepath.Join(taken, "in-the-way"), 0o700))
		server.Must(t, "BGSAVE")
		server.AwaitInfo(t, "persistence", "rdb_last_bgsave_status:err")
		isDown(t, push(t, s, key("b")), "misconf")
		get(t, s, key("a"))
		ok(t, os.RemoveAll(taken))
		server.Must(t, "BGSAVE")
		server.AwaitInfo(t, "persistence", "rdb_last_bgsave_status:ok")
		enqueue(t, s, key("b"))
	})
}

// fill writes a file until the disk is full.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	ok(t, err)
	defer func() { _ = f.Close() }()
	for size := 64 << 10; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
}

func TestRow33ScriptFlush(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	for _, op := range operations() {
		server.Must(t, "SCRIPT", "FLUSH")
		ok(t, op.run(t.Context(), s, key("a")))
	}
	if r := get(t, s, key("a")); !r.Done() {
		t.Fatalf("record %+v", r)
	}
}

func TestRow35ReadOnly(t *testing.T) {
	t.Parallel()
	primary := redistest.New(t)
	replica := redistest.Replica(t, primary)
	s := at(t, replica.Addr())
	isDown(t, push(t, s, key("a")), "readonly")
	found, err := s.Check(t.Context())
	ok(t, err)
	if f, has := finding(found, redisstore.Writable); !has || !f.Fatal {
		t.Fatalf("findings of a replica: %v", found)
	}
	replica.Must(t, "REPLICAOF", "NO", "ONE")
	enqueue(t, s, key("a"))
}

func TestRow37Revoked(t *testing.T) {
	t.Parallel()
	const password, changed = "canary-first-password", "canary-second-password"
	server := redistest.New(t)
	server.Must(t, "ACL", "SETUSER", "kvitto", "on", ">"+password, "~kco:*", "+@all")
	s := open(t, redisstore.Options{Addrs: []string{server.Addr()}, User: "kvitto", Password: password, Patience: 20 * time.Second})
	enqueue(t, s, key("a"))
	for _, c := range []struct {
		name         string
		revoke, give []any
		class        string
	}{
		{"right", []any{"-evalsha", "-eval"}, []any{"+@all"}, "noperm"},
		{"command within a script", []any{"-hset"}, []any{"+@all"}, "noperm"},
		{"keys", []any{"resetkeys", "~other:*"}, []any{"~kco:*"}, "noperm"},
		{"password", []any{"resetpass", ">" + changed}, []any{">" + password}, "noauth"},
		{"user", []any{"off"}, []any{"on"}, "noauth"},
	} {
		server.Must(t, append([]any{"ACL", "SETUSER", "kvitto"}, c.revoke...)...)
		if c.class == "noauth" {
			server.Must(t, "CLIENT", "KILL", "USER", "kvitto")
		}
		err := push(t, s, key(c.class+c.name[:3]))
		isDown(t, err, c.class)
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: the password is in %q", c.name, err)
		}
		server.Must(t, append([]any{"ACL", "SETUSER", "kvitto"}, c.give...)...)
		eventually(t, func() error { return push(t, s, key(c.class+c.name[:3])) }) // without a restart
	}
	none := open(t, redisstore.Options{Addrs: []string{server.Addr()}, User: "kvitto", Password: "canary", Patience: 20 * time.Second})
	isDown(t, push(t, none, key("b")), "noauth")
}

func TestRow46RedisClock(t *testing.T) {
	t.Parallel()
	m := newMini(t)
	s := m.open()
	enqueue(t, s, key("a"))
	first := claim(t, s, key("a"), "x")
	ok(t, s.Acked(t.Context(), key("done")))

	m.advance(time.Hour) // the lease ends early: a repetition
	if r := claim(t, s, key("a"), "y"); r.Token != first.Token+1 {
		t.Fatalf("token %d", r.Token)
	}
	ok(t, s.Handed(t.Context(), key("a"), "s1", confirm.Receipt{})) // the fact of the first attempt counts

	m.advance(-2 * time.Hour) // the lease ends late: a delay
	if _, _, err := s.Claim(t.Context(), key("a"), "z", lease); !errors.Is(err, confirm.ErrBusy) {
		t.Fatalf("error %v", err)
	}
	if r := get(t, s, key("a")); r.State != confirm.Handed {
		t.Fatalf("state %s", r.State)
	}
	if r := get(t, s, key("done")); !r.Done() {
		t.Fatalf("state %s of a done order", r.State)
	}
	stats, err := s.Stats(t.Context(), "shop")
	ok(t, err)
	if stats.Oldest != 0 {
		t.Fatalf("an age of %v before its time", stats.Oldest)
	}
	m.advance(2*time.Hour + lease)
	claim(t, s, key("a"), "z")
}

func finding(all []redisstore.Finding, k redisstore.Kind) (redisstore.Finding, bool) {
	for _, f := range all {
		if f.Kind == k {
			return f, true
		}
	}
	return redisstore.Finding{}, false
}
