package quantitylimit_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

var update = flag.Bool("update", false, "rewrite the code in docs/plug-ins.md")

// root is the folder of go.mod.
const root = "../.."

var (
	quoted   = regexp.MustCompile("(?ms)^<!-- file: (\\S+) -->\n```go\n(.*?)^```$")
	goBlock  = regexp.MustCompile("(?m)^```go$")
	yamlCode = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")
	link     = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	anchor   = regexp.MustCompile(`\]\(#([^)]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestManualIsCompiled: the Go code in the manual is files of this repository, all of it.
// It runs before the parallel tests that read the manual.
func TestManualIsCompiled(t *testing.T) {
	const name = "docs/plug-ins.md"
	manual := read(t, name)
	if *update {
		manual = quoted.ReplaceAllStringFunc(manual, func(block string) string {
			file := quoted.FindStringSubmatch(block)[1]
			return "<!-- file: " + file + " -->\n```go\n" + read(t, file) + "```"
		})
		if err := os.WriteFile(filepath.Join(root, name), []byte(manual), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	blocks := quoted.FindAllStringSubmatch(manual, -1)
	if all := len(goBlock.FindAllString(manual, -1)); len(blocks) != all || all < 2 {
		t.Errorf("%d of %d Go blocks name their file; want all of at least 2", len(blocks), all)
	}
	for _, b := range blocks {
		if diff := cmp.Diff(read(t, b[1]), b[2]); diff != "" {
			t.Errorf("%s differs from %s (run with -update):\n%s", name, b[1], diff)
		}
	}
}

// TestManualConfigures: each configuration in the manuals is one that the plug-in takes.
func TestManualConfigures(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"docs/plug-ins.md", "internal/quantitylimit/README.md"} {
		blocks := yamlCode.FindAllStringSubmatch(read(t, name), -1)
		if len(blocks) == 0 {
			t.Errorf("%s shows no configuration", name)
		}
		for _, b := range blocks {
			rep := new(diag.Report)
			file := diag.Parse(name, []byte(b[1]), rep)
			if rep.Failed() {
				t.Fatalf("%s: %v", name, rep.Findings())
			}
			entry := file.Get("plugins").Items[0]
			if got := entry.Get("name").Text; got != "kvitto.quantity_limit" {
				t.Errorf("%s: name %q", name, got)
			}
			own := b[1][strings.Index(b[1], "    config:\n")+len("    config:\n"):]
			if v, rep := configured(t, unindent(own)); v == nil {
				t.Errorf("%s: %v", name, rep.Findings())
			}
		}
	}
}

// unindent takes the indent of the first line from all lines.
func unindent(text string) string {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	return strings.ReplaceAll("\n"+text, "\n"+indent, "\n")[1:]
}

// TestManualLinks: what the manuals link to is there.
func TestManualLinks(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"docs/plug-ins.md", "internal/quantitylimit/README.md"} {
		text := read(t, name)
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
		known := map[string]bool{}
		for _, h := range heading.FindAllStringSubmatch(text, -1) {
			known[strings.ReplaceAll(strings.ToLower(h[1]), " ", "-")] = true
		}
		for _, m := range anchor.FindAllStringSubmatch(text, -1) {
			if !known[m[1]] {
				t.Errorf("%s has no heading %q", name, m[1])
			}
		}
	}
}
