package rest_test

import (
	"bytes"
	"encoding/json"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order/rest"
)

// TestScan: row 99, which is rows 44 to 62 for what the provider says.
func TestScan(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat(`{"a":`, n-1) + `{}` + strings.Repeat(`}`, n-1) }
	listed := func(n int) string { return `{"a":[` + strings.TrimSuffix(strings.Repeat(`0,`, n), ",") + `]}` }
	var members []string
	for i := range 1001 {
		members = append(members, `"m`+strconv.Itoa(i)+`":0`)
	}
	for _, tt := range []struct {
		name, body string
		want       string // "": taken
	}{
		{"44 not JSON", `order`, "not JSON"},
		{"44 half JSON", `{"a":1`, "ends in the middle"},
		{"44 BOM", "\xef\xbb\xbf{}", "not JSON"},
		{"44 nothing", ``, "there is no JSON"},
		{"45 null", `null`, "not a JSON object"},
		{"45 list", `[]`, "not a JSON object"},
		{"45 string", `"x"`, "not a JSON object"},
		{"45 number", `1`, "not a JSON object"},
		{"46 second value", `{}{}`, "more than one JSON value"},
		{"46 second value after a space", `{} 1`, "more than one JSON value"},
		{"46 garbage", `{} x`, "not JSON"},
		{"47 duplicate", `{"a":1,"a":2}`, "a name twice"},
		{"47 duplicate by escape", `{"a":1,"\u0061":2}`, "a name twice"},
		{"47 duplicate inside", `{"x":[{"a":1,"a":2}]}`, "a name twice"},
		{"48 capitals are another name", `{"a":1,"A":2}`, ""},
		{"49 a thousand unknown members", `{` + strings.Join(members[:1000], ",") + `}`, ""},
		{"49 one more", `{` + strings.Join(members, ",") + `}`, "more than 1000 elements"},
		{"50 depth 16", nested(16), ""},
		{"50 depth 17", nested(17), "deeper than 16"},
		{"50 depth 10001", nested(10001), "deeper than 16"},
		{"50 depth in lists", `{"a":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}`, "deeper than 16"},
		{"51 1000 lines", listed(1000), ""},
		{"51 1001 lines", listed(1001), "more than 1000 elements"},
		{"52 empty lists", `{"a":[` + strings.Repeat(`[],`, 349_525) + `[]]}`, "more than 1000 elements"},
		{"52 objects", `{"a":[` + strings.Repeat(`{},`, 349_525) + `{}]}`, "more than 1000 elements"},
		{"53 too large", `{"a":"` + strings.Repeat("x", 5<<20) + `"}`, "more than 5242880 bytes"},
		{"57 invalid UTF-8", "{\"a\":\"\xff\"}", "not JSON"},
		{"57 invalid UTF-8 in a name", "{\"\xff\":1}", "not JSON"},
		{"57 lone surrogate", `{"a":"\ud800"}`, "not JSON"},
		{"57 pair", `{"a":"\ud83d\ude00"}`, ""},
		{"58 NUL", `{"a":"x\u0000"}`, "control character"},
		{"58 escape", `{"a":"\u001b[31m"}`, "control character"},
		{"58 delete", "{\"a\":\"\x7f\"}", "control character"},
		{"58 in a name", `{"a\u0001":1}`, "control character"},
		{"58 line breaks and tabs of an address", `{"a":"x\r\n\ty"}`, ""},
		{"60 NaN", `{"a":NaN}`, "not JSON"},
		{"60 hexadecimal", `{"a":0x10}`, "not JSON"},
		{"60 leading zero", `{"a":01}`, "not JSON"},
		{"60 plus", `{"a":+1}`, "not JSON"},
		{"62 a long name", `{"` + strings.Repeat("n", 1024) + `":1}`, "name of more than 1024 bytes"},
		{"94 proto", `{"__proto__":{"constructor":1}}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := rest.Scan([]byte(tt.body), rest.Object)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if err := rest.Scan([]byte(`{}`), rest.List); err == nil {
		t.Error("an object for a list: got no error")
	}
	if err := rest.Scan([]byte(` [ ]`), rest.List); err != nil {
		t.Errorf("a list: got %v", err)
	}
	if err := rest.Scan([]byte(`7`), rest.Nothing); err != nil {
		t.Errorf("any JSON: got %v", err)
	}
}

// TestScanAllocates: row 51. Refusing costs no memory to speak of, whatever the size.
func TestScanAllocates(t *testing.T) {
	body := []byte(`{"a":[` + strings.Repeat(`{},`, 349_525) + `{}]}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := rest.Scan(body, rest.Object)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; err == nil || got > 256<<10 {
		t.Errorf("%v: %d bytes were allocated", err, got)
	}
}

// FuzzScan: what is taken is JSON in the standard library's eyes too, in UTF-8, and of the kind that was asked for; errors hold
// nothing of the text.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":[1,2.5,-0,null,true],"b":{"c":"\u00e5"}}`, `{"a":1,"a":2}`, "{\"a\":\"\x00\"}", `[[[[`, `{"a":"\ud800"}`, ` {"a" : "\n" } `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := rest.Scan(body, rest.Object)
		if err != nil {
			if len(err.Error()) > 80 {
				t.Errorf("a long error: %v", err)
			}
			return
		}
		trimmed := bytes.TrimLeft(body, " \t\r\n")
		if !json.Valid(body) || !utf8.Valid(body) || trimmed[0] != '{' || len(body) > 5<<20 {
			t.Errorf("taken: %q", body)
		}
	})
}
