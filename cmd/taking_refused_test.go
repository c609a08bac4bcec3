package cmd_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// TestStartWithoutTaking: where orders are to be taken over and none would be, the start fails and says so, since every push
// would be refused without anybody noticing.
func TestStartWithoutTaking(t *testing.T) {
	t.Parallel()
	shop := takingShop(t, "{spool: {dir: var/orders}}")
	edit(t, shop.config, "    sink:", "    capture: {when: {only_class: digital}}\n    sink:") // there is no such class
	var out, errs bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}, Now: time.Now}
	code := p.Run(t.Context(), []string{"serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--config", shop.config})
	if code != 2 || !strings.Contains(errs.String(), "no merchant in mode full can take orders over") || !strings.Contains(errs.String(), "E201") {
		t.Errorf("exit status %d: %s", code, errs.String())
	}
}
