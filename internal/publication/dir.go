package publication

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Dir keeps publications in a folder: one below it for each rulebook, with a file for each publication and one for its files.
// A publication is there once its own file is; what a crash leaves behind is written again. Several processes may share it.
type Dir struct{ root string }

// NewDir is a folder, which is made once something is published.
func NewDir(root string) *Dir { return &Dir{root} }

// String is the folder.
func (d *Dir) String() string { return d.root }

// of is the folder of a rulebook: its name as far as a file may have it, and what makes it unique.
func (d *Dir) of(book string) string {
	sum := sha256.Sum256([]byte(book))
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, book)
	return filepath.Join(d.root, strings.Trim(plain[max(0, len(plain)-40):], "-")+"-"+hex.EncodeToString(sum[:6]))
}

func entryFile(number int64) string { return fmt.Sprintf("%08d.json", number) }

func archiveFile(e *Entry) string { return fmt.Sprintf("%08d-%s.zip", e.Number, e.ID) }

var entryForm = regexp.MustCompile(`^[0-9]{8}\.json$`)

// Entries reads the publications of a rulebook. Those that cannot be read are left out and told in the error.
func (d *Dir) Entries(book string) (History, error) {
	dir := d.of(book)
	list, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var h History
	var faults []error
	for _, f := range list {
		if !entryForm.MatchString(f.Name()) {
			continue
		}
		e, err := d.entry(filepath.Join(dir, f.Name()), book)
		if err == nil && entryFile(e.Number) != f.Name() {
			err = fmt.Errorf("it is publication %d", e.Number)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", filepath.Join(dir, f.Name()), err))
			continue
		}
		h = append(h, e)
	}
	return sorted(h), errors.Join(faults...)
}

func (d *Dir) entry(file, book string) (Entry, error) {
	const most = 64 << 10
	info, err := os.Lstat(file)
	if err != nil {
		return Entry{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return Entry{}, errors.New("this is no file of a publication")
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return Entry{}, err
	}
	return Decode(raw, book)
}

// Archive reads the files of a publication. What is not whole is ErrNoArchive.
func (d *Dir) Archive(e *Entry) ([]byte, error) {
	file := filepath.Join(d.of(e.Rulebook), archiveFile(e))
	info, err := os.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", file, ErrNoArchive)
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() != e.Size {
		return nil, fmt.Errorf("%s: %w", file, ErrNoArchive)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if err := e.holds(raw); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return raw, nil
}

// Add writes a publication where there is none of its number, else it is ErrConflict.
func (d *Dir) Add(e *Entry, archive []byte) error { return d.put(e, archive, os.Link) }

// Put writes a publication, in the place of another of its number too.
func (d *Dir) Put(e *Entry, archive []byte) error { return d.put(e, archive, os.Rename) }

// put writes the files first: a publication whose file is there is whole.
func (d *Dir) put(e *Entry, archive []byte, last func(from, to string) error) error {
	dir := d.of(e.Rulebook)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	raw, err := Encode(e)
	if err != nil {
		return err
	}
	if !e.Folder {
		if err := place(dir, archiveFile(e), archive, os.Rename); err != nil {
			return err
		}
	}
	err = place(dir, entryFile(e.Number), raw, last)
	if errors.Is(err, fs.ErrExist) {
		return ErrConflict
	}
	return err
}

// place writes a file whole: it is there with all its bytes, also after the machine has lost its power, or not at all.
func place(dir, name string, data []byte, last func(from, to string) error) (err error) {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if rest := os.Remove(f.Name()); rest != nil && !errors.Is(rest, fs.ErrNotExist) {
			err = errors.Join(err, rest)
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := last(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncDir(dir)
}

// Drop removes a publication that is no longer kept, its files last.
func (d *Dir) Drop(e *Entry) error {
	dir := d.of(e.Rulebook)
	var faults []error
	for _, name := range []string{entryFile(e.Number), archiveFile(e)} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}
