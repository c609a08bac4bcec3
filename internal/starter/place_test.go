package starter_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/starter"
)

// files are two, one of them in a folder of its own.
func files() []starter.File {
	return []starter.File{{Name: "secrets/token", Text: "t\n", Secret: true}, {Name: "kvitto.yaml", Text: "a: b\n"}}
}

// tree lists what is below a folder.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && name != dir {
			rel, _ := filepath.Rel(dir, name)
			all = append(all, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"empty", "new/and/deep"} {
		to := filepath.Join(dir, name)
		if name == "empty" {
			if err := os.Mkdir(to, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		seen := ""
		err := starter.Place(to, files(), func(stage string) error {
			seen = strings.Join(tree(t, stage), " ")
			return nil
		})
		if err != nil || seen != "kvitto.yaml secrets secrets/token" {
			t.Fatalf("%v, looked at %s", err, seen)
		}
		if got := tree(t, to); !slices.Equal(got, []string{"kvitto.yaml", "secrets", "secrets/token"}) {
			t.Errorf("%v", got)
		}
		info, err := os.Stat(filepath.Join(to, "secrets", "token"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info.Mode(), err)
		}
	}
}

// TestPlaceNothing: where something fails, nothing is left, and what others wrote stays.
func TestPlaceNothing(t *testing.T) {
	t.Parallel()
	fault := errors.New("does not hold")
	for name, test := range map[string]struct {
		before []string
		files  []starter.File
		check  func(stage string) error
		want   string
		after  []string
	}{
		"does not hold": {nil, files(), func(string) error { return fault }, "does not hold", []string{}},
		"not empty":     {[]string{"shop/notes"}, files(), nil, "the folder is not empty (it holds notes)", []string{"shop", "shop/notes"}},
		"not a folder":  {[]string{"shop"}, files(), nil, "this is not a folder", []string{"shop"}},
		"twice":         {nil, append(files(), files()...), nil, "exists", []string{}},
		"came meanwhile": {nil, files(), func(stage string) error {
			return os.WriteFile(filepath.Join(filepath.Dir(stage), "kvitto.yaml"), []byte("mine"), 0o600)
		}, "came into being meanwhile", []string{"shop", "shop/kvitto.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, f := range test.before {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, f)), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, f), []byte("mine"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			check := test.check
			if check == nil {
				check = func(string) error { return nil }
			}
			err := starter.Place(filepath.Join(dir, "shop"), test.files, check)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if got := tree(t, dir); !slices.Equal(got, test.after) && len(got)+len(test.after) > 0 {
				t.Errorf("left %v, want %v", got, test.after)
			}
		})
	}
}

// TestSecrets: each is of its own, long, and only the files that are secret have one.
func TestSecrets(t *testing.T) {
	t.Parallel()
	bits := bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, 50)
	all, err := starter.Service{Mode: starter.ModeFull, Sink: "https://shop.example/orders"}.Files(nil, bytes.NewReader(bits))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, f := range all {
		if !f.Secret {
			continue
		}
		if other, twice := seen[f.Text]; twice || len(f.Text) < 28 {
			t.Errorf("%s is %q, which %s has too or which is short", f.Name, f.Text, other)
		}
		seen[f.Text] = f.Name
	}
	for _, f := range all {
		for secret := range seen {
			if !f.Secret && strings.Contains(f.Text, strings.TrimSpace(secret)) {
				t.Errorf("%s holds a secret", f.Name)
			}
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d secrets", len(seen))
	}
	if _, err := (starter.Service{}).Files(nil, bytes.NewReader(bits[:40])); err == nil {
		t.Error("a secret of too few bits")
	}
	if _, err := (starter.Service{Mode: "half"}).Files(nil, bytes.NewReader(bits)); err == nil {
		t.Error("a mode that is none")
	}
	if _, err := (starter.Service{Sink: "var\"\nx"}).Files(nil, bytes.NewReader(bits)); err == nil {
		t.Error("a sink that would break the file")
	}
}
