package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/floor"
)

// The load: enough requests for a steady p99, a rate well under what two cores carry.
const (
	rounds    = 5
	requests  = 4000
	perSecond = 1000
)

const demoPath = "/v1/demo/" + configs.DemoToken + "/address-update"

// againstFloor: the whole priced callback over HTTP against the floor.
func againstFloor(ctx context.Context, binary, _ string, t table.Writer) error {
	k, err := startKvitto(ctx, binary, demoPath, "--demo")
	if err != nil {
		return err
	}
	f, err := startFloor(ctx)
	if err != nil {
		return errors.Join(err, k.stop())
	}
	body, err := floor.Body("118 26")
	if err != nil {
		return err
	}
	rk, rf, err := pair(ctx, k, f, body, body, rounds, requests, perSecond)
	if err := errors.Join(err, k.stop(), f.stop()); err != nil {
		return err
	}
	compare(t, "CPU per request against the floor", rk.perRequest, rf.perRequest, "<= 1.0")
	compare(t, "p99 against the floor", rk.p99, rf.p99, "<= 1.5")
	t.AppendRow(table.Row{"start to ready, demo", k.readyT.Round(time.Millisecond), "", "", "<= 300ms"})
	return nil
}

func compare(t table.Writer, what string, a, b time.Duration, goal string) {
	t.AppendRow(table.Row{what, a.Round(time.Microsecond), b.Round(time.Microsecond), fmt.Sprintf("%.2f", float64(a)/float64(b)), goal})
}

// againstRows: 1,000,000 postcode rows against 10.
func againstRows(ctx context.Context, binary, dir string, t table.Writer) error {
	few, err := startRows(ctx, binary, filepath.Join(dir, "few"), 10)
	if err != nil {
		return err
	}
	many, err := startRows(ctx, binary, filepath.Join(dir, "many"), 1_000_000)
	if err != nil {
		return errors.Join(err, few.stop())
	}
	body, err := floor.Body("118 26")
	if err != nil {
		return err
	}
	rm, rf, err := pair(ctx, many, few, body, body, rounds, requests, perSecond)
	resident, errMemory := many.resident()
	if err := errors.Join(err, errMemory, few.stop(), many.stop()); err != nil {
		return err
	}
	compare(t, "CPU per request, 1,000,000 rows against 10", rm.perRequest, rf.perRequest, "1.0")
	compare(t, "p99, 1,000,000 rows against 10", rm.p99, rf.p99, "1.0")
	compare(t, "start to ready, 1,000,000 rows against 10", many.readyT, few.readyT, "load <= 2s")
	t.AppendRow(table.Row{"memory after load, 1,000,000 rows", fmt.Sprintf("%.0f MiB", resident), "", "", ""})
	return nil
}

// startRows serves the demo rulebook with a zone file of n rows.
func startRows(ctx context.Context, binary, dir string, n int) (*process, error) {
	if err := shop(dir, n); err != nil {
		return nil, err
	}
	return startKvitto(ctx, binary, demoPath, "--config", filepath.Join(dir, "kvitto.yaml"))
}

// shop writes a configuration and the demo rulebook with n more postcode rows.
func shop(dir string, n int) error {
	rules := filepath.Join(dir, "rules")
	demo, err := fs.Sub(configs.FS(), "demo/rules")
	if err != nil {
		return err
	}
	if err := os.CopyFS(rules, demo); err != nil {
		return err
	}
	shipping, err := os.ReadFile(filepath.Join(rules, "shipping.yaml"))
	if err != nil {
		return err
	}
	text := strings.Replace(string(shipping), "\nclasses:", "\nzone_files: [rows.csv]\n\nclasses:", 1)
	text = strings.Replace(text, "      - {to: gotland,  add: 25.00", "      - {to: far, add: 5.00 EUR}\n      - {to: gotland,  add: 25.00", 1)
	if err := os.WriteFile(filepath.Join(rules, "shipping.yaml"), []byte(text), 0o600); err != nil {
		return err
	}
	if err := rows(filepath.Join(rules, "rows.csv"), n); err != nil {
		return err
	}
	config := "listen: 127.0.0.1:8080\nadmin: 127.0.0.1:9090\nmerchants:\n  - id: demo\n    mode: pricing\n    rules: rules\n    tokens: [{env: LOADRUN_TOKEN}]\n"
	return os.WriteFile(filepath.Join(dir, "kvitto.yaml"), []byte(config), 0o600)
}

// rows writes n Brazilian postcodes: eight digits, so that there are enough of them.
func rows(file string, n int) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	if _, err := fmt.Fprintln(w, "country,from,to,zone"); err != nil {
		return err
	}
	for i := range n {
		code := 1_000_000 + i*17
		if _, err := fmt.Fprintf(w, "BR,%08d,%08d,far\n", code, code+3); err != nil {
			return err
		}
	}
	return w.Flush()
}

// underReload: p99 while a table changes every 600 ms against p99 without.
func underReload(ctx context.Context, binary, dir string, t table.Writer) error {
	home := filepath.Join(dir, "reload")
	p, err := startRows(ctx, binary, home, 10)
	if err != nil {
		return err
	}
	body, err := floor.Body("118 26")
	if err != nil {
		return err
	}
	if _, err := p.load(ctx, body, requests, perSecond); err != nil { // warm-up
		return err
	}
	quiet, err := p.load(ctx, body, 2*requests, perSecond)
	if err != nil {
		return err
	}
	editing, stop := context.WithCancel(ctx)
	edited := make(chan error, 1)
	go func() { edited <- edit(editing, filepath.Join(home, "rules", "shipping.yaml")) }()
	busy, err := p.load(ctx, body, 2*requests, perSecond)
	stop()
	if err := errors.Join(err, <-edited, p.stop()); err != nil {
		return err
	}
	compare(t, "p99 under reload against without, no failed request", busy.p99, quiet.p99, "<= 2")
	return nil
}

// edit changes a comment of the file every 600 ms, by rename as editors do.
func edit(ctx context.Context, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(600 * time.Millisecond):
		}
		next := file + ".new"
		if err := os.WriteFile(next, fmt.Appendf(text, "# %d\n", i), 0o600); err != nil {
			return err
		}
		if err := os.Rename(next, file); err != nil {
			return err
		}
	}
}

// atRest: memory of the demo shop before any request.
func atRest(ctx context.Context, binary, _ string, t table.Writer) error {
	p, err := startKvitto(ctx, binary, demoPath, "--demo")
	if err != nil {
		return err
	}
	resident, err := p.resident()
	if err := errors.Join(err, p.stop()); err != nil {
		return err
	}
	t.AppendRow(table.Row{"memory at rest, demo", fmt.Sprintf("%.0f MiB", resident), "", "", "<= 40 MiB"})
	return nil
}
