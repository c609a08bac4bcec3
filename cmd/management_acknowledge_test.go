package cmd_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// TestAcknowledgeAsksInModeFull: an order that Kvitto has yet to hand over is not acknowledged by a command that nobody
// confirmed, since it would never be pushed again.
func TestAcknowledgeAsksInModeFull(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	for _, tt := range []struct {
		more []string
		code int
		want bool
	}{{nil, 2, false}, {[]string{"--yes"}, 0, true}} {
		var out, errs bytes.Buffer
		p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}, Now: time.Now}
		code := p.Run(t.Context(), append([]string{"management", "acknowledge", confirmedID, "--config", shop.config}, tt.more...))
		if s, _ := shop.provider.Standing(confirmedID); code != tt.code || s.Acknowledged != tt.want {
			t.Errorf("%v: exit status %d, acknowledged %v: %s%s", tt.more, code, s.Acknowledged, &out, &errs)
		}
	}
}
