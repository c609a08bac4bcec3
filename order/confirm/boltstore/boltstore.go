// Package boltstore keeps the records of confirmed orders in one file of this machine, by bbolt.
//
// Its one rule: what was answered is on the disk. Every change is synced before its call returns; calls that wait at the same
// time share one sync.
//
// One process at a time holds the file, by its lock. The file is a bbolt database:
//
//	meta               schema
//	merchants/<id>     epoch
//	  open             order id -> record, where something is left to do or a person is waited for
//	  done             order id -> record, until its life ends
//	  due              due time (8 bytes, ms) + order id, of trusted orders
//	  others           the same of the others; records of the first layout are all in due
//	  lapse            end of life (8 bytes, ms) + order id
//	  body             order id -> end of the body's life (8 bytes, ms) + frozen body
//	  spoil            end of the body's life (8 bytes, ms) + order id
package boltstore

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"github.com/kvitto/kvitto/order/confirm"
)

// Causes of confirm.ErrDown.
var (
	ErrLocked  = errors.New("another process holds the lock")
	ErrDamaged = errors.New("the file is damaged or not a store of orders; it was left as it is")
	ErrSchema  = errors.New("the file was written by a newer version of this program")
	ErrClosed  = errors.New("the store is closed")
)

// Options of a store.
type Options struct {
	Now   func() time.Time // mandatory: the store's clock
	Retry time.Duration    // wait between attempts to open the file; 0: 200 ms
}

// Store is a confirm.Store in a file. It is safe for concurrent use.
type Store struct {
	path    string
	now     func() time.Time
	retry   time.Duration
	noSync  bool // tests only
	ops     chan *op
	ready   chan struct{} // closed once db is there
	tried   chan struct{} // closed after the first attempt to open
	closing chan struct{}
	close   sync.Once
	working sync.WaitGroup
	db      *bbolt.DB
	fault   atomic.Pointer[error] // why the file is not open yet
}

var (
	_ confirm.Store = (*Store)(nil)
	_ confirm.Mover = (*Store)(nil)
)

// Open returns at once and opens the file behind, making it where there is none; it tries again until Close. Meanwhile every
// call answers confirm.ErrDown with the cause, such as ErrLocked; only the first attempt is waited for.
func Open(path string, o Options) *Store {
	s := newStore(path, o)
	s.working.Go(s.opening)
	return s
}

// OpenNow opens a file that exists and waits for its lock no longer than timeout.
func OpenNow(path string, timeout time.Duration, o Options) (*Store, error) {
	s := newStore(path, o)
	db, err := open(path, timeout, false, s.noSync)
	if err != nil {
		return nil, err
	}
	close(s.tried)
	s.start(db)
	return s, nil
}

func newStore(path string, o Options) *Store {
	if o.Now == nil {
		panic("boltstore: Options.Now is missing")
	}
	if o.Retry <= 0 {
		o.Retry = 200 * time.Millisecond
	}
	return &Store{path: path, now: o.Now, retry: o.Retry, ops: make(chan *op), ready: make(chan struct{}),
		tried: make(chan struct{}), closing: make(chan struct{})}
}

// opening tries to open the file until it is open or the store is closed.
func (s *Store) opening() {
	for first := true; ; first = false {
		db, err := open(s.path, time.Millisecond, true, s.noSync)
		if err == nil {
			s.start(db)
		} else {
			s.fault.Store(&err)
		}
		if first {
			close(s.tried)
		}
		if err == nil {
			return
		}
		wait := time.NewTimer(s.retry)
		select {
		case <-wait.C:
		case <-s.closing:
			wait.Stop()
			return
		}
	}
}

// start lets calls in.
func (s *Store) start(db *bbolt.DB) {
	s.db = db
	s.working.Go(s.writing)
	close(s.ready)
}

// Close waits for calls that are being answered, refuses later ones with ErrClosed, and gives the lock back.
func (s *Store) Close() error {
	var err error
	s.close.Do(func() {
		close(s.closing)
		s.working.Wait()
		select {
		case <-s.ready:
			err = s.db.Close()
		default:
		}
	})
	return err
}

// Path is the file of the store.
func (s *Store) Path() string { return s.path }

// open is the database, or why there is none.
func (s *Store) opened(ctx context.Context) (*bbolt.DB, error) {
	select {
	case <-s.closing:
		return nil, down(ErrClosed)
	default:
	}
	if err := ctx.Err(); err != nil {
		return nil, down(err)
	}
	select {
	case <-s.tried:
	case <-ctx.Done():
		return nil, down(ctx.Err())
	case <-s.closing:
		return nil, down(ErrClosed)
	}
	select {
	case <-s.ready:
		return s.db, nil
	default:
		return nil, down(*s.fault.Load())
	}
}

// down says that the store did not answer, and why.
func down(cause error) error { return fmt.Errorf("%w: %w", confirm.ErrDown, cause) }

// clock is the time of the store in whole milliseconds.
func (s *Store) clock() time.Time { return moment(s.now().UnixMilli()) }

// guarded runs f; a panic or a bad page of the file is an error of the file.
func guarded(path string, f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch p := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("%s: %w (a page cannot be read: %w)", path, ErrDamaged, p)
		default:
			err = fmt.Errorf("%s: %w (%v)", path, ErrDamaged, p)
		}
	}()
	return f()
}
