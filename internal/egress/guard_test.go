package egress_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/quick"

	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/internal/egress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestCheck: the public internet passes, everything inside and everything that leads there does not.
func TestCheck(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]bool{
		"93.184.216.34":          true,
		"1.1.1.1":                true,
		"172.32.0.1":             true,
		"2606:4700:4700::1111":   true,
		"::ffff:1.1.1.1":         true,
		"64:ff9b::101:101":       true, // NAT64 of 1.1.1.1
		"2002:101:101::1":        true, // 6to4 of 1.1.1.1
		"127.0.0.1":              false,
		"127.255.255.254":        false,
		"::1":                    false,
		"0.0.0.0":                false,
		"0.1.2.3":                false,
		"::":                     false,
		"10.0.0.1":               false,
		"172.16.0.1":             false,
		"172.31.255.255":         false,
		"192.168.1.1":            false,
		"100.64.0.1":             false,
		"100.100.100.200":        false, // metadata
		"169.254.169.254":        false, // metadata
		"168.63.129.16":          false, // metadata
		"192.0.0.192":            false, // metadata
		"fd00:ec2::254":          false, // metadata
		"fe80::1":                false,
		"fe80::1%eth0":           false,
		"fc00::1":                false,
		"fec0::1":                false,
		"224.0.0.1":              false,
		"ff02::1":                false,
		"255.255.255.255":        false,
		"240.0.0.1":              false,
		"192.0.2.1":              false,
		"198.18.0.1":             false,
		"198.51.100.1":           false,
		"203.0.113.1":            false,
		"2001:db8::1":            false,
		"2001::1":                false, // Teredo
		"::ffff:10.0.0.1":        false,
		"::ffff:169.254.169.254": false,
		"::10.0.0.1":             false,
		"64:ff9b::a00:1":         false, // NAT64 of 10.0.0.1
		"64:ff9b::a9fe:a9fe":     false, // NAT64 of 169.254.169.254
		"64:ff9b:1::1":           false,
		"2002:a00:1::1":          false, // 6to4 of 10.0.0.1
		"2002:7f00:1::1":         false, // 6to4 of 127.0.0.1
	} {
		err := egress.Guard{}.Check(netip.MustParseAddr(addr))
		if (err == nil) != want || err != nil && !errors.Is(err, egress.ErrForbidden) {
			t.Errorf("%s: got %v, want allowed %v", addr, err, want)
		}
	}
	if err := (egress.Guard{}).Check(netip.Addr{}); !errors.Is(err, egress.ErrForbidden) {
		t.Errorf("no address: got %v", err)
	}
}

// TestAllow: what is allowed by name is allowed, however it is written, and nothing beside it.
func TestAllow(t *testing.T) {
	t.Parallel()
	g := egress.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}}
	for addr, want := range map[string]bool{"10.1.2.3": true, "::ffff:10.1.2.3": true, "fd00::1": true, "10.2.0.1": false, "127.0.0.1": false} {
		if err := g.Check(netip.MustParseAddr(addr)); (err == nil) != want {
			t.Errorf("%s: got %v", addr, err)
		}
	}
	g = egress.Guard{Loopback: true}
	for addr, want := range map[string]bool{"127.0.0.1": true, "::1": true, "::ffff:127.0.0.1": true, "169.254.169.254": false, "10.0.0.1": false} {
		if err := g.Check(netip.MustParseAddr(addr)); (err == nil) != want {
			t.Errorf("loopback: %s: got %v", addr, err)
		}
	}
}

// TestMappedIsTheSame: an IPv4 address and its IPv6 form are judged alike.
func TestMappedIsTheSame(t *testing.T) {
	t.Parallel()
	same := func(raw [4]byte) bool {
		a := netip.AddrFrom4(raw)
		plain, mapped := egress.Guard{}.Check(a), egress.Guard{}.Check(netip.AddrFrom16(a.As16()))
		return (plain == nil) == (mapped == nil)
	}
	if err := quick.Check(same, nil); err != nil {
		t.Error(err)
	}
}

// TestControl: only TCP to an address that was resolved.
func TestControl(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		network, address string
		want             bool
	}{
		{"tcp4", "1.1.1.1:443", true},
		{"tcp6", "[2606:4700:4700::1111]:443", true},
		{"tcp4", "127.0.0.1:443", false},
		{"tcp6", "[fe80::1%eth0]:443", false},
		{"udp4", "1.1.1.1:53", false},
		{"unix", "/run/docker.sock", false},
		{"tcp4", "example.com:443", false},
	} {
		if err := (egress.Guard{}).Control(tt.network, tt.address, nil); (err == nil) != tt.want {
			t.Errorf("%s %s: got %v", tt.network, tt.address, err)
		}
	}
}

// TestClient: a name that leads inside is refused when it is dialled; so is where a redirect
// leads; proxies are not asked.
func TestTransport(t *testing.T) {
	hits := 0
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hits++
		w.Header().Set("Location", "http://169.254.169.254/latest/meta-data")
		w.WriteHeader(http.StatusFound)
	}))
	defer inside.Close()
	t.Setenv("HTTP_PROXY", inside.URL)
	t.Setenv("http_proxy", inside.URL)
	_, port, err := net.SplitHostPort(inside.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	get := func(g egress.Guard, url string) error {
		t.Helper()
		c := &http.Client{Transport: egress.Transport(g)}
		defer c.CloseIdleConnections()
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.Do(req)
		if err != nil {
			return err
		}
		return res.Body.Close()
	}
	for _, url := range []string{inside.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port} {
		if err := get(egress.Guard{}, url); !errors.Is(err, egress.ErrForbidden) {
			t.Errorf("%s: got %v", url, err)
		}
	}
	if hits != 0 {
		t.Errorf("%d requests arrived", hits)
	}
	if err := get(egress.Guard{Loopback: true}, inside.URL); !errors.Is(err, egress.ErrForbidden) || hits != 1 {
		t.Errorf("got %v, %d requests", err, hits)
	}
}
