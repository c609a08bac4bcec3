package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/kvitto/kvitto/configs"
)

// adminAsks is what the admin listener says to whoever has no token.
const adminAsks = "this listener asks for the admin token\n"

// adminEyes look at the admin listener of the running service.
type adminEyes struct {
	base  string
	token configs.Secret
	way   *http.Transport
	up    bool
}

// openAdmin prepares the look; nothing is asked yet.
func (d *doctor) openAdmin() {
	base := d.cfg.Admin
	if d.f.admin != "" {
		base = d.f.admin
	}
	if !strings.Contains(base, "://") {
		base = "http://" + base
	}
	d.admin = &adminEyes{base: base, token: d.cfg.AdminToken, way: &http.Transport{ResponseHeaderTimeout: adminTime}}
}

func (a *adminEyes) close() { a.way.CloseIdleConnections() }

// get asks, with the token or without.
func (a *adminEyes) get(ctx context.Context, path string, token bool) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, nil)
	if err != nil {
		return 0, nil, errors.New("it is no address")
	}
	if t := a.token.Reveal(); t != "" && token {
		req.Header.Set("Authorization", "Bearer "+t)
	}
	res, err := a.way.RoundTrip(req)
	if err != nil {
		return 0, nil, err
	}
	body, err = io.ReadAll(io.LimitReader(res.Body, maxAdminAnswer))
	return res.StatusCode, body, errors.Join(err, res.Body.Close())
}

// listener checks the admin listener, and that the running service has what the files say.
func (d *doctor) listener(ctx context.Context) {
	at, a := d.about("admin", nil), d.admin
	status, body, err := a.get(ctx, "/readyz", false)
	switch {
	case err != nil:
		at.note(isFailed, "reachable", a.base+"/readyz", plainCause(err), "is the service running, and here? --admin names another address")
		return
	case status != http.StatusOK || string(body) != "ready\n":
		at.note(isFailed, "reachable", a.base+"/readyz", fmt.Sprintf("%d, not the answer of a Kvitto that is ready", status), "look at the log of the service")
		return
	}
	at.note(isFine, "reachable", a.base+"/readyz", "ready", "")
	d.adminToken(ctx, at)
	status, body, err = a.get(ctx, "/metrics", true)
	switch {
	case err != nil:
		at.note(isFailed, "metrics", a.base+"/metrics", plainCause(err), "")
		return
	case status == http.StatusUnauthorized:
		at.note(isFailed, "metrics", a.base+"/metrics", "401: the admin_token of this configuration is not that of the running service", "restart the service, or name its own configuration: a token takes effect at the next start")
		return
	}
	if d.metrics, err = readSeries(body); err != nil {
		at.note(isFailed, "metrics", a.base+"/metrics", "they cannot be read: "+plainCause(err), "")
		return
	}
	a.up = true
	d.inUse(ctx, at)
}

// adminToken checks who is let in.
func (d *doctor) adminToken(ctx context.Context, at about) {
	status, _, err := d.admin.get(ctx, "/metrics", false)
	open := loopback(d.cfg.Admin)
	looked := d.admin.base + "/metrics without a token"
	switch {
	case err != nil:
		at.note(isFailed, "token", looked, plainCause(err), "")
	case status == http.StatusUnauthorized:
		at.note(isFine, "token", looked, "401: it asks for the token", "")
	case open && d.admin.token.Reveal() == "":
		at.note(isFine, "token", looked, "it asks for none: this machine only", "")
	default:
		at.note(isFailed, "token", looked, fmt.Sprintf("%d, no token is asked for", status), "write admin_token and restart: whoever reaches this listener can release and park orders")
	}
}

// inUse compares what runs with what is written.
func (d *doctor) inUse(ctx context.Context, at about) {
	looked := d.admin.base + "/api/rules"
	_, body, err := d.admin.get(ctx, "/api/rules", true)
	var running struct {
		Merchants []struct{ ID, Revision string }
	}
	if err == nil {
		err = json.Unmarshal(body, &running)
	}
	if err != nil {
		at.note(isFailed, "in use", looked, plainCause(err), "is this the admin listener of Kvitto?")
		return
	}
	serves := map[string]string{}
	for _, m := range running.Merchants {
		serves[m.ID] = m.Revision
	}
	for _, m := range d.merchants() {
		at := d.about("admin", m)
		want := d.books[m.ID]
		switch got := serves[m.ID]; {
		case got == "":
			at.note(isFailed, "in use", looked, "the running service does not serve this merchant", "look at its log, then reload (SIGHUP) or restart")
		case want != "" && got != want:
			at.note(isWarned, "in use", looked, fmt.Sprintf("the running service has revision %s, the files are %s", got, want), "the last change was not taken over, which its log explains, or something was published: kvitto rules history")
		default:
			at.note(isFine, "in use", looked, "revision "+got, "")
		}
	}
	if v, ok := d.metrics.sum("kvitto_config_reload_success", nil); ok && v == 0 {
		at.note(isWarned, "configuration", d.admin.base+"/metrics", "the last configuration was refused; the one before is in use", "kvitto check --config "+d.f.config)
	}
}

// series are the counters and gauges of the running service, by name.
type series map[string][]sample

type sample struct {
	labels map[string]string
	value  float64
}

func readSeries(text []byte) (series, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	all := series{}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			one := sample{labels: map[string]string{}, value: m.GetCounter().GetValue() + m.GetGauge().GetValue()}
			for _, l := range m.GetLabel() {
				one.labels[l.GetName()] = l.GetValue()
			}
			all[name] = append(all[name], one)
		}
	}
	return all, nil
}

// sum adds what has all of the labels; a value that is asked for may be several with | between them.
func (s series) sum(name string, labels map[string]string) (total float64, found bool) {
	for _, one := range s[name] {
		if one.has(labels) {
			found = true
			total += one.value
		}
	}
	return total, found
}

func (s sample) has(labels map[string]string) bool {
	for name, want := range labels {
		if !slices.Contains(strings.Split(want, "|"), s.labels[name]) {
			return false
		}
	}
	return true
}

// since is how long the running service has been up; 0 where it does not say.
func (s series) since(now time.Time) time.Duration {
	began, ok := s.sum("process_start_time_seconds", nil)
	if !ok {
		return 0
	}
	return max(now.Sub(time.Unix(int64(began), 0)), 0)
}
