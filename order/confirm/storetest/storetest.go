// Package storetest holds the laws of confirm.Store as tests, for every store to pass.
//
// Its one rule: a sentence of the Store's documentation is a law here, and no store is excused from one.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/kvitto/kvitto/order/confirm"
)

// Subject is a kind of store under test.
type Subject struct {
	// Open makes a store without data. The subtests call it one after the other, and use one store at a time; what it
	// opens, it closes by the Cleanup of the test that called Run.
	Open func() confirm.Store
	// Advance moves the clock of every store that Open made, which otherwise stands still, by whole milliseconds. Nil: the
	// clock cannot be moved and runs; laws that need it to are skipped, which the output shows, and times are not compared.
	Advance func(time.Duration)
}

// Run tests every law, each in a subtest, and then the store against a model: random operations by several attempts, for
// two merchants, at random times. A store that is a confirm.Mover is tested as one too.
func Run(t *testing.T, s Subject) {
	t.Helper()
	for _, group := range []struct {
		name string
		laws []law
	}{
		{"intake", intake()}, {"due", due()}, {"leases", leases()}, {"prepare", prepare()}, {"facts", facts()},
		{"finish", finish()}, {"shelf", shelf()}, {"reading", reading()}, {"life", life()}, {"races", races()},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, l := range group.laws {
				t.Run(l.name, func(t *testing.T) { l.test(newBench(t, s)) })
			}
		})
	}
	t.Run("model", func(t *testing.T) { againstModel(t, s) })
	t.Run("mover", func(t *testing.T) { movers(t, s) })
}

// law is one sentence of the contract.
type law struct {
	name string
	test func(*bench)
}

// The lengths of time that laws use: far beyond what a test takes, so that none passes on a clock that runs by itself.
const (
	lease = time.Minute
	shop  = "shop" // the merchant
)

// bench is a store under test with short names for what laws do; what a law does not expect ends it.
type bench struct {
	*testing.T
	confirm.Store
	ctx     context.Context
	advance func(time.Duration)
}

func newBench(t *testing.T, s Subject) *bench {
	t.Helper()
	return &bench{T: t, Store: s.Open(), ctx: t.Context(), advance: s.Advance}
}

// pass lets time pass by the store's clock, or skips the law.
func (b *bench) pass(d time.Duration) {
	b.Helper()
	if b.advance == nil {
		b.Skip("the clock of this store cannot be moved")
	}
	b.advance(d)
}

// key names an order of the merchant.
func key(order string) confirm.Key { return confirm.Key{Merchant: shop, Order: order} }

// ok ends the law if an operation failed.
func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatalf("unexpected error: %v", err)
	}
}

// fails ends the law unless the error is the one that is due.
func (b *bench) fails(got, want error) {
	b.Helper()
	if !errors.Is(got, want) {
		b.Fatalf("error %v, want %v", got, want)
	}
}

// put enqueues an order.
func (b *bench) put(k confirm.Key, work ...confirm.Work) confirm.Record {
	b.Helper()
	r, _, err := b.Enqueue(b.ctx, k, confirm.Nudge{Work: work})
	b.ok(err)
	return r
}

// take claims an order.
func (b *bench) take(k confirm.Key, attempt string) confirm.Record {
	b.Helper()
	r, _, err := b.Claim(b.ctx, k, attempt, lease)
	b.ok(err)
	return r
}

// get reads a record.
func (b *bench) get(k confirm.Key) confirm.Record {
	b.Helper()
	r, err := b.Get(b.ctx, k)
	b.ok(err)
	return r
}

// handed brings an order to HANDED.
func (b *bench) handed(k confirm.Key, sha string) {
	b.Helper()
	b.ok(b.Handed(b.ctx, k, sha, confirm.Receipt{Text: "taken"}))
}

// acked brings an order to ACKED.
func (b *bench) acked(k confirm.Key) {
	b.Helper()
	b.ok(b.Acked(b.ctx, k))
}

// dueNow lists what is due, trusted orders first.
func (b *bench) dueNow() []string {
	b.Helper()
	d, err := b.Due(b.ctx, shop, 1000)
	b.ok(err)
	return slices.Concat(d.Trusted, d.Others)
}

// same ends the law if two values differ; nil and empty lists are the same.
func (b *bench) same(got, want any) {
	b.Helper()
	if v := reflect.ValueOf(got); want == nil && v.Kind() == reflect.Slice && v.Len() == 0 {
		return
	}
	if d := difference(got, want); d != "" {
		b.Fatalf("got - / want +:\n%s", d)
	}
}

// untouched ends the law if the operation changes the record.
func (b *bench) untouched(k confirm.Key, op func()) {
	b.Helper()
	before := b.get(k)
	op()
	b.same(b.get(k), before)
}

func difference(got, want any) string { return cmp.Diff(got, want, cmpopts.EquateEmpty()) }

// body makes a frozen body that differs by n.
func body(n int) confirm.Prepared {
	return confirm.Prepared{SHA: fmt.Sprintf("%064x", n+1), Body: fmt.Appendf(nil, "body %d \x00\xff", n), Revision: 1}
}

// fresh makes merchants that no other test of this process uses.
func fresh(serial *atomic.Int64) string { return fmt.Sprintf("m%d", serial.Add(1)) }
