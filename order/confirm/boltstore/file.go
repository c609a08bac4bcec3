package boltstore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// schema is the number of the layout that this version writes.
const schema = 2

// mapped is how much of the address space is set aside at once, so that a backup under way does not hold up the file's growth.
const mapped = 256 << 20

// errMoved is a file that was replaced while it was opened.
var errMoved = errors.New("the file was replaced")

// open opens the file and takes its lock; create makes it, and its folder, where there is none.
func open(path string, timeout time.Duration, create, noSync bool) (*bbolt.DB, error) {
	if err := prepareFile(path, create); err != nil {
		return nil, err
	}
	var db *bbolt.DB
	var file *os.File
	err := guarded(path, func() (err error) {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{
			Timeout: max(timeout, time.Millisecond), FreelistType: bbolt.FreelistMapType, InitialMmapSize: mapped,
			NoStatistics: true, NoSync: noSync, NoGrowSync: noSync,
			OpenFile: func(name string, flag int, mode fs.FileMode) (*os.File, error) {
				f, err := os.OpenFile(name, flag, mode)
				file = f
				return f, err
			},
		})
		return err
	})
	if err != nil {
		if db == nil && file != nil { // a damaged file stopped bbolt half-way: give the lock back
			_ = file.Close()
		}
		return nil, openFault(path, err)
	}
	if err := usable(db, path, file); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// prepareFile looks at what is there before anything is opened.
func prepareFile(path string, create bool) error {
	switch st, err := os.Stat(path); {
	case err == nil && !st.Mode().IsRegular():
		return fmt.Errorf("%s: not a file", path)
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist) || !create:
		return err
	}
	return os.MkdirAll(filepath.Dir(path), 0o700)
}

// openFault names the file and says what is wrong with it.
func openFault(path string, err error) error {
	var place *fs.PathError
	var errno syscall.Errno
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("%w of %s", ErrLocked, path)
	case errors.Is(err, ErrDamaged), errors.As(err, &place):
		return err
	case errors.As(err, &errno):
		return fmt.Errorf("%s: %w", path, err)
	default: // its heads are not what bbolt writes there
		return fmt.Errorf("%s: %w (%w)", path, ErrDamaged, err)
	}
}

// usable checks a file that was just opened: it is the one at path, whole, and of a schema that is known.
func usable(db *bbolt.DB, path string, file *os.File) error {
	opened, err := file.Stat()
	if err != nil {
		return err
	}
	if now, err := os.Stat(path); err != nil || !os.SameFile(opened, now) {
		return fmt.Errorf("%s: %w", path, errMoved)
	}
	return guarded(path, func() error {
		var number uint64
		err := db.View(func(tx *bbolt.Tx) (err error) {
			if tx.Size() > opened.Size() {
				return fmt.Errorf("%s: %w (%d bytes are missing)", path, ErrDamaged, tx.Size()-opened.Size())
			}
			number, err = schemaOf(tx, path)
			return err
		})
		switch {
		case err != nil || number == schema:
			return err
		case number == 0:
			return begin(db, path)
		default:
			return raise(db, path)
		}
	})
}

// raise marks a file of an earlier schema as one of this: its records are read as they are, and written anew when they change.
func raise(db *bbolt.DB, path string) error {
	err := db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("meta")).Put([]byte("schema"), binary.BigEndian.AppendUint64(nil, schema))
	})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// schemaOf is the number of the schema; 0 where the file is new.
func schemaOf(tx *bbolt.Tx, path string) (uint64, error) {
	meta := tx.Bucket([]byte("meta"))
	if meta == nil {
		if name, _ := tx.Cursor().First(); name != nil {
			return 0, fmt.Errorf("%s: %w (it holds %q)", path, ErrDamaged, name)
		}
		return 0, nil
	}
	raw := meta.Get([]byte("schema"))
	if len(raw) != 8 {
		return 0, fmt.Errorf("%s: %w (no schema number)", path, ErrDamaged)
	}
	n := binary.BigEndian.Uint64(raw)
	switch {
	case n == 0:
		return 0, fmt.Errorf("%s: %w (schema 0)", path, ErrDamaged)
	case n > schema:
		return 0, fmt.Errorf("%s: %w: it has schema %d, this version knows up to %d", path, ErrSchema, n, schema)
	}
	return n, nil
}

// begin writes the schema into a new file and makes its name as durable as its contents.
func begin(db *bbolt.DB, path string) error {
	err := db.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucket([]byte("meta"))
		if err != nil {
			return err
		}
		if _, err := tx.CreateBucket([]byte("merchants")); err != nil {
			return err
		}
		return meta.Put([]byte("schema"), binary.BigEndian.AppendUint64(nil, schema))
	})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return syncFolder(path)
}

// syncFolder makes the names in the folder of path durable.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) { // Windows syncs no folders
		return errors.Join(err, d.Close())
	}
	return d.Close()
}
