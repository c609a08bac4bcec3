package sink

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/kvitto/kvitto/rules"
)

// What the names in a spool look like. A half-written file is hidden and has another ending than what is to be read.
const (
	ending  = ".json"
	halves  = ".*.tmp"
	doneDir = "done"
)

// mostWrites is how many files are written at once: a disk that hangs holds so many goroutines and no more.
const mostWrites = 8

// Spool is a sink that writes each event into a file of its own, <Event.ID>.json, in one folder. A file is there as a whole
// or not at all, and once it is there it is never written again: what it says was taken.
//
// Whoever reads the folder looks at *.json only and, after a durable commit of its own, either moves the file into the
// folder done, or deletes it. In done the event is still known, so one that comes again is not written again. One whose
// file was deleted is: whoever deletes has to remember the id. Files in done may go after the 14 days that an order is
// remembered; nothing here deletes them.
//
// A Spool is safe for concurrent use. Files have mode 0600 and folders that it makes 0700, so the reader is the same user.
type Spool struct {
	dir     string
	slots   chan struct{}
	renames sync.Mutex
	link    func(from, to string) error // os.Link
	step    func(name string) error     // nil but in tests: what happens before a step
}

var _ rules.OrderSink = (*Spool)(nil)

// NewSpool makes the folder where it is missing, cleans up what a crash left in it, and proves that a file can be written
// there. Two processes, or two Spools of one, may share a folder: a file that one is writing while the other starts may be
// swept away, which is an error of that attempt.
func NewSpool(dir string) (*Spool, error) {
	s := &Spool{dir: dir, slots: make(chan struct{}, mostWrites), link: os.Link}
	if dir == "" {
		return nil, errors.New("spool: the folder is missing")
	}
	if err := s.open(); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return s, nil
}

func (s *Spool) open() error {
	made := missing(s.dir)
	if err := os.MkdirAll(filepath.Join(s.dir, doneDir), 0o700); err != nil {
		return err
	}
	if err := s.sweep(); err != nil {
		return err
	}
	probe, err := s.half("probe", []byte("{}"))
	if err != nil {
		return err
	}
	err = errors.Join(os.Remove(probe), syncDir(s.dir))
	for _, dir := range made { // a new folder has to survive too
		err = errors.Join(err, syncDir(filepath.Dir(dir)))
	}
	return err
}

// sweep removes what a crash left half written.
func (s *Spool) sweep() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if half, err := filepath.Match(halves, entry.Name()); err != nil || !half {
			continue
		}
		if err := os.Remove(filepath.Join(s.dir, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Take implements rules.OrderSink. The receipt is the name of the file. Where ctx ends before the disk has answered, the
// file may appear all the same: then the next attempt finds it.
func (s *Spool) Take(ctx context.Context, e *rules.Event) (rules.Taken, error) {
	if err := checkEvent(e); err != nil {
		return rules.Taken{}, err
	}
	if err := ctx.Err(); err != nil {
		return rules.Taken{}, fmt.Errorf("spool: not written: %w", err)
	}
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return rules.Taken{}, fmt.Errorf("spool: not written, the disk is busy: %w", ctx.Err())
	}
	name, body := e.ID+ending, bytes.Clone(e.Body) // the writing may outlive this call
	result := make(chan error, 1)
	go func() {
		defer func() { <-s.slots }()
		result <- s.put(name, body)
	}()
	select {
	case err := <-result:
		if err != nil {
			return rules.Taken{}, fmt.Errorf("spool: %w", err)
		}
		return rules.Taken{Receipt: name}, nil
	case <-ctx.Done():
		return rules.Taken{}, fmt.Errorf("spool: the disk does not answer: %w", ctx.Err())
	}
}
