//go:build unix

package rulebook_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kvitto/kvitto/rules/diag"
)

// TestRow98 puts what is no ordinary file inside the folder into the place of each file of a rulebook.
func TestRow98(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "outside.yaml")
	if err := os.WriteFile(outside, []byte(soundShop), 0o600); err != nil {
		t.Fatal(err)
	}
	kinds := []struct {
		name, code string
		put        func(path string) error
	}{
		{"row 98: symlink out of the folder", "E012", func(path string) error { return os.Symlink(outside, path) }},
		{"row 98: device", "E012", func(path string) error { return os.Symlink("/dev/zero", path) }},
		{"row 98: FIFO", "E011", func(path string) error { return syscall.Mkfifo(path, 0o600) }},
		{"row 98: folder", "E011", func(path string) error { return os.Mkdir(path, 0o700) }},
	}
	for _, kind := range kinds {
		for _, file := range []string{"shipping.yaml", "tax.yaml", "more.yaml", "zones.csv", "prices.csv", "stores.csv"} {
			t.Run(kind.name+": "+file, func(t *testing.T) {
				t.Parallel()
				if got := strange(t, file, kind.put); !strings.HasSuffix(got, " "+kind.code) {
					t.Errorf("got %q, want %s", got, kind.code)
				}
			})
		}
	}
}

// strange loads a rulebook in which one file is put by put, and returns the first finding.
func strange(t *testing.T, file string, put func(path string) error) string {
	t.Helper()
	dir := t.TempDir()
	shop := strings.Replace(soundShop, "version: 1\n", "version: 1\ninclude: [more.yaml]\nzone_files: [zones.csv]\n", 1) +
		"  - {id: butik, name: Butik, price: {csv: prices.csv}, pickup_points: {csv: stores.csv}}\n"
	for name, text := range map[string]string{"shipping.yaml": shop, "tax.yaml": soundTax, "more.yaml": "x-note: empty\n",
		"zones.csv": "country,from,zone\nSE,11*,city\n", "prices.csv": "max_weight,city\n1 kg,5.00\n", "stores.csv": "id,name\na,A\n"} {
		var err error
		if path := filepath.Join(dir, name); name == file {
			err = put(path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var r diag.Report
	if loadDir(dir, &r) != nil {
		t.Error("the rulebook is used")
	}
	return firstOf(&r)
}
