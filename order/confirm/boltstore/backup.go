package boltstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// Contents is what a file holds.
type Contents struct {
	Merchants int
	Open      int // orders that are not done, parked ones included
	Done      int // done orders whose record is kept yet
}

// Backup writes the whole store as of one moment; it may be written meanwhile. What comes out is a file for Restore; it holds
// the frozen bodies too, so it is to be kept like the store itself.
func (s *Store) Backup(ctx context.Context, w io.Writer) (int64, error) {
	db, err := s.opened(ctx)
	if err != nil {
		return 0, err
	}
	var n int64
	err = guarded(s.path, func() error {
		return db.View(func(tx *bbolt.Tx) (err error) {
			n, err = tx.WriteTo(&cancellable{ctx, w})
			return err
		})
	})
	return n, err
}

// cancellable is a writer that ends with its context.
type cancellable struct {
	ctx context.Context
	w   io.Writer
}

func (c *cancellable) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}

// BackupTo writes a backup into a file of its own, as Save does.
func (s *Store) BackupTo(ctx context.Context, path string, replace bool) (Contents, error) {
	if a, err := os.Stat(path); err == nil {
		if b, err := os.Stat(s.path); err == nil && os.SameFile(a, b) {
			return Contents{}, fmt.Errorf("%s: this is the store itself", path)
		}
	}
	return save(ctx, path, replace, func(w io.Writer) error {
		_, err := s.Backup(ctx, w)
		return err
	})
}

// Save writes a backup that comes from elsewhere into a file, mode 0600, which appears whole, checked and synced, or not at
// all. A file that exists is fs.ErrExist unless it is to be replaced.
func Save(ctx context.Context, path string, backup io.Reader, replace bool) (Contents, error) {
	return save(ctx, path, replace, func(w io.Writer) error {
		_, err := io.Copy(&cancellable{ctx, w}, backup)
		return err
	})
}

func save(ctx context.Context, path string, replace bool, write func(io.Writer) error) (Contents, error) {
	if err := free(path, replace); err != nil {
		return Contents{}, err
	}
	temp, c, err := written(ctx, path, write)
	if err != nil {
		return Contents{}, err
	}
	return c, placed(temp, path)
}

// Restore makes the store at path from a backup, whole and checked before anything is replaced. A store that exists is
// fs.ErrExist unless it is to be replaced, and ErrLocked if it is in use after wait.
func Restore(ctx context.Context, path string, backup io.Reader, replace bool, wait time.Duration) (Contents, error) {
	if err := free(path, replace); err != nil {
		return Contents{}, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Contents{}, err
	}
	temp, c, err := written(ctx, path, func(w io.Writer) error {
		_, err := io.Copy(&cancellable{ctx, w}, backup)
		return err
	})
	if err != nil {
		return Contents{}, err
	}
	release, err := unused(path, wait)
	if err != nil {
		return Contents{}, errors.Join(err, os.Remove(temp))
	}
	return c, errors.Join(placed(temp, path), release())
}

// free refuses a path where there is a file already.
func free(path string, replace bool) error {
	switch st, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !st.Mode().IsRegular():
		return fmt.Errorf("%s: not a file", path)
	case !replace:
		return &fs.PathError{Op: "write", Path: path, Err: fs.ErrExist}
	default:
		return nil
	}
}

// unused takes the lock of a store that is to be replaced, so that no process keeps on writing into a file without a name.
// One that cannot be opened is in nobody's use.
func unused(path string, wait time.Duration) (release func() error, err error) {
	none := func() error { return nil }
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return none, nil
	}
	db, err := open(path, wait, false, false)
	switch {
	case err == nil:
		return db.Close, nil
	case errors.Is(err, ErrDamaged), errors.Is(err, ErrSchema):
		return none, nil
	default:
		return nil, err
	}
}

// written writes and checks a store beside path, under a name of its own.
func written(ctx context.Context, path string, write func(io.Writer) error) (string, Contents, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", Contents{}, err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	var c Contents
	if err == nil {
		c, err = inspectAs(ctx, f.Name(), "the backup")
	}
	if err != nil {
		return "", Contents{}, errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), c, nil
}

// placed gives a written file its name.
func placed(temp, path string) error {
	if err := os.Rename(temp, path); err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return syncFolder(path)
}

// Inspect reads a whole file that nobody has open, every page and record of it, and says what it holds.
func Inspect(ctx context.Context, path string) (Contents, error) { return inspectAs(ctx, path, path) }

// inspectAs calls the file by a name of its own in what it says.
func inspectAs(ctx context.Context, path, name string) (Contents, error) {
	if err := prepareFile(path, false); err != nil {
		return Contents{}, err
	}
	if st, err := os.Stat(path); err != nil {
		return Contents{}, err
	} else if st.Size() == 0 { // bbolt would make it a store
		return Contents{}, fmt.Errorf("%s: %w (it is empty)", name, ErrDamaged)
	}
	var c Contents
	err := guarded(name, func() (err error) {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Millisecond, ReadOnly: true, PreLoadFreelist: true,
			FreelistType: bbolt.FreelistMapType, NoStatistics: true})
		if err != nil {
			return openFault(name, err)
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		return db.View(func(tx *bbolt.Tx) (err error) {
			c, err = inspect(ctx, tx, path, name)
			return err
		})
	})
	return c, err
}

func inspect(ctx context.Context, tx *bbolt.Tx, path, name string) (Contents, error) {
	st, err := os.Stat(path)
	if err != nil {
		return Contents{}, err
	}
	if tx.Size() > st.Size() {
		return Contents{}, fmt.Errorf("%s: %w (%d bytes are missing)", name, ErrDamaged, tx.Size()-st.Size())
	}
	if number, err := schemaOf(tx, name); err != nil {
		return Contents{}, err
	} else if number == 0 {
		return Contents{}, fmt.Errorf("%s: %w (it is empty)", name, ErrDamaged)
	}
	var fault error
	for err := range tx.Check() { // to its end: it is another goroutine's
		if fault == nil {
			fault = fmt.Errorf("%s: %w (%w)", name, ErrDamaged, err)
		}
	}
	if fault != nil {
		return Contents{}, fault
	}
	var c Contents
	err = tx.Bucket([]byte("merchants")).ForEachBucket(func(name []byte) error {
		c.Merchants++
		sh := shelfOf(tx, string(name), moment(0))
		return errors.Join(sh.count(ctx, openBucket, &c.Open), sh.count(ctx, doneBucket, &c.Done))
	})
	return c, err
}

func (sh *shelf) count(ctx context.Context, bucket string, n *int) error {
	return sh.each(bucket, "", func(e *entry) error {
		*n++
		if _, _, err := sh.storedBody(e.Order); err != nil {
			return err
		}
		return ctx.Err()
	})
}
