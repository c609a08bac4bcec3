package diag_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

// folder is a real folder behind an os.Root, as rulebooks are read.
func folder(t *testing.T, files map[string]string) (string, fs.FS) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := root.Close(); err != nil {
			t.Error(err)
		}
	})
	return dir, root.FS()
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	dir, fsys := folder(t, map[string]string{
		"shipping.yaml": "a: 1\n", "rates/ground.csv": "\ufeffa,b\n", "latin.csv": "a\nbl\xe5\n", "wide.csv": "\xff\xfea\x00", "big.csv": "12345678",
	})
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"out.csv": outside, "up.csv": "../../etc/hostname", "in.csv": "rates/ground.csv", "loop.csv": "loop.csv"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	for _, tc := range []struct{ name, want, finding, help string }{
		{"shipping.yaml", "a: 1\n", "", ""},
		{"rates/ground.csv", "a,b\n", "", ""}, // without its BOM
		{"in.csv", "a,b\n", "", ""},
		{"big.csv", "", `s.yaml:3:7: "big.csv" is larger than 7 bytes [E009]`, "split it into several files"},
		{"shiping.yaml", "", `s.yaml:3:7: there is no file "shiping.yaml" [E010]`, `did you mean "shipping.yaml"?`},
		{"rates/grund.csv", "", `s.yaml:3:7: there is no file "rates/grund.csv" [E010]`, `did you mean "rates/ground.csv"?`},
		{"rate/ground.csv", "", `s.yaml:3:7: there is no file "rate/ground.csv" [E010]`, `there is no folder "rate" either`},
		{"rates", "", `s.yaml:3:7: "rates" is a folder [E011]`, "name an ordinary file"},
		{"out.csv", "", `s.yaml:3:7: "out.csv" leads out of the folder [E012]`, "put the file itself into the folder; a link must not lead out of it"},
		{"up.csv", "", `s.yaml:3:7: "up.csv" leads out of the folder [E012]`, "put the file itself into the folder; a link must not lead out of it"},
		{"../x", "", `s.yaml:3:7: "../x" is not a name inside the folder [E012]`, "write it relative to the folder, with / between its parts and without .."},
		{"/etc/passwd", "", `s.yaml:3:7: "/etc/passwd" is not a name inside the folder [E012]`, "write it relative to the folder, with / between its parts and without .."},
		{"", "", `s.yaml:3:7: "" is not a name inside the folder [E012]`, "write it relative to the folder, with / between its parts and without .."},
		{"latin.csv", "", `latin.csv:2:3: this file is not UTF-8 text: the byte 0xE5 stands here [E013]`, `save it as UTF-8; a spreadsheet calls it "CSV UTF-8"`},
		{"wide.csv", "", `wide.csv:1:1: this file is UTF-16 text, UTF-8 is needed [E013]`, `save it as UTF-8; a spreadsheet calls it "CSV UTF-8"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			data, ok := diag.ReadFile(fsys, tc.name, 7, diag.Place{File: "s.yaml", Line: 3, Col: 7}, &r)
			if ok != (tc.finding == "") || string(data) != tc.want {
				t.Errorf("read %q, %v", data, ok)
			}
			var short strings.Builder
			if err := r.Short(&short); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.finding, strings.TrimSuffix(short.String(), "\n")); diff != "" {
				t.Error(diff)
			}
			if all := r.Findings(); len(all) > 0 && all[0].Help != tc.help {
				t.Errorf("help %q, want %q", all[0].Help, tc.help)
			}
		})
	}
	var r diag.Report
	if _, ok := diag.ReadFile(fsys, "loop.csv", 7, diag.Place{}, &r); ok || !r.Failed() || r.Findings()[0].File != "loop.csv" {
		t.Errorf("a link to itself: %v %+v", ok, r.Findings())
	}
}

func TestReadFileNamesWhereItIsNamed(t *testing.T) {
	t.Parallel()
	var r diag.Report
	named := diag.Place{File: "shipping.yaml", Line: 3, Col: 7}
	fsys := fstest.MapFS{"latin.csv": {Data: []byte("\xe5")}, "device": {Mode: fs.ModeDevice}, "socket": {Mode: fs.ModeSocket}, "odd": {Mode: fs.ModeIrregular}}
	for _, name := range []string{"latin.csv", "device", "socket", "odd"} {
		if _, ok := diag.ReadFile(fsys, name, 100, named, &r); ok {
			t.Errorf("%s was read", name)
		}
	}
	all := r.Findings()
	if len(all) != 4 || all[0].Cause == nil || all[0].Cause.Place != named {
		t.Fatalf("%+v", all)
	}
	var got []string
	for _, f := range all[1:] {
		got = append(got, f.Message)
	}
	if diff := cmp.Diff([]string{`"device" is a device`, `"odd" is something special`, `"socket" is a socket`}, got); diff != "" {
		t.Error(diff)
	}
}

// growing is a file that becomes longer between the look at its size and its reading.
type growing struct{ fs.FS }

func (g growing) Open(name string) (fs.File, error) {
	f, err := g.FS.Open(name)
	return grownFile{f}, err
}

type grownFile struct{ fs.File }

func (grownFile) Read(p []byte) (int, error) { return len(p), nil }

func TestReadFileStopsAtMax(t *testing.T) {
	t.Parallel()
	var r diag.Report
	_, ok := diag.ReadFile(growing{fstest.MapFS{"a": {Data: []byte("x")}}}, "a", 1<<20, diag.Place{}, &r)
	if diff := cmp.Diff([]string{"1:1 E009"}, places(&r)); ok || diff != "" {
		t.Error(ok, diff)
	}
}
