package order_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order"
)

// TestOddBodies: bodies at the edge of JSON; the pointer of a fault says where as far as a log line may hold it.
func TestOddBodies(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 65)
	tests := []struct{ name, body, class, pointer string }{
		{"nothing", "", "syntax", ""},
		{"blanks", " \n", "syntax", ""},
		{"cut off", `{"purchase_currency":"SE`, "syntax", "/purchase_currency"},
		{"cut off in a list", `{"order_lines":[`, "syntax", "/order_lines"},
		{"two objects", `{} {}`, "missing", "/purchase_currency"},
		{"an escaped name", `{"purchase_curr\u0065ncy": 5}`, "type", "/purchase_currency"},
		{"the same name, escaped", `{"locale":"sv-SE","l\u006fcale":"sv-SE"}`, "duplicate", "/locale"},
		{"a long name", `{"` + long + `":{"b":}}`, "syntax", ""},
		{"a name as long as is shown", `{"` + long[:64] + `":{"b":}}`, "syntax", "/" + long[:64] + "/b"},
		{"a name with a line end", `{"a\nb":{"c":}}`, "control", ""},
		{"half of a pair", `{"locale":"\ud800"}`, "encoding", "/locale"},
		{"a byte order mark", "\ufeff{}", "encoding", ""},
		{"not UTF-8", "{\"locale\":\"\xff\"}", "encoding", "/locale"},
		{"a list", `[]`, "type", ""},
		{"null", `null`, "null", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := order.DecodeUpdate([]byte(tt.body), order.Limits{})
			var f *order.Fault
			if !errors.As(err, &f) {
				t.Fatalf("got %v", err)
			}
			if string(f.Class) != tt.class || string(f.Pointer) != tt.pointer || strings.Contains(f.Error(), "\n") || !utf8.ValidString(f.Error()) {
				t.Errorf("got %q at %q: %v", f.Class, f.Pointer, f)
			}
		})
	}
}
