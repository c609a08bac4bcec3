package cmd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
)

// sink checks where confirmed orders go. No event is sent.
func (d *doctor) sink(ctx context.Context, m *configs.Merchant) {
	at := d.about("sink", m)
	switch s := m.Sink; {
	case m.Mode != "full":
		at.skip("place", "sink", "in mode pricing confirmed orders stay with the shop's own plug-in")
	case s.SpoolDir != "":
		d.space(at, s.SpoolDir)
		if _, err := os.Stat(s.SpoolDir); os.IsNotExist(err) {
			at.skip("writable", s.SpoolDir, "there is no such folder yet: the service makes it at its first start")
			return
		}
		d.writable(at, s.SpoolDir)
	case s.Stream:
		d.stream(ctx, m)
	case s.Webhook != nil:
		d.webhook(ctx, at, s.Webhook.URL)
	default:
		at.skip("plug-in", s.Plugin, "a plug-in is asked with a confirmed order only")
	}
}

// webhook asks the shop's server for headers. The address may hold a secret, so only its host is shown.
func (d *doctor) webhook(ctx context.Context, at about, address string) {
	const check = "webhook"
	looked := "HEAD " + hostOf(address)
	way := egress.Transport(d.src.guard(d.cfg))
	defer way.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		at.note(isFailed, check, looked, "the address cannot be asked", "")
		return
	}
	req.Header.Set("User-Agent", doctorAgent)
	res, err := way.RoundTrip(req)
	switch {
	case errors.Is(err, egress.ErrForbidden):
		at.note(isFailed, check, looked, "the address is in an inner network that is not allowed", letIn(address))
		return
	case err != nil:
		at.note(isFailed, check, looked, plainCause(err), "orders wait until it answers, and are parked after "+d.cfg.Confirm.Horizon.String())
		return
	}
	_, _ = io.CopyN(io.Discard, res.Body, 1<<10) // a HEAD has none
	_ = res.Body.Close()
	d.webhookStatus(at, looked, res)
}

func (d *doctor) webhookStatus(at about, looked string, res *http.Response) {
	found := fmt.Sprintf("%d%s", res.StatusCode, d.until(res.TLS))
	switch s := res.StatusCode; {
	case s >= 300 && s < 400:
		at.note(isFailed, "webhook", looked, found+", a redirect, which is never followed", "write the address that it leads to")
	case s >= 500:
		at.note(isWarned, "webhook", looked, found+": the server is there and fails, at least for HEAD", "look at its log")
	case s == http.StatusForbidden || s == http.StatusNotFound:
		at.note(isWarned, "webhook", looked, found+": it is there; whether it takes a signed POST cannot be seen without an order", "kvitto orders list shows sink_failed where it does not")
	default:
		at.note(isFine, "webhook", looked, found+": it is there; no order was sent", "")
	}
}

// until says when the certificate ends.
func (d *doctor) until(state *tls.ConnectionState) string {
	if state == nil {
		return ", without TLS"
	}
	ends := state.PeerCertificates[0].NotAfter
	return fmt.Sprintf(", certificate until %s, in %d days", ends.UTC().Format("2006-01-02"), int(ends.Sub(d.p.Now())/(24*time.Hour)))
}

// egress checks that no connection of ours goes where a cloud tells its machines secrets.
func (d *doctor) egress(ctx context.Context) {
	at := d.about("egress", nil)
	guard := d.src.guard(d.cfg)
	looked := "metadata services: " + strings.Join(metadata(), ", ")
	for _, address := range metadata() {
		if guard.Check(netip.MustParseAddr(address)) == nil {
			at.note(isFailed, "metadata", address, "egress.allow lets connections go there", "name the networks that are meant, without this address: a URL that somebody else chooses could read the machine's credentials")
			return
		}
	}
	way := egress.Transport(guard)
	defer way.CloseIdleConnections()
	for _, address := range metadata() { // the dialler must ask the guard: nothing is sent
		conn, err := way.DialContext(ctx, "tcp", net.JoinHostPort(address, "80"))
		if err == nil {
			_ = conn.Close()
		}
		if !errors.Is(err, egress.ErrForbidden) {
			at.note(isFailed, "metadata", address, "it was dialled", "this must not be: please report it")
			return
		}
	}
	at.note(isFine, "metadata", looked, "none can be dialled", "")
}

// letIn is what to do about an address that the service may not dial.
func letIn(address string) string {
	if u, err := url.Parse(address); err == nil {
		if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
			return fmt.Sprintf("the service never calls it; if it is meant so, name its network in egress.allow, such as [%s/%d]", ip.Unmap(), ip.Unmap().BitLen())
		}
	}
	return "look at DNS; if it is meant so, add the network to egress.allow"
}
