package configs_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// TestSameAddress: the public and the console's address must not be one, also where they are written in two ways.
func TestSameAddress(t *testing.T) {
	t.Parallel()
	const token = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	tests := []struct {
		listen, admin string
		at            string // of the finding, "" for none
	}{
		{"127.0.0.1:8080", "127.0.0.1:9090", ""},
		{"127.0.0.1:8080", "127.0.0.1:8080", "2:8"},
		{":8080", "127.0.0.1:8080", "2:8"},
		{"127.0.0.1:8080", "0.0.0.0:8080", "2:8"},
		{"127.0.0.1:8080", "[::]:8080", "2:8"},
		{"127.0.0.1:8080", "localhost:8080", "2:8"},
		{"127.0.0.1:8080", "127.0.0.2:8080", ""},
		{"10.0.0.1:8080", "127.0.0.1:8080", ""},
		{"[::1]:8080", "[0:0:0:0:0:0:0:1]:8080", "2:8"},
		{"SHOP.example:8080", "shop.example:8080", "2:8"},
		{"127.0.0.1:0", "127.0.0.1:0", ""},
		{":0", ":0", ""},
		{"127.0.0.1:9090", "", "1:9"},
		{":9090", "", "1:9"},
		{"", "127.0.0.1:8080", "1:8"},
	}
	for _, tt := range tests {
		t.Run(tt.listen+" "+tt.admin, func(t *testing.T) {
			t.Parallel()
			text := "admin_token: {env: A}\nmerchants: [{id: demo, rules: rules, tokens: [{env: T}]}]\n"
			if tt.admin != "" {
				text = "admin: \"" + tt.admin + "\"\n" + text
			}
			if tt.listen != "" {
				text = "listen: \"" + tt.listen + "\"\n" + text
			}
			fsys := fstest.MapFS{"kvitto.yaml": {Data: []byte(text)}, "rules/shipping.yaml": {}}
			var r diag.Report
			configs.LoadFS(fsys, "kvitto.yaml", []string{"T=" + token, "A=" + strings.ToUpper(token)}, &r)
			var have []string
			for _, f := range r.Findings() {
				have = append(have, f.String()+" "+f.Code)
			}
			want := ""
			if tt.at != "" {
				want = "kvitto.yaml:" + tt.at + " " + configs.CodeDuplicate
			}
			if got := strings.Join(have, ", "); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
