package cmd_test

import (
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// publishTo has the commands of a document publish to a running shop. Its clock stands still.
func (s *shell) publishTo(t *testing.T) {
	t.Helper()
	shop := publishingShop(t)
	now := func() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }
	r := startProgram(t, &cmd.Program{Now: now, Plugins: cmd.Included()}, "--config", shop.config)
	s.env = append(s.env, "KVITTO_PERSON_TOKEN="+annaToken, "SERVICE="+r.admin)
}
