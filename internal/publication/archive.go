package publication

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of an archive.
const (
	MaxArchive  = 32 << 20  // bytes as it travels
	MaxUnpacked = 128 << 20 // bytes of all its files
	MaxFiles    = 1000
	maxName     = 200 // bytes of a file's name, folders included
)

// kinds are the files that a rulebook may hold.
func kinds() []string { return []string{".yaml", ".yml", ".csv", ".xlsx"} }

// Kinds names the files that a rulebook may hold, in words.
func Kinds() string { return strings.Join(kinds(), ", ") }

// nameFault says what is wrong with the name of a file in an archive, "" where nothing is.
func nameFault(name string) string {
	switch {
	case !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\:") || len(name) > maxName:
		return "this is not a name inside a rulebook"
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "its name has characters that no file of a rulebook has"
	case hidden(name):
		return "files and folders that begin with a dot are no part of a rulebook"
	case !slices.Contains(kinds(), path.Ext(name)):
		return "a rulebook holds " + Kinds() + " only"
	}
	return ""
}

func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// members lists the files of a folder that belong to its rulebook, by name: those of the kinds that it may hold, in folders
// too, but for hidden ones and folders that hold a rulebook of their own. Links to folders are not followed.
func members(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case d.IsDir():
			if _, err := fs.Stat(fsys, path.Join(name, "shipping.yaml")); err == nil || hidden(name) {
				return fs.SkipDir
			}
			return nil
		case nameFault(name) != "":
			return nil
		}
		info, err := fs.Stat(fsys, name)
		if err != nil {
			return err
		}
		if info.Mode().IsRegular() {
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

// Pack puts the files of a rulebook's folder into an archive: the same files give the same bytes. It returns their names.
func Pack(fsys fs.FS) (archive []byte, names []string, err error) {
	if names, err = members(fsys); err != nil {
		return nil, nil, err
	}
	if len(names) > MaxFiles {
		return nil, nil, fmt.Errorf("the rulebook has %d files, at most %d can be published", len(names), MaxFiles)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	left := int64(MaxUnpacked)
	for _, name := range names {
		to, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, nil, err
		}
		n, err := copyFile(to, fsys, name, left)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		if left -= n; left < 0 {
			return nil, nil, fmt.Errorf("the files of the rulebook are larger than %d MiB together", MaxUnpacked>>20)
		}
	}
	if err := w.Close(); err != nil {
		return nil, nil, err
	}
	if out.Len() > MaxArchive {
		return nil, nil, fmt.Errorf("the rulebook is %d bytes once it is packed, at most %d MiB can be published", out.Len(), MaxArchive>>20)
	}
	return out.Bytes(), names, nil
}

// copyFile copies one byte more than there may be, which is too many.
func copyFile(to io.Writer, fsys fs.FS, name string, left int64) (n int64, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.Copy(to, io.LimitReader(f, left+1))
}

// Open reads an archive from anywhere and checks all of it: the files that it returns can be read without a fault, are those
// that a rulebook may hold, and lie within the limits.
func Open(archive []byte) (fs.FS, error) {
	if len(archive) > MaxArchive {
		return nil, fmt.Errorf("the archive has %d bytes, at most %d MiB are taken", len(archive), MaxArchive>>20)
	}
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("this is no archive of a rulebook: %w", err)
	}
	switch {
	case len(r.File) == 0:
		return nil, errors.New("the archive holds no file")
	case len(r.File) > MaxFiles:
		return nil, fmt.Errorf("the archive holds %d files, at most %d are taken", len(r.File), MaxFiles)
	}
	seen := map[string]bool{}
	left := int64(MaxUnpacked)
	for _, f := range r.File {
		n, err := member(f, seen, left)
		if err != nil {
			return nil, err
		}
		left -= n
	}
	for name := range seen {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if seen[dir] {
				return nil, fmt.Errorf("%q is a file and a folder", dir)
			}
		}
	}
	return r, nil
}

// member checks one file of an archive and returns its size.
func member(f *zip.File, seen map[string]bool, left int64) (int64, error) {
	if fault := nameFault(f.Name); fault != "" {
		return 0, fmt.Errorf("%q: %s", f.Name, fault)
	}
	if !f.Mode().IsRegular() {
		return 0, fmt.Errorf("%q: this is no ordinary file; links and the like are not taken", f.Name)
	}
	key := strings.ToLower(f.Name)
	if seen[key] {
		return 0, fmt.Errorf("%q stands twice in the archive", f.Name)
	}
	seen[key] = true
	in, err := f.Open()
	if err != nil {
		return 0, fmt.Errorf("%q: %w", f.Name, err)
	}
	n, err := io.Copy(io.Discard, io.LimitReader(in, left+1))
	if err := errors.Join(err, in.Close()); err != nil {
		return 0, fmt.Errorf("%q: %w", f.Name, err)
	}
	if n > left {
		return 0, fmt.Errorf("the files of the archive are larger than %d MiB together", MaxUnpacked>>20)
	}
	return n, nil
}

// Fingerprint names the files of a rulebook's folder, tests included: the same files have the same one. It reads at most
// MaxUnpacked bytes.
func Fingerprint(fsys fs.FS) (string, error) {
	names, err := members(fsys)
	if err != nil {
		return "", err
	}
	all := sha256.New()
	left := int64(MaxUnpacked)
	for _, name := range names {
		one := sha256.New()
		n, err := copyFile(one, fsys, name, left)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		if left -= n; left < 0 {
			return "", fmt.Errorf("the files are larger than %d MiB together", MaxUnpacked>>20)
		}
		all.Write([]byte(name + "\x00"))
		all.Write(one.Sum(nil))
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}
