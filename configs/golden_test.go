package configs_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// outputs are the files of a story that are compared; all others are the folder it runs in.
func isOutput(name string) bool { return name == "short" || name == "rendered" }

// TestGolden loads kvitto.yaml of each story with the environment in env, and compares what is told.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, file := range stories(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string][]byte{}
			got["short"], got["rendered"] = tell(t, a)
			if *update {
				rewrite(t, file, a, got)
				return
			}
			for _, f := range a.Files {
				if isOutput(f.Name) {
					if diff := cmp.Diff(string(f.Data), string(got[f.Name])); diff != "" {
						t.Errorf("%s (-want +got):\n%s", f.Name, diff)
					}
				}
			}
		})
	}
}

func stories(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	return files
}

func rewrite(t *testing.T, file string, a *txtar.Archive, got map[string][]byte) {
	t.Helper()
	var files []txtar.File
	for _, f := range a.Files {
		if !isOutput(f.Name) {
			files = append(files, f)
		}
	}
	a.Files = append(files, txtar.File{Name: "short", Data: got["short"]}, txtar.File{Name: "rendered", Data: got["rendered"]})
	if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
		t.Fatal(err)
	}
}

func tell(t *testing.T, a *txtar.Archive) (short, rendered []byte) {
	t.Helper()
	fsys := fstest.MapFS{"rules/shipping.yaml": {}}
	var env []string
	for _, f := range a.Files {
		if f.Name == "env" {
			env = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		} else if !isOutput(f.Name) {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	var r diag.Report
	if c := configs.LoadFS(fsys, "kvitto.yaml", env, &r); (c == nil) != r.Failed() {
		t.Errorf("configuration %v, failed %v", c != nil, r.Failed())
	}
	var s, full bytes.Buffer
	if err := r.Short(&s); err != nil {
		t.Fatal(err)
	}
	if err := r.Render(&full, false); err != nil {
		t.Fatal(err)
	}
	return s.Bytes(), full.Bytes()
}

// TestCodes asks for a story with each code, and for one documented line each.
func TestCodes(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, file := range stories(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	source, err := os.ReadFile("codes.go")
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for _, c := range configs.Codes() {
		if c.Code <= last || c.Meaning == "" {
			t.Errorf("%s after %s: %q", c.Code, last, c.Meaning)
		}
		last = c.Code
		if !strings.Contains(all.String(), "["+c.Code+"]") {
			t.Errorf("no story with %s", c.Code)
		}
		if !strings.Contains(string(source), "| "+c.Code+" | "+c.Meaning) {
			t.Errorf("%s is not in the table of codes.go", c.Code)
		}
	}
}
