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

// TestCaptureSaysThatItAcknowledges: a capture by hand stops the pushes too, and in mode full its question says so; in mode
// pricing there is nobody to be told.
func TestCaptureSaysThatItAcknowledges(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	shop.add(t, fakeprovider.Completion{NoPush: true})
	pricing := shop.variant(t, "pricing.yaml", "mode: full", "mode: pricing")
	for mode, config := range map[string]string{"full": shop.config, "pricing": pricing} {
		var out, errs bytes.Buffer
		p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}, Now: time.Now}
		code := p.Run(t.Context(), []string{"management", "captures", "create", confirmedID, "--remaining", "--config", config})
		if s, _ := shop.provider.Standing(confirmedID); code != 2 || s.Acknowledged {
			t.Errorf("%s: exit status %d, acknowledged %v: %s%s", mode, code, s.Acknowledged, &out, &errs)
		}
		const want = "and acknowledge the order, so that it is pushed no more whether the shop has it or not: order " + confirmedID
		if got := strings.Contains(errs.String(), want); got != (mode == "full") {
			t.Errorf("%s: asked\n%s\nwant it to name the acknowledgement: %v", mode, &errs, mode == "full")
		}
	}
}
