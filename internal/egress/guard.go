// Package egress is the way out: which addresses a connection may go to, and HTTP clients that go nowhere else.
//
// Its one rule: the address is judged when it is dialled, after its name was resolved, so no answer of a name server
// leads inside.
package egress

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// ErrForbidden is a connection to an address that is not the public internet's and was not allowed.
var ErrForbidden = errors.New("the address is in a network that is not allowed; see egress.allow")

// Guard says which addresses may be dialled. The zero value allows the public internet. It is read-only and safe for
// concurrent use.
type Guard struct {
	Allow    []netip.Prefix // inner networks that may be reached too
	Loopback bool           // this machine may be reached too: the demo, or a URL that names it
}

// Check tells whether an address may be dialled; the error is ErrForbidden without the address.
func (g Guard) Check(a netip.Addr) error {
	a = a.Unmap().WithZone("")
	if !a.IsValid() {
		return ErrForbidden
	}
	for _, p := range g.Allow {
		if p.Contains(a) {
			return nil
		}
	}
	if g.Loopback && a.IsLoopback() {
		return nil
	}
	if !public(a) {
		return ErrForbidden
	}
	return nil
}

// Control is a net.Dialer's: it sees the address that was resolved, before anything is sent.
func (g Guard) Control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("network %q: %w", network, ErrForbidden)
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrForbidden
	}
	return g.Check(at.Addr())
}

// public reports whether an address is one of the internet. Addresses that carry another one inside are judged by it.
func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved() {
		if p.Contains(a) {
			return false
		}
	}
	if inner, ok := embedded(a); ok {
		return public(inner)
	}
	return true
}

// reserved are the networks of IANA's special-purpose registries that are no part of the internet, and the address at
// which a cloud answers its machines outside of them. Read 2026-11-24:
// https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry,
// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16.
func reserved() [20]netip.Prefix {
	return [...]netip.Prefix{
		v4(0, 0, 0, 0, 8),
		v4(100, 64, 0, 0, 10), // behind a carrier's NAT; 100.100.100.200 is a metadata service
		v4(169, 254, 0, 0, 16),
		v4(192, 0, 0, 0, 24), // 192.0.0.192 is a metadata service
		v4(192, 0, 2, 0, 24),
		v4(192, 88, 99, 0, 24),
		v4(198, 18, 0, 0, 15),
		v4(198, 51, 100, 0, 24),
		v4(203, 0, 113, 0, 24),
		v4(240, 0, 0, 0, 4),
		v4(168, 63, 129, 16, 32),
		v6(0, 0, 0, 96),           // ::/96, IPv4-compatible
		v6(0x0064, 0xff9b, 1, 48), // NAT64 for local use
		v6(0x0100, 0, 0, 64),      // discard
		v6(0x2001, 0, 0, 23),      // protocol assignments, Teredo among them
		v6(0x2001, 0x0db8, 0, 32), // documentation
		v6(0x3fff, 0, 0, 20),      // documentation
		v6(0x5f00, 0, 0, 16),      // segment routing
		v6(0xfc00, 0, 0, 7),
		v6(0xfec0, 0, 0, 10), // site-local
	}
}

func v4(a, b, c, d byte, bits int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{a, b, c, d}), bits)
}

// v6 makes a prefix of the first three groups of an address.
func v6(a, b, c uint16, bits int) netip.Prefix {
	var raw [16]byte
	for i, group := range [...]uint16{a, b, c} {
		raw[2*i], raw[2*i+1] = byte(group>>8), byte(group)
	}
	return netip.PrefixFrom(netip.AddrFrom16(raw), bits)
}

// embedded returns the IPv4 address that a NAT64 (64:ff9b::/96) or 6to4 (2002::/16) address leads to.
func embedded(a netip.Addr) (netip.Addr, bool) {
	if !a.Is6() {
		return a, false
	}
	raw := a.As16()
	switch {
	case v6(0x0064, 0xff9b, 0, 96).Contains(a):
		return netip.AddrFrom4([4]byte(raw[12:16])), true
	case v6(0x2002, 0, 0, 16).Contains(a):
		return netip.AddrFrom4([4]byte(raw[2:6])), true
	default:
		return a, false
	}
}
