package rulebook_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// withProducts reads a list beside the README's rulebook, whose tax.yaml has the class books.
func withProducts(t *testing.T, b *rulebook.Rulebook, text string) (*rulebook.Rulebook, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "products.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := new(diag.Report)
	full := b.WithProducts(file, r)
	var s strings.Builder
	if err := r.Short(&s); err != nil {
		t.Fatal(err)
	}
	return full, s.String()
}

// TestWithProducts: the list is part of what the rulebook is, and of its revision; the rulebook itself stays as it was.
func TestWithProducts(t *testing.T) {
	t.Parallel()
	b, told := load(t, folder(t))
	if b == nil {
		t.Fatal(told)
	}
	plain := b.Revision
	full, told := withProducts(t, b, "sku,weight,class\nA,1 kg,books\n")
	if full == nil {
		t.Fatal(told)
	}
	if len(full.Products) != 1 || full.Revision == plain || len(full.Revision) != 12 || b.Revision != plain || b.Products != nil {
		t.Errorf("got %d products, revision %s beside %s", len(full.Products), full.Revision, plain)
	}
	same, _ := withProducts(t, b, "sku,weight,class\nA,1 kg,books\n")
	other, _ := withProducts(t, b, "sku,weight,class\nA,2 kg,books\n")
	if same.Revision != full.Revision || other.Revision == full.Revision {
		t.Errorf("revisions %s, %s, %s", full.Revision, same.Revision, other.Revision)
	}
}

// TestWithProductsFaults: a list with a fault is none, wherever it is.
func TestWithProductsFaults(t *testing.T) {
	t.Parallel()
	b, told := load(t, folder(t))
	if b == nil {
		t.Fatal(told)
	}
	if full, told := withProducts(t, b, "sku,class\nA,boks\n"); full != nil || told != "products.csv:2:3: there is no class `boks` [E201]\n" {
		t.Errorf("told %s", told)
	}
	r := new(diag.Report)
	if full := b.WithProducts(filepath.Join(t.TempDir(), "gone", "products.csv"), r); full != nil || !r.Failed() {
		t.Error("a list in a folder that is not there was read")
	}
	dir := t.TempDir()
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "products.csv")); err != nil {
		t.Skip("no links here")
	}
	r = new(diag.Report)
	if full := b.WithProducts(filepath.Join(dir, "products.csv"), r); full != nil || r.Findings()[0].Code != diag.CodeOutside {
		t.Errorf("told %+v", r.Findings())
	}
}
