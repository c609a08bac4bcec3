package publication_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/publication"
)

// packed is an archive of some files.
func packed(t testing.TB, files map[string]string) []byte {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	archive, _, err := publication.Pack(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

func opened(t testing.TB, archive []byte) map[string]string {
	t.Helper()
	fsys, err := publication.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		got[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestPack takes what a rulebook may hold and nothing else, whatever else lies in the folder.
func TestPack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := map[string]string{"shipping.yaml": "a: 1\n", "tax.yaml": "", "zones/post.csv": "1;2\r\n", "linked.csv": "1;2\r\n", "weights.xlsx": "PK"}
	for name, text := range map[string]string{"shipping.yaml": "a: 1\n", "tax.yaml": "", "zones/post.csv": "1;2\r\n", "weights.xlsx": "PK",
		"README.md": "read", ".hidden.yaml": "no", ".git/config.yaml": "no", "old/shipping.yaml": "another rulebook", "old/tax.yaml": "of it", "notes.txt": "n"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for to, from := range map[string]string{"linked.csv": "zones/post.csv", "loop": "."} {
		if err := os.Symlink(from, filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() //nolint:errcheck // it was only read
	archive, names, err := publication.Pack(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, opened(t, archive)); d != "" {
		t.Error(d)
	}
	if !slices.IsSorted(names) || len(names) != len(want) {
		t.Errorf("names %v", names)
	}
	if again, _, err := publication.Pack(root.FS()); err != nil || !bytes.Equal(again, archive) {
		t.Errorf("the same files give another archive: %v", err)
	}
	here, err := publication.Fingerprint(root.FS())
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := publication.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	if there, err := publication.Fingerprint(fsys); err != nil || there != here {
		t.Errorf("fingerprints %s and %s: %v", here, there, err)
	}
}

// zipped is an archive with whatever is asked for.
func zipped(t testing.TB, headers ...*zip.FileHeader) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, h := range headers {
		to, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(h.Name, "/") {
			if _, err := to.Write([]byte("text")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func named(names ...string) []*zip.FileHeader {
	out := make([]*zip.FileHeader, len(names))
	for i, n := range names {
		out[i] = &zip.FileHeader{Name: n, Method: zip.Deflate}
	}
	return out
}

func withMode(name string, mode fs.FileMode) *zip.FileHeader {
	h := &zip.FileHeader{Name: name}
	h.SetMode(mode)
	return h
}

// TestOpenRefuses what comes from somebody who means harm, or from a broken line.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	good := packed(t, map[string]string{"shipping.yaml": strings.Repeat("a: 1\n", 100), "tax.yaml": "b: 2\n"})
	flipped := bytes.Clone(good)
	flipped[45] ^= 0xff
	var many []string
	for i := range publication.MaxFiles + 1 {
		many = append(many, fmt.Sprintf("%d.csv", i))
	}
	for name, tt := range map[string]struct {
		archive []byte
		want    string
	}{
		"nothing":           {nil, "this is no archive of a rulebook"},
		"text":              {[]byte("version: 1\n"), "this is no archive of a rulebook"},
		"empty":             {zipped(t), "the archive holds no file"},
		"half":              {good[:len(good)/2], "this is no archive of a rulebook"},
		"a bit that tipped": {flipped, `"shipping.yaml": `},
		"too large":         {make([]byte, publication.MaxArchive+1), "at most 32 MiB are taken"},
		"many files":        {zipped(t, named(many...)...), "the archive holds 1001 files, at most 1000 are taken"},
		"out of the folder": {zipped(t, named("../shipping.yaml")...), `"../shipping.yaml": this is not a name inside a rulebook`},
		"absolute":          {zipped(t, named("/etc/shipping.yaml")...), "this is not a name inside a rulebook"},
		"backslash":         {zipped(t, named(`..\shipping.yaml`)...), "this is not a name inside a rulebook"},
		"a drive":           {zipped(t, named("c:shipping.yaml")...), "this is not a name inside a rulebook"},
		"twice":             {zipped(t, named("tax.yaml", "TAX.yaml")...), `"TAX.yaml" stands twice in the archive`},
		"file and folder":   {zipped(t, named("a.yaml", "a.yaml/b.yaml")...), `"a.yaml" is a file and a folder`},
		"hidden":            {zipped(t, named(".env.yaml")...), "begin with a dot"},
		"in a hidden one":   {zipped(t, named("a/.git/x.yaml")...), "begin with a dot"},
		"a program":         {zipped(t, named("run.sh")...), "a rulebook holds .yaml, .yml, .csv, .xlsx only"},
		"line break":        {zipped(t, named("a\nb.yaml")...), "characters that no file of a rulebook has"},
		"a long name":       {zipped(t, named(strings.Repeat("a", 200)+".yaml")...), "this is not a name inside a rulebook"},
		"a folder":          {zipped(t, named("zones/")...), "this is not a name inside a rulebook"},
		"a link":            {zipped(t, withMode("tax.yaml", fs.ModeSymlink|0o777)), "links and the like are not taken"},
		"a device":          {zipped(t, withMode("tax.yaml", fs.ModeDevice|0o600)), "links and the like are not taken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := publication.Open(tt.archive); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestBomb: a small archive that unpacks to more than there may be is cut off, whatever its head says.
func TestBomb(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	to, err := w.Create("zeros.csv")
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<20)
	for range publication.MaxUnpacked>>20 + 1 {
		if _, err := to.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := publication.Open(out.Bytes()); err == nil || !strings.Contains(err.Error(), "larger than 128 MiB together") {
		t.Errorf("%d bytes: %v", out.Len(), err)
	}
}

// FuzzOpen: what is taken holds files that can be read, under names that a rulebook may have, and packs to the same files.
func FuzzOpen(f *testing.F) {
	f.Add(packed(f, map[string]string{"shipping.yaml": "a: 1\n", "zones/post.csv": "1\n"}))
	f.Add(zipped(f, named("../shipping.yaml")...))
	f.Add(zipped(f, named("a.yaml", "a.yaml/b.yaml", "A.yaml")...))
	f.Add(zipped(f, withMode("tax.yaml", fs.ModeSymlink|0o777)))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, archive []byte) {
		fsys, err := publication.Open(archive)
		if err != nil {
			return
		}
		files := opened(t, archive)
		for name := range files {
			if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") || filepath.IsAbs(name) {
				t.Fatalf("taken: %q", name)
			}
		}
		again, names, err := publication.Pack(fsys)
		if err != nil {
			t.Fatal(err)
		}
		if len(names) == 0 {
			return // all lie in folders with a rulebook of their own
		}
		for name, text := range opened(t, again) {
			if files[name] != text {
				t.Fatalf("%q is another file", name)
			}
		}
	})
}
