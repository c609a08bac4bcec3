package configs_test

import (
	"testing"
	"time"

	"github.com/kvitto/kvitto/configs"
)

func TestReachable(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		untils []time.Time
		want   bool
	}{
		"for ever":                {[]time.Time{{}}, true},
		"until later":             {[]time.Time{now.Add(time.Second)}, true},
		"until now":               {[]time.Time{now}, false},
		"one ended, one for ever": {[]time.Time{now.Add(-time.Hour), {}}, true},
		"all ended":               {[]time.Time{now.Add(-time.Hour), now.Add(-time.Second)}, false},
		"none":                    {nil, false},
	} {
		var m configs.Merchant
		for _, u := range tt.untils {
			m.Tokens = append(m.Tokens, configs.Token{Until: u})
		}
		if got := m.Reachable(now); got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}
