package publication

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Remote is what replicas share. Every error that is none of this package's wraps ErrDown.
type Remote interface {
	// Entries are the publications of a rulebook, the oldest first.
	Entries(ctx context.Context, book string) (History, error)
	// Archive are the files of a publication, ErrNoArchive where they are missing.
	Archive(ctx context.Context, e *Entry) ([]byte, error)
	// Add writes a publication behind the one with the id after ("": the first), and drops others, in one step. It is
	// ErrConflict where another is the newest. To add the same one again does nothing.
	Add(ctx context.Context, e *Entry, archive []byte, after string, drop []Entry) error
	// Fill brings back a publication that was lost. Where the number is taken, the one with the id instead is replaced;
	// any other stays, which is ErrConflict.
	Fill(ctx context.Context, e *Entry, archive []byte, instead string) error
}

// Options of a Library.
type Options struct {
	Dir    string           // mandatory
	Remote Remote           // nil: this process is alone
	Now    func() time.Time // mandatory
	// Tell is told what a person should know: what was brought back, and what is not as it should be. nil: nobody.
	Tell func(Event)
}

// What an Event is about.
const (
	Refilled = "refilled"  // what the replicas share had lost a publication, and has it again
	Outdone  = "outdone"   // two publications had one number; this one lost
	NotKept  = "not_kept"  // the copy in the folder could not be written: a start without the others would not know it
	NotRead  = "not_read"  // something in the folder could not be read
	NotFound = "not_found" // the files of a publication are not there yet
)

// Event is something that happened to a publication.
type Event struct {
	Kind  string
	Entry Entry // without a number: of no single one
	Err   error
}

// Library is what a process knows of all publications. It is safe for concurrent use; what it knows is read without waiting.
type Library struct {
	o    Options
	dir  *Dir
	work sync.Mutex // one change at a time

	mu     sync.RWMutex
	books  map[string]History
	held   map[string][]byte // files of publications that could not be written, by id
	synced time.Time
	told   map[string]bool
}

// NewLibrary makes a library that knows nothing yet: Sync reads.
func NewLibrary(o Options) *Library {
	if o.Tell == nil {
		o.Tell = func(Event) {}
	}
	return &Library{o: o, dir: NewDir(o.Dir), books: map[string]History{}, held: map[string][]byte{}, told: map[string]bool{}}
}

// History is what is known of a rulebook.
func (l *Library) History(book string) History {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.books[book]
}

// Synced is when all that the replicas share was last seen; zero: never. Without a Remote it is when the folder was.
func (l *Library) Synced() time.Time {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.synced
}

// Alone reports whether there are no replicas to share with.
func (l *Library) Alone() bool { return l.o.Remote == nil }

// Archive are the files of a publication.
func (l *Library) Archive(ctx context.Context, e *Entry) ([]byte, error) {
	l.mu.RLock()
	held, ok := l.held[e.ID]
	l.mu.RUnlock()
	if ok {
		return held, nil
	}
	archive, err := l.dir.Archive(e)
	if err == nil || l.o.Remote == nil {
		return archive, err
	}
	if archive, far := l.fetch(ctx, e); far == nil {
		return archive, nil
	}
	return nil, err
}

func (l *Library) fetch(ctx context.Context, e *Entry) ([]byte, error) {
	archive, err := l.o.Remote.Archive(ctx, e)
	if err != nil {
		return nil, err
	}
	return archive, e.holds(archive)
}

// Sync brings the library, its folder and what the replicas share to the same state, for some rulebooks. It reports whether
// something is known that was not. An error, which wraps ErrDown where the others do not answer, leaves what was known.
func (l *Library) Sync(ctx context.Context, books []string) (bool, error) {
	l.work.Lock()
	defer l.work.Unlock()
	changed := false
	var faults []error
	down := l.o.Remote == nil
	for _, book := range books {
		more, err := l.sync(ctx, book, !down)
		changed = changed || more
		faults = append(faults, err)
		down = down || errors.Is(err, ErrDown)
	}
	err := errors.Join(faults...)
	if err == nil {
		l.mu.Lock()
		l.synced = l.o.Now()
		l.mu.Unlock()
	}
	return changed, err
}

// sync is Sync of one rulebook; far: the others are asked too.
func (l *Library) sync(ctx context.Context, book string, far bool) (bool, error) {
	was := l.History(book)
	own := l.own(book, was)
	if !far {
		return l.know(book, was, own), nil
	}
	theirs, err := l.o.Remote.Entries(ctx, book)
	if err != nil {
		return l.know(book, was, own), err
	}
	m := &merging{l: l, own: own, theirs: theirs, now: l.o.Now()}
	all, err := m.run(ctx)
	return l.know(book, was, all), err
}

// own is what this process knows, with what others have put into the folder, without what need not be kept.
func (l *Library) own(book string, was History) History {
	kept, err := l.dir.Entries(book)
	if err != nil {
		l.once(Event{Kind: NotRead, Err: err})
	}
	all := map[int64]Entry{}
	for _, e := range slices.Concat(was, kept) {
		all[e.Number] = e
	}
	h := sorted(slices.Collect(maps.Values(all)))
	surplus := h.Surplus(l.o.Now())
	l.drop(surplus)
	return h[len(surplus):]
}

// know makes a history the one that is known and reports whether it differs.
func (l *Library) know(book string, was, now History) bool {
	same := slices.EqualFunc(was, now, func(a, b Entry) bool { return a.ID == b.ID })
	if !same {
		l.mu.Lock()
		l.books[book] = now
		l.mu.Unlock()
	}
	return !same
}

// once tells of a state that lasts.
func (l *Library) once(e Event) {
	key := e.Kind + e.Entry.ID + fmt.Sprint(e.Err)
	if !l.told[key] {
		l.told[key] = true
		l.o.Tell(e)
	}
}

// keep writes a publication into the folder; where that fails, its files stay in memory if they may be needed.
func (l *Library) keep(e *Entry, archive []byte, needed bool) {
	err := l.dir.Put(e, archive)
	if err == nil {
		return
	}
	l.once(Event{Kind: NotKept, Entry: *e, Err: err})
	if needed {
		l.mu.Lock()
		l.held[e.ID] = archive
		l.mu.Unlock()
	}
}

// Publish adds a publication behind the one whose id is after ("": it is the first) and returns it with its number. It is
// ErrConflict where that is not the newest. ErrDown says that it may, or may not, have got through.
func (l *Library) Publish(ctx context.Context, e Entry, archive []byte, after string) (Entry, error) {
	l.work.Lock()
	defer l.work.Unlock()
	if _, err := l.sync(ctx, e.Rulebook, l.o.Remote != nil); err != nil {
		return Entry{}, err
	}
	was := l.History(e.Rulebook)
	newest := was.Newest()
	if newest.ID != after {
		return Entry{}, ErrConflict
	}
	e.Schema, e.Number, e.ID = Schema, newest.Number+1, rand.Text()
	if !e.Folder {
		e.Size, e.Sum = int64(len(archive)), sumOf(archive)
	}
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	all := append(slices.Clone(was), e)
	surplus := all.Surplus(l.o.Now())
	if err := l.write(ctx, &e, archive, after, surplus); err != nil {
		return Entry{}, err
	}
	l.drop(surplus)
	l.know(e.Rulebook, was, all[len(surplus):])
	return e, nil
}

// write commits a publication.
func (l *Library) write(ctx context.Context, e *Entry, archive []byte, after string, surplus []Entry) error {
	if l.o.Remote == nil {
		return l.dir.Add(e, archive)
	}
	if err := l.o.Remote.Add(ctx, e, archive, after, surplus); err != nil {
		return err
	}
	l.keep(e, archive, true)
	return nil
}

func (l *Library) drop(surplus []Entry) {
	for i := range surplus {
		e := &surplus[i]
		if err := l.dir.Drop(e); err != nil {
			l.once(Event{Kind: NotKept, Entry: *e, Err: err})
		}
		l.mu.Lock()
		delete(l.held, e.ID)
		l.mu.Unlock()
	}
}
