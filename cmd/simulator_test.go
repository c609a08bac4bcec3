package cmd_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// simulate runs `kvitto simulator …`.
func simulate(ctx context.Context, args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now, Plugins: cmd.Included()}
	status = p.Run(ctx, append([]string{"simulator"}, args...))
	return status, out.String(), errs.String()
}

// TestScenarios plays the project's end-to-end tests: a folder a rulebook, that of the demo shop or an example.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../internal/simulator/testdata/scenarios/*/*.scenario.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		book := filepath.Base(filepath.Dir(file))
		t.Run(book+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			world := []string{"--rules", "../configs/examples/" + book}
			if book == "demo" {
				world = []string{"--demo"}
			}
			if config := filepath.Join(filepath.Dir(file), "kvitto.yaml"); exists(config) {
				world = []string{"--config", config}
			}
			if status, out, errs := simulate(t.Context(), append(append([]string{"run"}, world...), file)...); status != 0 {
				t.Errorf("exit status %d\n%s%s", status, out, errs)
			}
		})
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
