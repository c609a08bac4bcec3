package cmd_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// counted counts the plug-ins of a test that are made ready and closed.
type counted struct{ provisioned, closed atomic.Int32 }

// open is how many are ready and not closed.
func (c *counted) open() int32 { return c.provisioned.Load() - c.closed.Load() }

// facts is a plug-in that takes any configuration and knows no facts.
type facts struct{ *counted }

func (f facts) Configure(*diag.Node, *diag.Report) {}

func (f facts) Provision(context.Context) error { f.provisioned.Add(1); return nil }

func (f facts) Close() error { f.closed.Add(1); return nil }

func (f facts) Facts(context.Context, *rules.Query) (rules.Facts, error) { return rules.Facts{}, nil }

// taxes is a plug-in that wants to tax beside the tables, which no engine allows.
type taxes struct{ facts }

func (taxes) Goods(context.Context, *rules.Query) (g rules.GoodsTax, err error) {
	return g, errors.New("never asked")
}

func (taxes) Freight(context.Context, *rules.Query, string) (f pricing.FreightTax, err error) {
	return f, errors.New("never asked")
}

// plugins are those of these tests: facts and taxes that count, one that cannot be configured, one that cannot be made ready.
func plugins(c *counted) []rules.Plugin {
	return []rules.Plugin{
		{Name: "acme.facts", New: func() any { return facts{c} }},
		{Name: "acme.tax", New: func() any { return taxes{facts{c}} }},
		{Name: "acme.strict", New: func() any { return strict{facts{c}} }},
		{Name: "acme.offline", New: func() any { return offline{facts{c}} }},
	}
}

// strict refuses every configuration.
type strict struct{ facts }

func (strict) Configure(_ *diag.Node, r *diag.Report) {
	r.Errorf(rules.CodePluginConfig, diag.Place{}, "a limit is missing")
}

// offline cannot be made ready.
type offline struct{ facts }

func (o offline) Provision(context.Context) error {
	o.provisioned.Add(1)
	return errors.New("the directory does not answer")
}

// withPlugins is a shop whose configuration names plug-ins.
func withPlugins(t *testing.T, list string) (dir, config string) {
	t.Helper()
	dir, config = shopFolder(t)
	edit(t, config, "[{env: KVITTO_SHOP_TOKEN}]", "[{env: KVITTO_SHOP_TOKEN}], plugins: ["+list+"]")
	return dir, config
}

// runCommand runs a command to its end.
func runCommand(c *counted, args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Now: time.Now, Plugins: plugins(c),
		Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}}
	status = p.Run(context.Background(), args)
	return status, out.String(), err.String()
}

// TestPluginsOfARefusedEngine: plug-ins that were made ready for tables that are then refused are closed, those that serve are not.
func TestPluginsOfARefusedEngine(t *testing.T) {
	_, config := withPlugins(t, "{name: acme.facts}")
	c := new(counted)
	r := startProgram(t, &cmd.Program{Now: time.Now, Plugins: plugins(c)}, "--config", config)
	edit(t, config, "{name: acme.facts}", "{name: acme.facts}, {name: acme.tax}")
	if e := r.await("rules not taken over"); !strings.Contains(e["error"].(string), "second TaxEngine") {
		t.Errorf("%v", e)
	}
	if ready := c.provisioned.Load(); ready != 3 || c.open() != 1 {
		t.Errorf("%d were ready and %d are open, want 3 and the 1 that serves", ready, c.open())
	}
	r.stop()
	if c.open() != 0 {
		t.Errorf("%d are open at the end", c.open())
	}
}

// TestPluginsOfAMovedLine: comments and line breaks in the configuration do not make a plug-in anew, another value does.
func TestPluginsOfAMovedLine(t *testing.T) {
	_, config := withPlugins(t, "{name: acme.facts, config: {limit: [1, 2]}}")
	c := new(counted)
	r := startProgram(t, &cmd.Program{Now: time.Now, Plugins: plugins(c)}, "--config", config)
	for _, step := range []struct {
		name, from, to string
		want           int32
	}{
		{"a line before it", "merchants:", "# who sells\nmerchants:", 1},
		{"a column", "plugins: [", "plugins: [   ", 1},
		{"another value", "limit: [1, 2]", "limit: [1, 3]", 2},
		{"a value less", "limit: [1, 3]", "limit: [1]", 3},
		{"another key", "limit: [1]", "limits: [1]", 4},
		{"no configuration", ", config: {limits: [1]}", "", 5},
		{"a deadline", "{name: acme.facts", "{name: acme.facts, deadline: 50ms", 6},
	} {
		edit(t, config, step.from, step.to)
		r.await("configuration in use")
		if got := c.provisioned.Load(); got != step.want {
			t.Errorf("%s: made ready %d times, want %d", step.name, got, step.want)
		}
	}
	r.stop()
	if c.open() != 0 {
		t.Errorf("%d are open at the end, want those that were replaced closed too", c.open())
	}
}

// TestPluginsOfAFailedStart: what was made ready is closed where the service cannot start after all.
func TestPluginsOfAFailedStart(t *testing.T) {
	_, config := withPlugins(t, "{name: acme.facts}")
	var lc net.ListenConfig
	taken, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }() // the port of a test
	for name, flags := range map[string][]string{
		"public": {"--listen", taken.Addr().String(), "--admin", "127.0.0.1:0"},
		"admin":  {"--listen", "127.0.0.1:0", "--admin", taken.Addr().String()},
	} {
		c := new(counted)
		status, _, said := runCommand(c, append([]string{"serve", "--config", config}, flags...)...)
		if status != 2 || !strings.Contains(said, taken.Addr().String()+" cannot be opened") {
			t.Errorf("%s: status %d, %s", name, status, said)
		}
		if c.provisioned.Load() != 1 || c.open() != 0 {
			t.Errorf("%s: %d were ready, %d are open", name, c.provisioned.Load(), c.open())
		}
	}
}

// TestEveryPluginIsTold: one run of check tells the faults of all plug-ins, and closes those that are fine.
func TestEveryPluginIsTold(t *testing.T) {
	t.Parallel()
	dir, config := withPlugins(t, "{name: acme.strict}, {name: acme.facts}, {name: acme.offline}, {name: acme.nothing}")
	c := new(counted)
	status, _, said := runCommand(c, "check", "--config", config)
	if status != 1 {
		t.Errorf("status %d", status)
	}
	for _, want := range []string{"a limit is missing", "plug-in acme.offline: the directory does not answer", `no plug-in is called "acme.nothing"`} {
		if strings.Count(said, want) != 1 {
			t.Errorf("want %q once in\n%s", want, said)
		}
	}
	if strings.Count(said, "a plug-in cannot be used") != 1 {
		t.Errorf("the sum of it is not said once:\n%s", said)
	}
	if c.open() != 0 {
		t.Errorf("%d are open", c.open())
	}
	if err := os.Remove(filepath.Join(dir, "rules", "tax.yaml")); err != nil {
		t.Fatal(err)
	}
	if status, _, said = runCommand(c, "check", "--config", config); status != 1 || !strings.Contains(said, "tax.yaml") {
		t.Errorf("status %d: %s", status, said)
	}
}

// TestUnreachableMerchantIsTold: a merchant whose tokens end while it serves is told at the next reload.
func TestUnreachableMerchantIsTold(t *testing.T) {
	_, config := shopFolder(t)
	edit(t, config, "{env: KVITTO_SHOP_TOKEN}", "{env: KVITTO_SHOP_TOKEN, until: 2026-11-30}")
	var later atomic.Bool
	now := func() time.Time {
		if later.Load() {
			return time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		}
		return time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)
	}
	r := startProgram(t, &cmd.Program{Now: now, Plugins: cmd.Included()}, "--config", config)
	if status, got := r.post("address-update", body(t)); status != 200 {
		t.Errorf("on its last day: %d %s", status, got)
	}
	later.Store(true)
	if status, _ := r.post("address-update", body(t)); status != 404 {
		t.Errorf("the day after: %d, want 404", status)
	}
	edit(t, config, "merchants:", "# nothing else\nmerchants:")
	if e := r.await("nobody can call this merchant"); e["merchant"] != "shop" || !strings.Contains(e["error"].(string), "has passed its `until`") {
		t.Errorf("%v", e)
	}
}

// TestEveryMerchantBroken: where nobody could be served the service does not start, and says what is wrong.
func TestEveryMerchantBroken(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ list, want string }{
		"a plug-in":          {"{name: acme.strict}", "a limit is missing"},
		"one not made ready": {"{name: acme.offline}", "the directory does not answer"},
		"two tax engines":    {"{name: acme.tax}", "second TaxEngine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, config := withPlugins(t, tt.list)
			c := new(counted)
			status, _, said := runCommand(c, "serve", "--config", config, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
			if status != 2 || !strings.Contains(said, tt.want) || !strings.Contains(said, "no merchant has a rulebook that can be used") {
				t.Errorf("status %d: %s", status, said)
			}
			if c.open() != 0 {
				t.Errorf("%d plug-ins are open", c.open())
			}
		})
	}
}
