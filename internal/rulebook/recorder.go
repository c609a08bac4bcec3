package rulebook

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io/fs"
	"slices"
)

// recorder is a file system that remembers the SHA-256 of every file as it was read, so that a revision names what was
// parsed and not what stands on the disk a moment later. Not for concurrent use.
type recorder struct {
	fs.FS
	sums map[string][]byte
}

func newRecorder(fsys fs.FS) *recorder { return &recorder{FS: fsys, sums: map[string][]byte{}} }

// Stat implements fs.StatFS, so that a FIFO is seen before it is opened.
func (r *recorder) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.FS, name) }

// ReadDir implements fs.ReadDirFS, so that a name that is not there can be answered with one that is. What a folder lists is
// no part of the revision.
func (r *recorder) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(r.FS, name) }

// Open implements fs.FS.
func (r *recorder) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if err != nil {
		return nil, err
	}
	return &recorded{File: f, name: name, sum: sha256.New(), to: r}, nil
}

// recorded is an open file on its way into the revision.
type recorded struct {
	fs.File
	name string
	sum  hash.Hash
	to   *recorder
}

// Read implements io.Reader.
func (f *recorded) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.sum.Write(p[:n])
	return n, err
}

// Close implements io.Closer.
func (f *recorded) Close() error {
	f.to.sums[f.name] = f.sum.Sum(nil)
	return f.File.Close()
}

// revision is the name of everything read so far, and the files in order.
func (r *recorder) revision() (string, []string) {
	names := make([]string, 0, len(r.sums))
	for name := range r.sums {
		names = append(names, name)
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		h.Write([]byte(name))
		h.Write([]byte{0})
		h.Write(r.sums[name])
	}
	return hex.EncodeToString(h.Sum(nil))[:12], names
}
