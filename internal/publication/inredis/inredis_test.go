package inredis_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/internal/publication"
	"github.com/kvitto/kvitto/internal/publication/inredis"
	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const book = "rules/nordic"

var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// remote is a Redis as replicas reach it.
func remote(t *testing.T, o redisstore.Options) *inredis.Redis {
	t.Helper()
	o.Patience = 20 * time.Second
	client, err := o.Client()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return inredis.New(client)
}

// replica is a process that publishes and looks.
type replica struct {
	*publication.Library
	t    *testing.T
	told []publication.Event
}

// open starts a process with a folder of its own, or alone with one that others have too.
func open(t *testing.T, dir string, far publication.Remote) *replica {
	t.Helper()
	r := &replica{t: t}
	r.Library = publication.NewLibrary(publication.Options{Dir: dir, Remote: far, Now: func() time.Time { return monday },
		Tell: func(e publication.Event) { r.told = append(r.told, e) }})
	return r
}

func (r *replica) sync() bool {
	r.t.Helper()
	changed, err := r.Sync(r.t.Context(), []string{book})
	if err != nil {
		r.t.Fatal(err)
	}
	return changed
}

func draft(text string) (publication.Entry, []byte) {
	return publication.Entry{Rulebook: book, By: "anna", At: monday, Why: text}, []byte("the files of " + text)
}

func (r *replica) publish(text string) publication.Entry {
	r.t.Helper()
	e, files := draft(text)
	e, err := r.Publish(r.t.Context(), e, files, r.History(book).Newest().ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return e
}

// holds fails where a replica does not know just these, with their files.
func (r *replica) holds(want ...publication.Entry) {
	r.t.Helper()
	if d := cmp.Diff(publication.History(want), r.History(book), cmpopts.EquateEmpty()); d != "" {
		r.t.Error(d)
	}
	for _, e := range want {
		if files, err := r.Archive(r.t.Context(), &e); err != nil || string(files) != "the files of "+e.Why {
			r.t.Errorf("publication %d: %q, %v", e.Number, files, err)
		}
	}
}

// TestLaws runs every law over a folder that processes share, a Redis in this process, a real one, and a cluster.
func TestLaws(t *testing.T) {
	t.Parallel()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		laws(t, func(t *testing.T) func() *replica {
			dir := t.TempDir()
			return func() *replica { return open(t, dir, nil) }
		})
	})
	t.Run("miniredis", func(t *testing.T) {
		t.Parallel()
		laws(t, func(t *testing.T) func() *replica {
			server := miniredis.RunT(t)
			return func() *replica {
				return open(t, t.TempDir(), remote(t, redisstore.Options{Addrs: []string{server.Addr()}}))
			}
		})
	})
	t.Run("redis-server", func(t *testing.T) {
		t.Parallel()
		server := redistest.New(t, "--databases", "100", "--appendonly", "no")
		var last atomic.Int64
		laws(t, func(t *testing.T) func() *replica {
			o := redisstore.Options{Addrs: []string{server.Addr()}, Database: int(last.Add(1))}
			return func() *replica { return open(t, t.TempDir(), remote(t, o)) }
		})
	})
	t.Run("cluster", func(t *testing.T) {
		if testing.Short() {
			t.Skip("skipped with -short: three processes")
		}
		c := redistest.NewCluster(t, 3, false, "--appendonly", "no")
		laws(t, func(t *testing.T) func() *replica {
			for _, node := range c.Primaries {
				node.Must(t, "FLUSHALL")
			}
			return func() *replica {
				return open(t, t.TempDir(), remote(t, redisstore.Options{Addrs: c.Addrs(), Cluster: true}))
			}
		})
	})
}

// laws are what holds wherever publications are kept. world makes one in which replicas can be started.
func laws(t *testing.T, world func(*testing.T) func() *replica) {
	for name, law := range map[string]func(*testing.T, func() *replica){
		"nothing": func(t *testing.T, start func() *replica) {
			a := start()
			if a.sync() || !a.Synced().Equal(monday) {
				t.Error("there is something, or it was not seen")
			}
			a.holds()
		},
		"all replicas reach the same": func(t *testing.T, start func() *replica) {
			a, b := start(), start()
			one := a.publish("one")
			if !b.sync() || b.sync() {
				t.Error("want news, once")
			}
			two := b.publish("two")
			a.sync()
			for _, r := range []*replica{a, b, start()} {
				r.sync()
				r.holds(one, two)
			}
		},
		"numbers and sums": func(t *testing.T, start func() *replica) {
			a := start()
			one, two := a.publish("one"), a.publish("two")
			if one.Number != 1 || two.Number != 2 || one.ID == two.ID || one.Size != int64(len("the files of one")) || one.Schema != publication.Schema {
				t.Errorf("%+v, %+v", one, two)
			}
		},
		"a conflict does nothing": func(t *testing.T, start func() *replica) {
			a, b := start(), start()
			one := a.publish("one")
			for _, after := range []string{"", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} {
				e, files := draft("other")
				if _, err := b.Publish(t.Context(), e, files, after); !errors.Is(err, publication.ErrConflict) {
					t.Errorf("after %q: %v", after, err)
				}
			}
			b.holds(one) // and it knows now what it did not
		},
		"one of many at once": func(t *testing.T, start func() *replica) {
			replicas := []*replica{start(), start(), start(), start()}
			var published atomic.Int64
			var all sync.WaitGroup
			for i, r := range replicas {
				all.Go(func() {
					e, files := draft(fmt.Sprint(i))
					switch _, err := r.Publish(t.Context(), e, files, ""); {
					case err == nil:
						published.Add(1)
					case !errors.Is(err, publication.ErrConflict):
						t.Error(err)
					}
				})
			}
			all.Wait()
			for _, r := range replicas {
				r.sync()
				if d := cmp.Diff(replicas[0].History(book), r.History(book)); d != "" {
					t.Error(d)
				}
			}
			if n := published.Load(); n != 1 || len(replicas[0].History(book)) != 1 {
				t.Errorf("%d were published, %d are known", n, len(replicas[0].History(book)))
			}
		},
		"the folder has no files": func(t *testing.T, start func() *replica) {
			a := start()
			a.publish("one")
			e, err := a.Publish(t.Context(), publication.Entry{Rulebook: book, By: "anna", At: monday, Folder: true}, nil, a.History(book).Newest().ID)
			if err != nil {
				t.Fatal(err)
			}
			b := start()
			b.sync()
			if got, ok := b.History(book).InForce(monday); !ok || got.ID != e.ID || !got.Folder {
				t.Errorf("%+v", got)
			}
		},
		"rulebooks are apart": func(t *testing.T, start func() *replica) {
			a := start()
			one := a.publish("one")
			e, files := draft("another")
			e.Rulebook = "rules/other"
			if _, err := a.Publish(t.Context(), e, files, ""); err != nil {
				t.Fatal(err)
			}
			b := start()
			b.sync()
			b.holds(one)
		},
		"so many are kept": func(t *testing.T, start func() *replica) {
			a, b := start(), start()
			var all []publication.Entry
			for i := range publication.MaxKept + 3 {
				all = append(all, a.publish(fmt.Sprint(i)))
				if i == 1 {
					b.sync() // it has those that go
				}
			}
			a.holds(all[3:]...)
			b.sync()
			b.holds(all[3:]...)
			c := start()
			c.sync()
			c.holds(all[3:]...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			law(t, world(t))
		})
	}
}
