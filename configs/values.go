package configs

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/kvitto/kvitto/rules/diag"
)

// The readers of single values. Each takes the default where the value is not there, and where it is wrong, after telling
// so. A node of a wrong kind counts as not there: the shape check has told it.

func (l *loader) fault(code string, n *diag.Node, format string, args ...any) *diag.Finding {
	f := l.r.Errorf(code, n.Place, format, args...)
	f.Path = n.Path
	return f
}

// given reports whether a text is there.
func given(n *diag.Node) bool { return n != nil && n.Kind == diag.Scalar && !n.Null }

func (l *loader) text(n *diag.Node, def string) string {
	if !given(n) {
		return def
	}
	return n.Text
}

// word returns one of a few words; the first is the default.
func (l *loader) word(n *diag.Node, words ...string) string {
	if !given(n) {
		return words[0]
	}
	for _, w := range words {
		if n.Text == w {
			return w
		}
	}
	f := l.fault(CodeWord, n, "%q is not known here", n.Text)
	f.Help = "write " + strings.Join(words, " or ")
	if s := diag.Suggest(n.Text, words); s != "" {
		f.Fix = s
	}
	return words[0]
}

func (l *loader) yesNo(n *diag.Node, def bool) bool {
	if !given(n) {
		return def
	}
	switch n.Text {
	case "yes", "true":
		return true
	case "no", "false":
		return false
	}
	l.fault(CodeNumber, n, "%q is neither yes nor no", n.Text).Help = "write yes or no"
	return def
}

func (l *loader) integer(n *diag.Node, least, most, def int) int {
	if !given(n) {
		return def
	}
	v, err := strconv.Atoi(n.Text)
	switch {
	case err != nil:
		l.fault(CodeNumber, n, "%q is not a whole number", n.Text)
	case v < least || v > most:
		l.fault(CodeBounds, n, "%d is not between %d and %d", v, least, most)
	default:
		return v
	}
	return def
}

func (l *loader) duration(n *diag.Node, least, most, def time.Duration) time.Duration {
	if !given(n) {
		return def
	}
	v, err := time.ParseDuration(n.Text)
	switch {
	case err != nil:
		l.fault(CodeDuration, n, "%q is not a duration", n.Text).Help = "write a number and ms, s, m or h, as in 2.5s, 30s or 60m"
	case v < least || v > most:
		l.fault(CodeBounds, n, "%s is not between %s and %s", n.Text, brief(least), brief(most))
	default:
		return v
	}
	return def
}

// brief writes a duration without the zeros that time.Duration appends: 1h instead of 1h0m0s.
func brief(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// unitBytes returns how many bytes a unit has.
func unitBytes(unit string) (int64, bool) {
	switch unit {
	case "B":
		return 1, true
	case "KiB":
		return 1 << 10, true
	case "MiB":
		return 1 << 20, true
	case "GiB":
		return 1 << 30, true
	}
	return 0, false
}

var sizeText = regexp.MustCompile(`^(\d{1,9}) ?([A-Za-z]+)$`)

func (l *loader) size(n *diag.Node, least, most, def int64) int64 {
	if !given(n) {
		return def
	}
	m := sizeText.FindStringSubmatch(n.Text)
	if m == nil {
		l.fault(CodeSize, n, "%q is not a size", n.Text).Help = "write a whole number and B, KiB, MiB or GiB, as in 5MiB"
		return def
	}
	unit, ok := unitBytes(m[2])
	if !ok {
		f := l.fault(CodeSize, n, "the unit %q is not known", m[2])
		f.Help = "write B, KiB, MiB or GiB, as in 5MiB"
		if s := diag.Suggest(m[2], []string{"KiB", "MiB", "GiB"}); s != "" {
			f.Fix = m[1] + s
		}
		return def
	}
	v, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || v*unit < least || v*unit > most { // nine digits of GiB fit
		l.fault(CodeBounds, n, "%s is not between %s and %s", n.Text, sizeWord(least), sizeWord(most))
		return def
	}
	return v * unit
}

func sizeWord(n int64) string {
	for _, unit := range []string{"GiB", "MiB", "KiB"} {
		if b, ok := unitBytes(unit); ok && n >= b && n%b == 0 {
			return strconv.FormatInt(n/b, 10) + unit
		}
	}
	return strconv.FormatInt(n, 10) + "B"
}

var hostText = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// address returns host:port. An empty host is all addresses of the machine; port 0 is any free one.
func (l *loader) address(n *diag.Node, def string) string {
	if !given(n) {
		return def
	}
	host, port, err := net.SplitHostPort(n.Text)
	if err != nil {
		l.fault(CodeAddress, n, "%q is not an address with a port", n.Text).Help = "write 127.0.0.1:8080, or :8080 for all addresses of the machine"
		return def
	}
	if p, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(p, 10) != port {
		l.fault(CodeAddress, n, "%q is not a port", port).Help = "a port is a number from 0 to 65535"
		return def
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" && !hostText.MatchString(host) {
		l.fault(CodeAddress, n, "%q is not a host", host).Help = "write an IP address or a host name"
		return def
	}
	return n.Text
}

// loopback reports whether only this machine can reach an address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	return loopbackHost(host)
}

func loopbackHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// sameSocket reports whether two addresses cannot both be listened on: the ports are the same, and so are the hosts, or one
// is all addresses of the machine.
func sameSocket(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	if errA != nil || errB != nil || portA != portB || portA == "0" {
		return false
	}
	hostA, hostB = plainHost(hostA), plainHost(hostB)
	return hostA == hostB || hostA == "" || hostB == ""
}

// plainHost writes a host in one way: localhost as the address it nearly always is, all addresses as "".
func plainHost(host string) string {
	if strings.EqualFold(host, "localhost") {
		return "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return strings.ToLower(host)
	case ip.IsUnspecified():
		return ""
	default:
		return ip.Unmap().String()
	}
}

// secureURL returns an absolute https URL. Where inner is set, http is allowed to this machine, for a simulator or a
// neighbour of the same pod.
func (l *loader) secureURL(n *diag.Node, inner bool) string {
	if !given(n) || n.Text == "" {
		return ""
	}
	u, err := url.Parse(n.Text)
	if err != nil && strings.Contains(n.Text, "@") {
		l.mask(n) // perhaps a password
	}
	if err == nil && u.User != nil {
		l.mask(n)
		l.fault(CodeInClear, n, "a URL with a user or password in it").Help = "take them out; they have settings of their own"
		return ""
	}
	bad := "cannot be read as a URL"
	if err == nil {
		bad = faultOfURL(n.Text, u, inner)
	}
	if bad != "" {
		l.fault(CodeURL, n, "the URL %s", bad).Help = "write a whole address, as in https://shop.example/path"
		return ""
	}
	return n.Text
}

// faultOfURL returns what is wrong with a URL, "" for nothing.
func faultOfURL(text string, u *url.URL, inner bool) string {
	local := inner && u.Scheme == "http" && loopbackHost(u.Hostname())
	switch {
	case u.Scheme != "https" && !local, u.Opaque != "":
		return "does not begin with https://"
	case u.Hostname() == "" || len(u.Hostname()) > 253:
		return "has no host"
	case strings.Contains(text, "#"):
		return "has a part after #, which is never sent"
	case len(text) > 2000:
		return "is longer than 2000 characters"
	case strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' }):
		return "has characters that must be escaped"
	}
	return ""
}

// networks returns prefixes; an address alone is that address.
func (l *loader) networks(n *diag.Node) []netip.Prefix {
	if n == nil {
		return nil
	}
	var out []netip.Prefix
	for _, item := range n.Items {
		if !given(item) {
			continue
		}
		p, err := netip.ParsePrefix(item.Text)
		if ip, e := netip.ParseAddr(item.Text); err != nil && e == nil && ip.Zone() == "" {
			p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		switch {
		case err != nil:
			l.fault(CodeNetwork, item, "%q is not an address or a network", item.Text).Help = "write 10.0.0.0/8 or 192.0.2.1"
		case p.Bits() == 0:
			l.fault(CodeNetwork, item, "%s is every address there is", item.Text).Help = "name the networks that are yours"
		case p.Masked() != p:
			f := l.fault(CodeNetwork, item, "%s has bits behind its length", item.Text)
			f.Fix = p.Masked().String()
		default:
			out = append(out, p)
		}
	}
	return out
}

// country checks a code of ISO 3166 in upper case.
func (l *loader) country(n *diag.Node) bool {
	region, err := language.ParseRegion(n.Text)
	if err == nil && region.IsCountry() && region.Canonicalize().String() == n.Text && len(n.Text) == 2 {
		return true
	}
	f := l.fault(CodeCountry, n, "%q is not a country", n.Text)
	f.Help = "write its two letters in upper case, as in NO"
	if region, err := language.ParseRegion(strings.ToUpper(n.Text)); err == nil && region.IsCountry() {
		f.Fix = region.Canonicalize().String()
	}
	return false
}

// language checks a primary subtag in lower case.
func (l *loader) language(n *diag.Node) bool {
	base, err := language.ParseBase(n.Text)
	if err == nil && (n.Text == base.String() || n.Text == "no") && len(n.Text) == 2 {
		return true
	}
	f := l.fault(CodeLanguage, n, "%q is not a language", n.Text)
	f.Help = "write its two letters in lower case, as in sv; a country is not part of it"
	return false
}

// names returns a list of texts that match a pattern, each once; def where the list is not there.
func (l *loader) names(n *diag.Node, what string, pattern *regexp.Regexp, def []string) []string {
	if n == nil || n.Kind != diag.List {
		return def
	}
	var out []string
	seen := map[string]*diag.Node{}
	for _, item := range n.Items {
		switch {
		case !given(item):
		case !pattern.MatchString(item.Text):
			l.fault(CodeName, item, "%q is not %s", item.Text, what)
		case seen[item.Text] != nil:
			l.twice(item, seen[item.Text].Place, "%q stands twice", item.Text)
		default:
			seen[item.Text] = item
			out = append(out, item.Text)
		}
	}
	return out
}

func (l *loader) twice(n *diag.Node, first diag.Place, format string, args ...any) *diag.Finding {
	f := l.fault(CodeDuplicate, n, format, args...)
	f.Cause = &diag.Cause{Place: first, Label: "first written here"}
	return f
}
