package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// Free space of a disk that orders are written to, in bytes.
const (
	spaceLow  = 1 << 30
	spaceNone = 64 << 20
)

// slowRedis is a time to answer that is told: the service gives up on a command after 250 ms.
const slowRedis = 50 * time.Millisecond

// store checks where orders wait.
func (d *doctor) store(ctx context.Context) {
	at := d.about("store", nil)
	switch {
	case !full(d.cfg):
		at.skip("orders", "store", "no merchant is in mode full: no orders are kept")
	case d.cfg.Store.Redis != nil:
		d.redis(ctx, at)
	default:
		d.storeFile(at)
	}
}

// storeFile looks at the file without opening it as a store: that would take its lock.
func (d *doctor) storeFile(at about) {
	file := d.cfg.Store.File
	if err := d.p.disks(d.cfg); err != nil {
		at.note(isFailed, "disk", file, plainCause(err), "")
	} else if d.cfg.Ephemeral {
		at.note(isWarned, "disk", file, "`ephemeral: accepted`: it may be on a disk that a container loses", "take the line out once the store is on a volume")
	} else {
		at.note(isFine, "disk", file, "it stays when a container goes", "")
	}
	d.space(at, filepath.Dir(file))
	info, err := os.Stat(file)
	switch {
	case os.IsNotExist(err):
		d.writable(at, filepath.Dir(file))
		at.skip("lock", file, "there is no such file yet: the service makes it at its first start, or keeps it elsewhere")
		return
	case err != nil:
		at.note(isFailed, "writable", file, plainCause(err), "run this as the user of the service")
		return
	case !info.Mode().IsRegular():
		at.note(isFailed, "writable", file, "it is not a file", "")
		return
	}
	d.writable(at, file)
	d.lock(at, file)
}

// writable asks the system whether this user may write, and writes nothing.
func (d *doctor) writable(at about, path string) {
	switch ok, known := mayWrite(path); {
	case !known:
		at.skip("writable", path, "this system cannot be asked without writing")
	case !ok:
		at.note(isFailed, "writable", path, "this user may not write there, or it is not there", "give it to the user of the service, or run this as that user")
	default:
		at.note(isFine, "writable", path, "this user may write there", "")
	}
}

// space tells how much is free.
func (d *doctor) space(at about, dir string) {
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
	}
	free, known := freeSpace(dir)
	found := fmt.Sprintf("%d MiB free", free>>20)
	const do = "make room: without it pushes get 503, and after 48 hours the provider stops pushing"
	switch {
	case !known:
		at.skip("space", dir, "this system does not tell")
	case free < spaceNone:
		at.note(isFailed, "space", dir, found, do)
	case free < spaceLow:
		at.note(isWarned, "space", dir, found, do)
	default:
		at.note(isFine, "space", dir, found, "")
	}
}

// lock tells who holds the store's lock.
func (d *doctor) lock(at about, file string) {
	held, by, known := lockHolder(file)
	switch {
	case !known:
		at.skip("lock", file, "this system cannot be asked")
	case held && d.admin.up:
		at.note(isFine, "lock", file, "held by "+by+"; a service is running", "")
	case held:
		at.note(isWarned, "lock", file, "held by "+by+", and no service answers at "+d.admin.base, "is it another service with the same file, or a command that is still running?")
	case d.admin.up:
		at.note(isWarned, "lock", file, "nobody holds it, and a service is running", "that service keeps its orders elsewhere: does it run with this configuration, on this machine?")
	default:
		at.note(isFine, "lock", file, "nobody holds it, and no service is running", "")
	}
}

// redis looks at a Redis as the service does.
func (d *doctor) redis(ctx context.Context, at about) {
	looked := "Redis " + fmt.Sprint(d.cfg.Store.Redis.Addrs)
	store, closeStore, err := openStore(d.cfg, d.p.Now)
	if err != nil {
		at.note(isFailed, "redis", looked, plainCause(err), "")
		return
	}
	defer func() { _ = closeStore() }() // it was only read
	within, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	found, err := redisFindings(within, store, takenIDs(d.cfg))
	switch class := redisstore.Class(err); {
	case err == nil:
	case class == "noauth", class == "noperm":
		at.note(isFailed, "redis", looked, plainCause(err), "compare `user` and `password` of store.redis with those of the server: until they fit, pushes get 503; prices are not touched")
		return
	default:
		at.note(isFailed, "redis", looked, plainCause(err), "pushes get 503 where the service cannot reach it either; prices are not touched")
		return
	}
	for _, f := range found {
		v := isWarned
		if f.Fatal {
			v = isFailed
		}
		at.note(v, string(f.Kind), f.Server, f.Sentence, "")
	}
	if len(found) == 0 {
		at.note(isFine, "settings", looked, "as the manual wants them", "")
	}
	d.redisLatency(within, at, looked, store)
}

// redisLatency takes the middle of five questions that change nothing.
func (d *doctor) redisLatency(ctx context.Context, at about, looked string, store confirm.Store) {
	var took []time.Duration
	for range asksLatency {
		began := d.p.Now()
		if _, err := store.Stats(ctx, takenIDs(d.cfg)[0]); err != nil {
			at.note(isFailed, "latency", looked, plainCause(err), "")
			return
		}
		took = append(took, d.p.Now().Sub(began))
	}
	slices.Sort(took)
	median := took[asksLatency/2]
	found := fmt.Sprintf("median %v from here", median.Round(10*time.Microsecond))
	if median > slowRedis {
		at.note(isWarned, "latency", looked, found, "the service gives up on a command after 250 ms: keep Redis near it")
		return
	}
	at.note(isFine, "latency", looked, found, "")
}

// stream looks whether entries were removed before they were read.
func (d *doctor) stream(ctx context.Context, m *configs.Merchant) {
	at, looked := d.about("sink", m), "stream of the Redis store"
	store, closeStore, err := openStore(d.cfg, d.p.Now)
	if err != nil {
		at.note(isFailed, "stream", looked, plainCause(err), "")
		return
	}
	defer func() { _ = closeStore() }() // it was only read
	r, ok := store.(*redisstore.Store)
	if !ok {
		at.note(isFailed, "stream", looked, "the store is no Redis", "write store: {redis: {addrs: […]}}")
		return
	}
	switch gap, err := r.StreamGap(ctx, m.ID); {
	case err != nil:
		at.note(isFailed, "stream", looked, plainCause(err), "")
	case gap.Lost > 0:
		at.note(isFailed, "stream", looked, fmt.Sprintf("at least %d entries were removed before the group %q had them", gap.Lost, gap.Group),
			"look for these orders at the provider, and trim only what all groups have confirmed")
	default:
		at.note(isFine, "stream", looked, fmt.Sprintf("entries: %d, none was removed unread", gap.Length), "")
	}
}
