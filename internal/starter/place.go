package starter

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Modes of what is written.
const (
	folderMode = 0o755
	fileMode   = 0o644
	secretMode = 0o600 // of a file; its folder is the owner's too
	vaultMode  = 0o700
)

// Place writes files into dir, which is missing or empty: all of them, or none. They are first written into a folder within
// it, which check may look at; the last file appears last. What exists is never touched.
func Place(dir string, files []File, check func(dir string) error) (err error) {
	if err := Free(dir); err != nil {
		return err
	}
	made, err := makeFolder(dir)
	if err != nil {
		return err
	}
	var moved []string
	stage, err := os.MkdirTemp(dir, ".kvitto-init-")
	defer func() {
		if err != nil {
			err = errors.Join(err, undo(stage, moved, made))
		}
	}()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := write(stage, f); err != nil {
			return err
		}
	}
	if err := check(stage); err != nil {
		return err
	}
	for _, name := range entries(files) {
		to := filepath.Join(dir, name)
		if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(fmt.Errorf("%s: this came into being meanwhile", to), err)
		}
		if err := os.Rename(filepath.Join(stage, name), to); err != nil {
			return err
		}
		moved = append(moved, to)
	}
	return os.Remove(stage)
}

// Free tells why files cannot be placed into dir.
func Free(dir string) error {
	all, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		if info, stat := os.Stat(dir); stat == nil && !info.IsDir() {
			return fmt.Errorf("%s: this is not a folder; name a new one, or an empty one", dir)
		}
		return err
	case len(all) > 0:
		return fmt.Errorf("%s: the folder is not empty (it holds %s), and nothing in it is to be touched; name a new one, or an empty one", dir, all[0].Name())
	}
	return nil
}

// makeFolder makes a folder with those above it and returns what it made, the lowest first.
func makeFolder(dir string) ([]string, error) {
	var made []string
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append(made, at)
	}
	return made, os.MkdirAll(dir, folderMode)
}

// undo takes away what was made; a folder only where nobody else has put anything into it.
func undo(stage string, moved, made []string) error {
	var errs []error
	for _, name := range append(slices.Clone(moved), stage) {
		if name != "" {
			errs = append(errs, os.RemoveAll(name))
		}
	}
	for _, name := range made {
		errs = append(errs, os.Remove(name))
	}
	return errors.Join(errs...)
}

// write writes one file that is not there yet.
func write(dir string, f File) error {
	name := filepath.Join(dir, filepath.FromSlash(f.Name))
	folder, mode := fs.FileMode(folderMode), fs.FileMode(fileMode)
	if f.Secret {
		folder, mode = vaultMode, secretMode
	}
	if err := os.MkdirAll(filepath.Dir(name), folder); err != nil {
		return err
	}
	out, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = out.WriteString(f.Text)
	return errors.Join(err, out.Close())
}

// entries are the names in the folder itself, in the order of the files.
func entries(files []File) []string {
	var all []string
	for _, f := range files {
		first, _, _ := strings.Cut(f.Name, "/")
		if !slices.Contains(all, first) {
			all = append(all, first)
		}
	}
	return all
}
