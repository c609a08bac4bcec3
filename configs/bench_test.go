package configs_test

import (
	"testing"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

func BenchmarkLoad(b *testing.B) {
	fsys := tree(everything, everythingFiles())
	env := []string{"TOKEN=" + goodToken, "REDIS=canary", "KVITTO_LOG_LEVEL=warn"}
	b.ReportAllocs()
	for b.Loop() {
		var r diag.Report
		if configs.LoadFS(fsys, "kvitto.yaml", env, &r) == nil {
			b.Fatal("not loaded")
		}
	}
}
