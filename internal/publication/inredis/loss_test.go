package inredis_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/kvitto/kvitto/internal/publication"
	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// shared is a Redis in this process and a way to start replicas over it.
func shared(t *testing.T) (*miniredis.Miniredis, func() *replica) {
	t.Helper()
	server := miniredis.RunT(t)
	return server, func() *replica {
		return open(t, t.TempDir(), remote(t, redisstore.Options{Addrs: []string{server.Addr()}}))
	}
}

func kinds(r *replica) (all []string) {
	for _, e := range r.told {
		all = append(all, e.Kind)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestRedisForgets: a Redis that lost its data has it again from a replica that knows it, and says so; nobody goes back.
func TestRedisForgets(t *testing.T) {
	t.Parallel()
	server, start := shared(t)
	a, b := start(), start()
	one, two := a.publish("one"), a.publish("two")
	b.sync()
	server.FlushAll()
	if b.sync() {
		t.Error("a replica forgot what Redis had lost")
	}
	b.holds(one, two)
	if got := kinds(b); !slices.Equal(got, []string{publication.Refilled}) {
		t.Errorf("told %v", b.told)
	}
	a.sync()
	if len(a.told) > 0 {
		t.Errorf("told twice: %v", a.told)
	}
	c := start()
	c.sync()
	c.holds(one, two)
	c.publish("three")
	a.sync()
	if n := a.History(book).Newest().Number; n != 3 {
		t.Errorf("the next one has number %d", n)
	}
}

// TestOldBackup: a Redis that came back from an old copy is brought up to what replicas know.
func TestOldBackup(t *testing.T) {
	t.Parallel()
	server, start := shared(t)
	a := start()
	one := a.publish("one")
	fresh := start()
	fresh.sync()
	two := a.publish("two")
	server.FlushAll()
	fresh.sync() // it knows the first only, and brings that back
	a.sync()
	fresh.sync()
	for _, r := range []*replica{a, fresh} {
		r.holds(one, two)
	}
}

// TestTwoHistories: Redis forgot, and a replica without a copy published anew. The longer history is right, of two equal ones
// that in Redis; whoever loses is named.
func TestTwoHistories(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, after int
		right         string
	}{"the replica knows more": {3, 2, "old"}, "Redis knows more": {1, 2, "new"}, "both know as much": {2, 2, "new"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, start := shared(t)
			old, fresh := start(), start()
			for range tt.before {
				old.publish("old")
			}
			server.FlushAll()
			for range tt.after {
				fresh.publish("new")
			}
			for range 2 {
				old.sync()
				fresh.sync()
			}
			want := old.History(book)
			old.holds(want...)
			fresh.holds(want...)
			if len(want) != max(tt.before, tt.after) || want[0].Why != tt.right {
				t.Errorf("%d publications, of the %s ones", len(want), want[0].Why)
			}
			lost := 0
			for _, e := range slices.Concat(old.told, fresh.told) {
				if e.Kind == publication.Outdone && e.Entry.Why != tt.right {
					lost++
				}
			}
			if lost == 0 {
				t.Errorf("nobody was told who lost: %v, %v", old.told, fresh.told)
			}
		})
	}
}

// TestFilesComeLater: a publication whose files are not there yet does not serve; what was known does.
func TestFilesComeLater(t *testing.T) {
	t.Parallel()
	server, start := shared(t)
	a, b := start(), start()
	one := a.publish("one")
	b.sync()
	two := a.publish("two")
	key := ""
	for _, k := range server.Keys() {
		if strings.HasSuffix(k, two.ID) {
			key = k
		}
	}
	files, err := server.Get(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, spoilt := range []string{"", "other files"} {
		server.Del(key)
		if spoilt != "" {
			if err := server.Set(key, spoilt); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Sync(t.Context(), []string{book}); !errors.Is(err, publication.ErrNoArchive) {
			t.Errorf("files %q: %v", spoilt, err)
		}
		b.holds(one)
	}
	if err := server.Set(key, files); err != nil {
		t.Fatal(err)
	}
	b.sync()
	b.holds(one, two)
}

// TestRedisIsDown: what is known serves, a start with the copy alone knows it too, and nothing can be published, which would
// reach nobody else.
func TestRedisIsDown(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	dir := t.TempDir()
	o := redisstore.Options{Addrs: []string{server.Addr()}}
	a := open(t, dir, remote(t, o))
	one := a.publish("one")
	server.Kill()
	for _, r := range []*replica{a, open(t, dir, remote(t, o))} {
		if _, err := r.Sync(t.Context(), []string{book, "rules/other"}); !errors.Is(err, publication.ErrDown) {
			t.Errorf("%v", err)
		}
		r.holds(one)
		e, files := draft("two")
		if _, err := r.Publish(t.Context(), e, files, one.ID); !errors.Is(err, publication.ErrDown) {
			t.Errorf("published: %v", err)
		}
		r.holds(one)
	}
	server.MustRestart(t)
	a.sync()
	two := a.publish("two")
	a.holds(one, two)
}

// TestOddData: what no Kvitto of ours has written is not served, and is told.
func TestOddData(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*miniredis.Miniredis, string){
		"a newer schema": func(s *miniredis.Miniredis, p string) { _ = s.Set(p+"s", "2") },
		"no schema":      func(s *miniredis.Miniredis, p string) { _ = s.Set(p+"s", "x") },
		"no publication": func(s *miniredis.Miniredis, p string) { s.HSet(p+"e", "2", "ID {}") },
		"a wrong number": func(s *miniredis.Miniredis, p string) { s.HSet(p+"e", "2", s.HGet(p+"e", "1")) },
		"another type":   func(s *miniredis.Miniredis, p string) { s.Del(p + "e"); _ = s.Set(p+"e", "x") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, start := shared(t)
			a := start()
			one := a.publish("one")
			entries := ""
			for _, k := range server.Keys() {
				if strings.HasSuffix(k, ":e") {
					entries = k
				}
			}
			spoil(server, strings.TrimSuffix(entries, "e"))
			if _, err := a.Sync(t.Context(), []string{book}); err == nil {
				t.Error("it was taken")
			}
			a.holds(one)
			e, files := draft("two")
			if _, err := a.Publish(t.Context(), e, files, one.ID); err == nil {
				t.Error("published")
			}
		})
	}
}

// TestRights: the commands that an ACL user has for the store of orders are enough.
func TestRights(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	args := []any{"ACL", "SETUSER", "kvitto", "on", ">secret-of-redis", "~kco:*"}
	for _, c := range redisstore.Rights() {
		args = append(args, "+"+c)
	}
	server.Must(t, args...)
	o := redisstore.Options{Addrs: []string{server.Addr()}, User: "kvitto", Password: "secret-of-redis"}
	a, b := open(t, t.TempDir(), remote(t, o)), open(t, t.TempDir(), remote(t, o))
	one := a.publish("one")
	b.sync()
	for _, k := range server.Must(t, "KEYS", "*").([]any) {
		server.Must(t, "DEL", k)
	}
	b.sync()
	b.holds(one)
	for range publication.MaxKept {
		a.sync()
		a.publish("more")
	}
	if a.History(book)[0].ID == one.ID {
		t.Error("nothing was dropped")
	}
	o.Password = "wrong-secret-of-redis"
	_, err := open(t, t.TempDir(), remote(t, o)).Sync(t.Context(), []string{book})
	if !errors.Is(err, publication.ErrDown) || strings.Contains(err.Error(), "secret-of-redis") {
		t.Errorf("%v", err)
	}
}
