package configs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

const canary = "canary-0123456789-abcdefghijklmnop-QRSTUVWXYZ-4711"

// everyWay writes a value in each way that a log or a dump may choose.
func everyWay(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&b, verb+"\n", v)
	}
	fmt.Fprintln(&b, v)
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	slog.New(slog.NewTextHandler(&b, nil)).Info("text", "v", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("json", "v", v)
	return b.String()
}

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	s := configs.NewSecret(canary)
	holder := struct {
		S configs.Secret
		P *configs.Secret
		L []configs.Secret
		M map[string]configs.Secret
	}{s, &s, []configs.Secret{s}, map[string]configs.Secret{"k": s}}
	for _, v := range []any{s, &s, holder, &holder} {
		out := everyWay(t, v)
		if strings.Contains(out, "canary") || strings.Contains(out, fmt.Sprintf("%x", "canary")) {
			t.Errorf("%T shows the secret:\n%s", v, out)
		}
		if !strings.Contains(out, "***") {
			t.Errorf("%T does not say that something is hidden:\n%s", v, out)
		}
	}
	if s.Reveal() != canary || s.String() != "***" || s.GoString() != "***" {
		t.Error("a secret that cannot be used")
	}
	if text, err := s.MarshalText(); err != nil || string(text) != "***" {
		t.Errorf("%s %v", text, err)
	}
}

// TestCanaries puts a canary wherever a secret may come from, and wherever one may be written by mistake, and looks for it
// in all that is told.
func TestCanaries(t *testing.T) {
	t.Parallel()
	good := "store: {redis: {addrs: [\"127.0.0.1:1\"], password: {env: SECRET}}}\nconfirm: {seal: [{env: SECRET}]}\nadmin_token: {env: SECRET}\nmerchants:\n" +
		"  - id: a\n    rules: rules\n    tokens: [{env: SECRET}]\n    shop_check: {url: https://shop.example, secret_file: secret}\n" +
		"    provider: {base_url: https://api.example, credentials: {raw_file: secret}}\n    sink: {webhook: {url: https://shop.example, secrets: [{env: SECRET}]}}\n" +
		"    webhook: {secrets: [{file: secret}], unconfirmed: accepted}\n    mode: full\n"
	env := []string{"SECRET=" + canary}
	files := tree(good, map[string]string{"secret": canary})
	var r diag.Report
	c := configs.LoadFS(files, "kvitto.yaml", env, &r)
	if c == nil {
		findings(t, &r)
		t.Fatal("not loaded")
	}
	if out := everyWay(t, c); strings.Contains(out, "canary") {
		t.Errorf("the configuration shows a secret:\n…%s", out[max(0, strings.Index(out, "canary")-300):])
	}
	line := "\nmerchants:\n  - id: a\n    rules: rules\n    tokens: [%s]\n"
	for _, bad := range []string{
		"X", "{env: X}", "{file: X}", "{sha256: X}", "{token: X}", "{X: 1}", "[X]", "{env: [X]}", "{env: {a: X}}", `"X"`,
		"{env: SECRET, value: X}", "{env: SECRET, until: 1, X: }",
	} {
		leak(t, fmt.Sprintf(line, strings.ReplaceAll(bad, "X", canary)), env)
	}
	leak(t, "admin_token: "+canary+fmt.Sprintf(line, "{env: SECRET}"), env)
	leak(t, "admin_token: |\n  "+canary+fmt.Sprintf(line, "{env: SECRET}"), env)
	leak(t, fmt.Sprintf(line, "{env: SECRET}")+"    validation: {deny_url: \"https://user:"+canary+"@shop.example\"}\n", env)
	leak(t, fmt.Sprintf(line, "{env: SECRET}")+"    validation: {deny_url: \"https://user:"+canary+"%zz@shop.example\"}\n", env)
	leak(t, fmt.Sprintf(line, "{env: WEAK}"), append(env, "WEAK="+canary+"!"))
	for _, bad := range []string{"X", "{env: X}", "{file: X}", "{key: X}", "[X]", "{env: SECRET, value: X}"} {
		bad = strings.ReplaceAll(bad, "X", canary)
		leak(t, "confirm: {seal: ["+bad+"]}"+fmt.Sprintf(line, "{env: SECRET}"), env)
		leak(t, fmt.Sprintf(line, "{env: SECRET}")+"    webhook: {secrets: ["+bad+"], unconfirmed: accepted}\n", env)
		leak(t, fmt.Sprintf(line, "{env: SECRET}")+"    sink: {webhook: {url: https://shop.example, secrets: ["+bad+"]}}\n", env)
	}
	leak(t, "confirm: {seal: [{env: DULL}]}"+fmt.Sprintf(line, "{env: SECRET}"), append(env, "DULL="+canary[:20]))
}

func leak(t *testing.T, config string, env []string) {
	t.Helper()
	var r diag.Report
	if configs.LoadFS(tree(config, nil), "kvitto.yaml", env, &r) != nil {
		t.Errorf("taken:\n%s", config)
	}
	var out bytes.Buffer
	for _, write := range []func() error{
		func() error { return r.Render(&out, true) }, func() error { return r.Short(&out) }, func() error { return r.JSON(&out) },
	} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(out.String(), "canary") {
		t.Errorf("%s\nshows the secret:\n%s", config, out.String())
	}
}
