package cmd_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

// docs are the documents whose commands and samples must hold.
func docs(t *testing.T) []string {
	t.Helper()
	found := []string{"../README.md"}
	err := filepath.WalkDir("../docs", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// block is a fenced block of a document with the comment right above it. The kinds of the guide to the tables are told in
// docs_guide_test.go.
type block struct {
	comment    string // e.g. "file: configs/x.yaml", "run", "output", "not run here: why"
	lang, text string
	from, to   int // offsets of text
	line       int
}

var fence = regexp.MustCompile("(?ms)^(?:<!-- ([^\n]*?) -->\n)?```([^`\n]*)\n(.*?)^```$")

func blocks(doc string) []block {
	var out []block
	for _, m := range fence.FindAllStringSubmatchIndex(doc, -1) {
		b := block{lang: doc[m[4]:m[5]], text: doc[m[6]:m[7]], from: m[6], to: m[7], line: 1 + strings.Count(doc[:m[6]], "\n")}
		if m[2] >= 0 {
			b.comment = doc[m[2]:m[3]]
		}
		out = append(out, b)
	}
	return out
}

// TestDocsSamples demands that each block with a file comment is that file, that each command is run or says why not, and
// that what a command prints is what the document shows. -update rewrites the blocks.
func TestDocsSamples(t *testing.T) {
	for _, name := range docs(t) {
		t.Run(strings.TrimPrefix(filepath.ToSlash(name), "../"), func(t *testing.T) {
			guide := strings.HasPrefix(filepath.ToSlash(name), guideDir)
			if guide {
				t.Parallel()
			}
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			doc := string(raw)
			shell := newShell(t)
			switch filepath.Base(name) {
			case "order-management.md":
				shell.askProvider(t)
			case "publishing.md":
				shell.publishTo(t)
			case "explain.md":
				shell.explainDecisions(t)
			case "orders.md":
				shell.lookAfterOrders(t)
			}
			if guide {
				shell.seedGuide(t)
			}
			var out string
			edit := &editor{doc: doc}
			for _, b := range blocks(doc) {
				want, checked := b.text, true
				switch kind, rest, _ := strings.Cut(b.comment, ": "); {
				case kind == "file":
					want = readRepo(t, rest)
				case kind == "run", kind == "run, fails":
					out = shell.run(t, b, kind != "run")
					checked = false
				case kind == "write", kind == "change":
					shell.edit(t, kind, rest, b)
					checked = false
				case strings.HasPrefix(kind, "mistake"):
					out = shell.mistake(t, kind, rest, b)
					checked = false
				case kind == "output", kind == "told":
					want = out
				case b.lang == "sh" && kind != "not run here":
					t.Errorf("%s:%d: a command that is neither run nor says why not", name, b.line)
					checked = false
				default:
					checked = false
				}
				if checked && want != b.text {
					edit.replace(b, want)
					if !*update {
						t.Errorf("%s:%d: the block is not what it shows (%s); rewrite it with -update\ngot:\n%s\nwant:\n%s", name, b.line, b.comment, b.text, want)
					}
				}
			}
			if *update && edit.changed {
				if err := os.WriteFile(name, []byte(edit.result()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func readRepo(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// editor replaces blocks of a document, in order.
type editor struct {
	doc     string
	out     strings.Builder
	at      int
	changed bool
}

func (e *editor) replace(b block, text string) {
	e.out.WriteString(e.doc[e.at:b.from])
	e.out.WriteString(text)
	e.at, e.changed = b.to, true
}

func (e *editor) result() string { return e.out.String() + e.doc[e.at:] }

// shell runs a document's commands one after the other in a copy of the samples, with kvitto on the path.
type shell struct {
	dir, path string
	env       []string
}

// askProvider has the commands of a document ask a fake provider, whatever address its configuration names.
func (s *shell) askProvider(t *testing.T) {
	t.Helper()
	s.env = append(s.env, "KVITTO_MERCHANTS_0_PROVIDER_BASE_URL="+startProvider(t.Fatal, t.Cleanup), "KVITTO_SHOP_TOKEN="+shopToken,
		"KUSTOM_USER=M123_abc", "KUSTOM_PASSWORD=s3cr3t")
}

func newShell(t *testing.T) *shell {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "configs"), os.DirFS("../configs")); err != nil {
		t.Fatal(err)
	}
	return &shell{dir: dir, path: filepath.Dir(binary(t))}
}

// run runs the commands of a block, which have to succeed, or the last of them to fail.
func (s *shell) run(t *testing.T, b block, fails bool) string {
	t.Helper()
	c := exec.Command("bash", "-euo", "pipefail", "-c", b.text)
	c.Dir = s.dir
	c.Env = append(append(os.Environ(), s.env...), "PATH="+s.path+string(os.PathListSeparator)+os.Getenv("PATH"))
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Run(); (err != nil) != fails {
		t.Errorf("line %d: %v, want a failure: %t\n%s\n%s", b.line, err, fails, b.text, &out)
	}
	return out.String()
}

// built is the program as a file, for tests that look at it from outside.
var built struct {
	once sync.Once
	dir  string
	path string
	err  error
}

// binary builds the program once for all tests of this package.
func binary(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		dir, err := os.MkdirTemp("", "kvitto-cmd-") //nolint:usetesting // it outlives the test that builds it
		if err != nil {
			built.err = err
			return
		}
		built.dir = dir
		built.path = filepath.Join(dir, "kvitto")
		out, err := exec.Command("go", "build", "-o", built.path, "./kvitto").CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("%w: %s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}
