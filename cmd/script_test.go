package cmd_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the command line as a person at a terminal does: testdata/script/*.txtar. Each script finds the samples
// in $CONFIGS and a fake provider at $PROVIDER.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("CONFIGS", filepath.Join(env.WorkDir, "configs"))
			env.Setenv("TOKEN", shopToken)
			env.Setenv("PROVIDER", startProvider(env.T().Fatal, env.Defer))
			return os.CopyFS(filepath.Join(env.WorkDir, "configs"), os.DirFS("../configs"))
		},
	})
}
