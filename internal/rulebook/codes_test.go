package rulebook_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/importer"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/pricing/tax"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

var update = flag.Bool("update", false, "rewrite docs/findings.md")

// codeLists are the codes of each room as it lists them.
func codeLists() map[string][]diag.CodeInfo {
	lists := map[string][]diag.CodeInfo{
		"configs":         configs.Codes(),
		"importer":        importer.Codes(),
		"internal/lint":   lint.Codes(),
		"rules":           rules.Codes(),
		"rules/checks":    checks.Codes(),
		"rules/diag":      diag.Codes(),
		"rules/rulestest": rulestest.Codes(),
		"rulebook":        rulebook.Codes(),
		"shipping":        shipping.Codes(),
	}
	for room, codes := range map[string][]table.Code{
		"pricing/tax": tax.Codes(), "rules/table": table.Codes(), "rules/table, zones": table.ZoneCodes(),
	} {
		for _, c := range codes {
			lists[room] = append(lists[room], diag.CodeInfo(c))
		}
	}
	return lists
}

// TestCodesAreUnique: a code has one meaning, in whatever room it is told. A room that shares the code of another says the
// same or, better, does not list it.
func TestCodesAreUnique(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[CEW][0-9]{3}$`)
	type entry struct{ room, meaning string }
	seen := map[string]entry{}
	lists := codeLists()
	for _, room := range slices.Sorted(maps.Keys(lists)) {
		here := map[string]bool{}
		for _, c := range lists[room] {
			if !form.MatchString(c.Code) || c.Meaning == "" || here[c.Code] {
				t.Errorf("%s: %s %q: not a code, without a meaning, or listed twice", room, c.Code, c.Meaning)
			}
			here[c.Code] = true
			if first, ok := seen[c.Code]; ok && first.meaning != c.Meaning {
				t.Errorf("%s is %q in %s and %q in %s", c.Code, first.meaning, first.room, c.Meaning, room)
			}
			seen[c.Code] = entry{room, c.Meaning}
		}
	}
}

// TestCodesAreListed: each code that the program can tell is in a list, and has a failing fixture and one line in the manual.
func TestCodesAreListed(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, list := range codeLists() {
		for _, c := range list {
			listed[c.Code] = true
		}
	}
	repo := os.DirFS("../..")
	told := codesInSource(t, repo)
	fixtures := textOf(t, repo, isFixture)
	manual := textOf(t, repo, func(path string) bool { return strings.HasPrefix(path, "docs/") })
	for _, code := range slices.Sorted(maps.Keys(told)) {
		if !listed[code] {
			t.Errorf("%s is told by %s and in no list of codes", code, told[code])
		}
	}
	for _, code := range slices.Sorted(maps.Keys(listed)) {
		if told[code] == "" {
			t.Errorf("%s is listed and never told", code)
		}
		if !strings.Contains(fixtures, code) {
			t.Errorf("%s has no failing fixture", code)
		}
		if n := strings.Count(manual, "\n| "+code+" |"); n != 1 {
			t.Errorf("%s has %d lines in docs, want 1: a row `| %s | … |`", code, n, code)
		}
	}
}

// TestCodesHavePages: each code has a page of its own, which begins with what the code means and goes on with an example, the
// remedy and what it costs; no page is left over.
func TestCodesHavePages(t *testing.T) {
	t.Parallel()
	meaning := map[string]string{}
	for _, list := range codeLists() {
		for _, c := range list {
			meaning[c.Code] = c.Meaning
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(meaning)), lint.PageCodes()); diff != "" {
		t.Errorf("internal/lint/pages (-codes +pages):\n%s", diff)
	}
	for code, want := range meaning {
		text, _ := lint.Page(code)
		if lint.Meaning(code) != want {
			t.Errorf("%s: the page says %q, the list %q", code, lint.Meaning(code), want)
		}
		at := 0
		for _, part := range []string{"\n\nWrong:\n\n    ", "\n\nRight:\n\n    ", "\n\nWhat it costs: "} {
			i := strings.Index(text[at:], part)
			if i < 0 {
				t.Errorf("%s: the page lacks %q behind the part before", code, part)
				break
			}
			at += i + len(part)
		}
	}
}

// TestFindingsPage: docs/findings.md lists the codes that no other page does.
func TestFindingsPage(t *testing.T) {
	t.Parallel()
	const page, begin = "docs/findings.md", "<!-- codes: go test ./internal/rulebook -run Findings -update -->\n"
	repo := os.DirFS("../..")
	others := textOf(t, repo, func(path string) bool { return strings.HasPrefix(path, "docs/") && path != page })
	meaning := map[string]string{}
	for _, list := range codeLists() {
		for _, c := range list {
			meaning[c.Code] = c.Meaning
		}
	}
	var want strings.Builder
	want.WriteString("| Code | Meaning |\n|--|--|\n")
	for _, code := range slices.Sorted(maps.Keys(meaning)) {
		if !strings.Contains(others, "\n| "+code+" |") {
			fmt.Fprintf(&want, "| %s | %s |\n", code, meaning[code])
		}
	}
	head, got, ok := strings.Cut(textOf(t, repo, func(path string) bool { return path == page }), begin)
	if !ok {
		t.Fatalf("%s has no line %s", page, begin)
	}
	if *update {
		if err := os.WriteFile("../../"+page, []byte(head+begin+want.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), got); diff != "" {
		t.Errorf("run go test ./internal/rulebook -run Findings -update (-want +got):\n%s", diff)
	}
}

func isFixture(path string) bool {
	return strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "codes_test.go") || strings.Contains(path, "/testdata/")
}

// textOf joins the files of a repository that want wants.
func textOf(t *testing.T, repo fs.FS, want func(path string) bool) string {
	t.Helper()
	var all strings.Builder
	walk(t, repo, func(path string) {
		if !want(path) {
			return
		}
		data, err := fs.ReadFile(repo, path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	})
	return all.String()
}

func walk(t *testing.T, repo fs.FS, visit func(path string)) {
	t.Helper()
	err := fs.WalkDir(repo, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.IsDir():
			visit(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// codesInSource finds the codes that are written as strings outside of the lists; the value is the first place.
func codesInSource(t *testing.T, repo fs.FS) map[string]string {
	t.Helper()
	form := regexp.MustCompile(`^[CEW][0-9]{3}$`)
	told := map[string]string{}
	walk(t, repo, func(path string) {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return
		}
		src, err := fs.ReadFile(repo, path)
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok && strings.HasSuffix(f.Name.Name, "Codes") {
				return false
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if code, err := strconv.Unquote(lit.Value); err == nil && form.MatchString(code) && told[code] == "" {
					told[code] = fmt.Sprintf("%s:%d", path, fset.Position(lit.Pos()).Line)
				}
			}
			return true
		})
	})
	return told
}
