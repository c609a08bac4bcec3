package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// racers is how many goroutines race.
const racers = 16

// race runs f in all racers at once and returns their errors.
func race(f func(i int) error) []error {
	errs := make([]error, racers)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range racers {
		wg.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// winners counts the errors that are nil; every other one must be want.
func (b *bench) winners(errs []error, want error) (won int) {
	b.Helper()
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, want) {
			b.Fatalf("error %v, want %v", err, want)
		}
	}
	return won
}

// races holds that operations are atomic.
func races() []law { return slices.Concat(contests(), firsts(), throngs()) }

func contests() []law {
	k := key("a")
	return []law{
		{"of many claims exactly one wins", func(b *bench) {
			for round := range 20 {
				k := key(fmt.Sprintf("o%d", round))
				b.put(k)
				errs := race(func(i int) error {
					_, _, err := b.Claim(b.ctx, k, fmt.Sprintf("x%d", i), lease)
					return err
				})
				b.same(b.winners(errs, confirm.ErrBusy), 1)
				b.same(b.get(k).Token, int64(1))
			}
		}},
		{"of the same attempt's claims all win, as one", func(b *bench) {
			b.put(k)
			errs := race(func(int) error {
				r, _, err := b.Claim(b.ctx, k, "x", lease)
				if err == nil && r.Token != 1 {
					err = fmt.Errorf("token %d", r.Token)
				}
				return err
			})
			b.same(b.winners(errs, nil), racers)
		}},
		{"of many bodies all get the first", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			shas := make([]string, racers)
			errs := race(func(i int) error {
				p, err := b.Prepare(b.ctx, k, "x", body(i))
				shas[i] = p.SHA + string(p.Body)
				return err
			})
			b.same(b.winners(errs, nil), racers)
			b.same(len(slices.Compact(shas)), 1)
		}},
		{"of many different hand-overs one is taken", func(b *bench) {
			b.put(k)
			errs := race(func(i int) error { return b.Handed(b.ctx, k, body(i).SHA, confirm.Receipt{}) })
			b.same(b.winners(errs, confirm.ErrConflict), 1)
		}},
	}
}

func firsts() []law {
	k := key("a")
	return []law{
		{"a lease is ended once", func(b *bench) {
			b.put(k)
			b.take(k, "x")
			errs := race(func(int) error { return b.Fail(b.ctx, k, "x", confirm.Why{Reason: "later"}, time.Hour) })
			b.same(b.winners(errs, confirm.ErrStale), 1)
			b.same(b.get(k).Attempts, int64(1))
		}},
		{"of many first epochs one is new", func(b *bench) {
			news, ids := make([]bool, racers), make([]string, racers)
			errs := race(func(i int) error {
				e, err := b.Epoch(b.ctx, shop)
				news[i], ids[i] = e.New, e.ID
				return err
			})
			b.same(b.winners(errs, nil), racers)
			b.same(len(slices.Compact(ids)), 1)
			b.same(len(slices.DeleteFunc(news, func(n bool) bool { return !n })), 1)
		}},
	}
}

func throngs() []law {
	k := key("a")
	return []law{
		{"of many enqueues one makes the record, and no work is lost", func(b *bench) {
			errs := race(func(i int) error {
				_, _, err := b.Enqueue(b.ctx, k, confirm.Nudge{Work: confirm.AllWork()[i%4 : i%4+1]})
				return err
			})
			b.same(b.winners(errs, nil), racers)
			b.same(b.get(k).Open, confirm.AllWork())
			b.same(b.dueNow(), []string{"a"})
		}},
		{"of many orders at once none is lost", func(b *bench) {
			const each = 20
			errs := race(func(i int) error {
				for n := range each {
					if _, _, err := b.Enqueue(b.ctx, key(fmt.Sprintf("o%d-%d", i, n)), confirm.Nudge{}); err != nil {
						return err
					}
				}
				return nil
			})
			b.same(b.winners(errs, nil), racers)
			b.same(len(b.dueNow()), racers*each)
		}},
		{"racing workers take every order exactly once", func(b *bench) {
			const orders = 40
			for n := range orders {
				b.put(key(fmt.Sprintf("o%d", n)))
			}
			taken := make([]int, racers)
			errs := race(func(i int) error { return b.work(fmt.Sprintf("x%d", i), &taken[i]) })
			b.same(b.winners(errs, nil), racers)
			sum := 0
			for _, n := range taken {
				sum += n
			}
			b.same(sum, orders)
			b.same(b.dueNow(), nil)
			b.same(b.listed(confirm.Page{Limit: 1000}), nil)
		}},
	}
}

// work takes due orders until there are none, and counts those that it handed over.
func (b *bench) work(attempt string, taken *int) error {
	for {
		d, err := b.Due(b.ctx, shop, 1000)
		ids := slices.Concat(d.Trusted, d.Others)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			_, _, err := b.Claim(b.ctx, key(id), attempt+id, lease)
			if errors.Is(err, confirm.ErrBusy) || errors.Is(err, confirm.ErrDone) {
				continue
			}
			if err != nil {
				return err
			}
			*taken++
			p, err := b.Prepare(b.ctx, key(id), attempt+id, body(1))
			if err != nil {
				return err
			}
			if err := errors.Join(b.Handed(b.ctx, key(id), p.SHA, confirm.Receipt{}), b.Acked(b.ctx, key(id))); err != nil {
				return err
			}
		}
	}
}
