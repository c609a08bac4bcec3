package sink

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// put writes a file unless it is there already.
func (s *Spool) put(name string, body []byte) error {
	final := filepath.Join(s.dir, name)
	for _, place := range []string{final, filepath.Join(s.dir, doneDir, name)} {
		there, err := exists(place)
		if err != nil {
			return err
		}
		if there { // whoever wrote it may have died before this
			return syncDir(filepath.Dir(place))
		}
	}
	half, err := s.half(name, body)
	if err != nil {
		return err
	}
	err = s.publish(half, final)
	if err == nil {
		err = s.before("remove")
	}
	// A link leaves the first name to be removed, and so does a fault.
	if gone := os.Remove(half); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	if err != nil {
		return err
	}
	if err := s.before("sync_dir"); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// half writes a hidden file and brings it to the disk. Where that fails nothing is left of it.
func (s *Spool) half(name string, body []byte) (half string, err error) {
	if err := s.before("create"); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(s.dir, "."+name+".*.tmp") // its mode is 0600
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = s.before("write")
	if err == nil {
		_, err = f.Write(body)
	}
	if err == nil {
		err = s.before("sync")
	}
	if err == nil {
		err = f.Sync()
	}
	return f.Name(), errors.Join(err, f.Close())
}

// publish gives a whole file its name, unless that is taken: a link never overwrites, a rename would. Where a file system
// has no links, it is a rename after a last look.
func (s *Spool) publish(half, final string) error {
	if err := s.before("publish"); err != nil {
		return err
	}
	err := s.link(half, final)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	s.renames.Lock()
	defer s.renames.Unlock()
	if there, fault := exists(final); there || fault != nil {
		return fault
	}
	return os.Rename(half, final)
}

func (s *Spool) before(step string) error {
	if s.step == nil {
		return nil
	}
	return s.step(step)
}

// exists wants a regular file or nothing.
func exists(name string) (bool, error) {
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, &fs.PathError{Op: "look at", Path: name, Err: errors.New("it is there and no regular file")}
	default:
		return true, nil
	}
}

// missing lists a folder and those above it, as far as they are not there.
func missing(dir string) []string {
	var out []string
	for dir = filepath.Clean(dir); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return out
		}
		out = append(out, dir)
	}
}

// syncDir brings the entries of a folder to the disk. Windows has no such call: there a crash of the machine may lose one.
func syncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
