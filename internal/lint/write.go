package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

var errChanged = errors.New("it has been changed meanwhile")

// Write puts a mended file into its folder, whole or not at all: it is written beside the old one and takes its place. A link
// is not followed, and a file that has been changed since it was read is left alone.
func (f *Fixed) Write(dir string) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	info, err := root.Lstat(f.File)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: this is not an ordinary file, so it is not written to", f.File)
	}
	if now, err := root.ReadFile(f.File); err != nil || !bytes.Equal(now, f.Old) {
		return errors.Join(err, fmt.Errorf("%s: %w", f.File, errChanged))
	}
	beside := f.File + ".lint-fix"
	if err := writeNew(root, beside, f.New, info.Mode().Perm()); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is in the way: %w", beside, err)
	} else if err != nil {
		return errors.Join(err, ignoreMissing(root.Remove(beside)))
	}
	if err := root.Rename(beside, f.File); err != nil {
		return errors.Join(err, ignoreMissing(root.Remove(beside)))
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// writeNew writes a file that must not be there yet, down to the disk.
func writeNew(root *os.Root, name string, data []byte, mode fs.FileMode) (err error) {
	w, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Chmod(mode); err != nil {
		return err
	}
	return w.Sync()
}
