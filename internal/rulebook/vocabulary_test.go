package rulebook_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/table"
)

const wordPages = "../../docs/tables/words/"

// TestWordsHavePages: each condition word has a page, and each page a word.
func TestWordsHavePages(t *testing.T) {
	t.Parallel()
	words := (&table.Scope{Extra: table.FeeWords}).WordNames()
	files, err := filepath.Glob(wordPages + "*.md")
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, file := range files {
		pages = append(pages, strings.TrimSuffix(filepath.Base(file), ".md"))
	}
	slices.Sort(words)
	slices.Sort(pages)
	if diff := cmp.Diff(words, pages); diff != "" {
		t.Errorf("docs/tables/words (-words +pages):\n%s", diff)
	}
}

// TestWordPagesAreWhole: each page says all that a reader asks about a word, shows an example that is run, and a mistake with
// what is told about it; the list of all words leads to it.
func TestWordPagesAreWhole(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("../../docs/tables/conditions.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range (&table.Scope{Extra: table.FeeWords}).WordNames() {
		page, err := os.ReadFile(wordPages + word + ".md")
		if err != nil {
			t.Error(err)
			continue
		}
		at := 0
		for _, part := range []string{
			"# `" + word + "`\n\n", "\n| Asks | ", "\n| Unit | ", "\n| At the border | ", "\n| May stand in | ", "\n| Not known | ",
			"\n## Example\n", "<!-- write: shop/", "kvitto rules explain shop", "<!-- output -->", "\n## Common mistakes\n", "<!-- told -->",
		} {
			i := strings.Index(string(page)[at:], part)
			if i < 0 {
				t.Errorf("%s.md lacks %q behind the part before", word, part)
				break
			}
			at += i
		}
		if !strings.Contains(string(list), "](words/"+word+".md)") {
			t.Errorf("docs/tables/conditions.md does not lead to words/%s.md", word)
		}
	}
}
