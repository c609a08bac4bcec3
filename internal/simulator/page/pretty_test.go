package page_test

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/internal/simulator/page"
)

const secret = "a-secret-of-more-than-sixteen-letters"

func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, url, text, want string }{
		{"path", "http://127.0.0.1:8080/v1/demo/" + secret + "/push", "POST /v1/demo/" + secret + "/push", "POST /v1/demo/a-se…/push"},
		{"query", "https://shop.example/hook?key=" + secret, "key=" + secret, "key=a-se…"},
		{"password", "https://user:" + secret + "@shop.example/", secret, "a-se…"},
		{"escaped", "https://shop.example/a%20secret%20of%20words/push", "a secret of words, a%20secret%20of%20words", "a se…, a%20…"},
		{"order id stays", "https://shop.example/2f0c6c8e-8d5a-4a6f-9a5e-0c1d2e3f4a5b/x", "2f0c6c8e-8d5a-4a6f-9a5e-0c1d2e3f4a5b", "2f0c6c8e-8d5a-4a6f-9a5e-0c1d2e3f4a5b"},
		{"name of a callback stays", "https://shop.example/v1/m/t/shipping-option-update", "shipping-option-update", "shipping-option-update"},
		{"short parts stay", "https://shop.example/v1/demo/push", "demo push", "demo push"},
		{"no URL", "://", "text", "text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := page.Mask(c.text, c.url); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestMaskOfOneInAnother: of two secrets the longer one is hidden whole.
func TestMaskOfOneInAnother(t *testing.T) {
	t.Parallel()
	longer := secret + "-and-more"
	if got := page.Mask(longer, "https://a.example/"+secret+"/x", "https://a.example/"+longer+"/x"); got != "a-se…" {
		t.Errorf("got %q", got)
	}
}

func TestPretty(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, raw, want string }{
		{"object", `{"a":-1,"b":["<i>",true]}`,
			"{\n  <span class=\"j-k\">&#34;a&#34;</span>: <span class=\"j-n\">-1</span>,\n  <span class=\"j-k\">&#34;b&#34;</span>: [\n    <span class=\"j-s\">&#34;&lt;i&gt;&#34;</span>,\n    <span class=\"j-w\">true</span>\n  ]\n}"},
		{"quotes in a text", `{"a":"\"b\": 1"}`, "{\n  <span class=\"j-k\">&#34;a&#34;</span>: <span class=\"j-s\">&#34;\\&#34;b\\&#34;: 1&#34;</span>\n}"},
		{"no JSON", `<script>alert(1)</script>`, `&lt;script&gt;alert(1)&lt;/script&gt;`},
		{"half of it", `{"a":`, `{&#34;a&#34;:`},
		{"empty", ``, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got, cut := page.Pretty([]byte(c.raw)); got != c.want || cut {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestPrettyIsBounded: a body of megabytes does not become a page of megabytes.
func TestPrettyIsBounded(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"order_lines":[` + strings.Repeat(`{"name":"Ö"},`, 100_000) + `{}]}`)
	got, cut := page.Pretty(raw)
	if !cut || len(got) > 400_000 || strings.Contains(got, "\uFFFD") {
		t.Errorf("%d bytes, cut: %v", len(got), cut)
	}
}

var tags = regexp.MustCompile(`</?span(?: class="j-[ksnw]")?>`)

// FuzzPretty: whatever a service answers, its text comes back unchanged, and no tag of it gets into the page.
func FuzzPretty(f *testing.F) {
	for _, seed := range []string{`{"order_amount":72700,"order_lines":[{"name":"<b>","total_amount":-1.5e9}]}`, `"\ud83d\ude00\\"`, `{"a":{"a":null}}`, "\xff<", `{`, `nullx`, "[1,2]\n", `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, cut := page.Pretty(raw)
		bare := tags.ReplaceAllString(got, "")
		if strings.ContainsAny(bare, "<>") {
			t.Fatalf("a tag of the body gets into the page: %q", got)
		}
		text := html.UnescapeString(bare)
		want, isJSON := page.IndentedBy(raw)
		if cut {
			want = want[:min(len(text), len(want))]
		}
		if text != want && !strings.Contains(string(raw), "\x00") {
			t.Fatalf("got  %q\nwant %q", text, want)
		}
		if v := jsontext.Value(bytes.Clone(raw)); isJSON && v.IsValid(jsontext.AllowDuplicateNames(true)) {
			back := jsontext.Value(want)
			if !cut && (back.Compact(jsontext.AllowDuplicateNames(true)) != nil || v.Compact(jsontext.AllowDuplicateNames(true)) != nil || string(back) != string(v)) {
				t.Fatalf("the JSON has changed: %s, was %s", back, v)
			}
		}
	})
}
