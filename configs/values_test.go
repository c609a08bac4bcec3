package configs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// codesOf loads a smallest configuration with more lines at its top and in its merchant.
func codesOf(top, merchant string) string {
	var r diag.Report
	text := top + "\nmerchants:\n  - id: demo\n    rules: rules\n    tokens: [{env: TOKEN}]\n"
	if merchant != "" {
		text += "    " + merchant + "\n"
	}
	configs.LoadFS(tree(text, nil), "kvitto.yaml", []string{"TOKEN=" + goodToken}, &r)
	var out []string
	for _, f := range r.Findings() {
		out = append(out, f.Code)
	}
	return strings.Join(out, " ")
}

// TestValues tries each kind of value at its edges.
func TestValues(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		format string // of a line at the top, or after two spaces in the merchant
		code   string // of the bad ones
		good   []string
		bad    []string
	}{
		{"listen: %s", configs.CodeAddress,
			[]string{"127.0.0.1:8080", `":80"`, `"[::1]:0"`, "localhost:65535", "a-b.example:1"},
			[]string{"8080", `"::1:80"`, "a:b", "a:65536", "a:-1", "a:080", "a_b:80", "-a:80", `"a b:80"`, `""`}},
		{"limits: {body: %s}", configs.CodeSize,
			[]string{"64KiB", "65536B", "64 MiB"},
			[]string{"64", "1.5MiB", "64kb", "-1MiB", "MiB", `""`, "1 M iB"}},
		{"limits: {body: %s}", configs.CodeBounds, []string{"1MiB"}, []string{"63KiB", "65MiB", "999999999GiB", "0B"}},
		{"confirm: {poll: %s}", configs.CodeDuration, []string{"100ms", "1m", "1.5s"}, []string{"1", "s", "1 s", "1d", "eins", `""`}},
		{"confirm: {poll: %s}", configs.CodeBounds, []string{"60s"}, []string{"99ms", "61s", "-1s", "0s"}},
		{"trusted_proxies: [\"%s\"]", configs.CodeNetwork,
			[]string{"10.0.0.0/8", "::1", "fd00::/8", "192.0.2.1"},
			[]string{"10.0.0.0/33", "10.0.0.1/8", "0.0.0.0/0", "::/0", "proxy", "fe80::1%eth0", "10.0.0"}},
		{"texts: {fault: {%s: Fel}}", configs.CodeLanguage, []string{"sv", "nb", "no", "pl"}, []string{"SV", "sv-SE", "swe", "xx1", "q"}},
		{"  id2: %s", diag.CodeUnknownKey, nil, []string{"x"}},
		{"  validation: {deny_url: \"%s\"}", configs.CodeURL,
			[]string{"https://a.example", "https://a.example:8443/p?q=1", ""},
			[]string{"http://a.example", "http://localhost", "//a.example", "/p", "https://", "https:///p", "https:a", "ftp://a", "https://a/#f", "https://a/#", "https://a/å", "https://a/ b", "https://%zz"}},
		{"  validation: {deny_url: \"%s\"}", configs.CodeInClear, nil, []string{"https://u@a", "https://u:p@a"}},
		{"  shop_check: {secret_env: TOKEN, url: \"%s\"}", configs.CodeURL,
			[]string{"http://127.0.0.1:1/x", "http://[::1]", "http://localhost:8000", "https://a"}, []string{"http://10.0.0.1", "http://a", "http://localhost.example"}},
		{"  country_change: {%s: {redirect: \"https://a\"}}", configs.CodeCountry, []string{"SE", `"NO"`, "GB"}, []string{"se", "UK", "EU", "ZZ", "SWE", "001", `""`}},
		{"  facts: {group: \"%s\"}", configs.CodePointer, []string{"/a", "/a/0/~0~1", "/"}, []string{"a", "", "/~2", "/a~"}},
		{"  validation: {require_option: %s}", configs.CodeNumber, []string{"yes", "no", "true", "false"}, []string{"Yes", "1", "on"}},
		{"  order_id_parameters: [%s]", configs.CodeName, []string{"klarna_order_id", "a.b-c"}, []string{`"a b"`, `"a&b"`, `""`, "é"}},
		{"  plugins: [{name: %s}]", configs.CodeName, []string{"acme.age_limit", "a"}, []string{"Acme", "a.", ".a", "a-b", `""`}},
		{"texts: {fault: {sv: \"%s\"}}", configs.CodeEmptyText, []string{"x", strings.Repeat("å", 1000)}, []string{"", strings.Repeat("å", 1001)}},
		{"  validation: {deny_url: \"%s\"}", configs.CodeURL,
			[]string{"https://a/" + strings.Repeat("x", 1990)}, []string{"https://a/" + strings.Repeat("x", 1991), "https://" + strings.Repeat("a", 254)}},
		{"store: {redis: {addrs: [\"a:1\"], database: %s}}", configs.CodeNumber, []string{"0", "15"}, []string{"one", "1.0", `""`}},
		{"store: {file: %s}", configs.CodePath, []string{"a/b.db"}, []string{`""`}},
		{"confirm: {backoff: %s}", configs.CodeBounds,
			[]string{"[1s]", "[1s, 1s, 24h]", "[" + strings.TrimSuffix(strings.Repeat("1s, ", 20), ", ") + "]"},
			[]string{"[]", "[2s, 1s]", "[99ms]", "[1s, 25h]", "[" + strings.Repeat("1s, ", 21) + "]"}},
		{"confirm: {backoff: %s}", configs.CodeDuration, nil, []string{"[1s, soon]", "[soon, 1s]"}},
		{"confirm: {backoff: %s}", diag.CodeShape, nil, []string{"1s", "{a: 1s}"}},
		{"  order_id_parameters: %s", configs.CodeNeeds, []string{"[a]"}, []string{"[]"}},
		{"  shop_check: {url: \"https://a\", %s}", configs.CodeReference, []string{"secret_env: TOKEN"}, []string{"secret_env: TOKEN, secret_file: a"}},
		{"  shop_check: {url: \"https://a\", secret_env: TOKEN, %s}", configs.CodeBounds, []string{"deadline: 50ms"}, []string{"deadline: 49ms", "deadline: 1h"}},
		{"  shop_check: {url: \"https://a\", %s}", diag.CodeMissingKey, nil, []string{"on_fault: deny"}},
		{"  facts: {%s}", diag.CodeUnknownKey, []string{"x-mine: no pointer", "coupon: /a"}, []string{"tag: /a"}},
		{"  plugins: [{name: a, on_fault: %s}]", configs.CodeWord, []string{"deny", "skip"}, []string{"approve"}},
		{"  plugins: [{name: a}, {name: %s}]", configs.CodeDuplicate, []string{"b"}, []string{"a"}},
		{"admin_token: {env: %s}", configs.CodeSecret, nil, []string{"NONE"}},
		{"admin_token: {env: %s}", configs.CodeShared, nil, []string{"TOKEN"}},
		{"log: {level: %s}", configs.CodeWord, []string{"debug", "info", "warn", "error"}, []string{"trace", "INFO"}},
		{"  tokens2: {until: %s}", diag.CodeUnknownKey, nil, []string{"2027-01-01"}},
	} {
		line, inside := strings.CutPrefix(tc.format, "  ")
		check := func(value, want string) {
			text := fmt.Sprintf(line, value)
			got := ""
			if inside {
				got = codesOf("", text)
			} else {
				got = codesOf(text, "")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n%s", text, diff)
			}
		}
		for _, v := range tc.good {
			check(v, "")
		}
		for _, v := range tc.bad {
			check(v, tc.code)
		}
	}
}

func TestMerchantIDs(t *testing.T) {
	t.Parallel()
	for id, good := range map[string]bool{
		"a": true, "0": true, "shop-1": true, strings.Repeat("a", 63): true, "a-": true,
		"-a": false, "A": false, "a_b": false, "a.b": false, "å": false, strings.Repeat("a", 64): false, `""`: false, `"a b"`: false, "../x": false,
	} {
		var r diag.Report
		text := "merchants: [{id: " + id + ", rules: rules, tokens: [{env: TOKEN}]}]"
		if got := configs.LoadFS(tree(text, nil), "kvitto.yaml", []string{"TOKEN=" + goodToken}, &r) != nil; got != good {
			t.Errorf("%q: %v", id, got)
		}
	}
}

func TestTokenStrength(t *testing.T) {
	t.Parallel()
	for token, good := range map[string]bool{
		goodToken:                       true,
		strings.ToUpper(goodToken):      true,
		goodToken[:63]:                  false, // 252 bits
		"g" + goodToken[:42]:            true,  // base64url as soon as one character is no hex digit
		"g" + goodToken[:41]:            false,
		strings.Repeat(goodToken, 4):    true,
		strings.Repeat(goodToken, 5):    false,
		strings.Repeat("01", 40):        false,
		goodToken + "/":                 false,
		goodToken + " ":                 false,
		goodToken + "=":                 false,
		"å" + goodToken:                 false,
		"":                              false,
		strings.Repeat("abcdefghi", 10): false, // nine different characters
	} {
		var r diag.Report
		if got := configs.LoadFS(tree(least, nil), "kvitto.yaml", []string{"TOKEN=" + token}, &r) != nil; got != good {
			t.Errorf("%q: %v", token, got)
		}
	}
}
