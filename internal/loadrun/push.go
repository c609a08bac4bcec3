package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/internal/floor"
	"github.com/kvitto/kvitto/internal/redistest"
)

// The pushes: orders at a rate that an ordinary shop never sees, each pushed in a burst of duplicates.
const (
	pushRounds   = 5
	pushOrders   = 150
	ordersPerSec = 15 // times duplicates is under the 200 pushes a second that a merchant may send
	duplicates   = 12
)

const (
	pushUser     = "K1-loadrun"
	pushPassword = "kco_test_api_loadrun"
)

// outside is what the service talks to: none of it counts as the service's.
type outside struct {
	redis    *redistest.Server
	provider *fakeprovider.Provider
	sink     *fakesink.Sink
	api, hub string // their addresses
	close    func() error
}

// againstSetNX: whole pushes against gin, SET NX and an acknowledgement, per push and with one delivery an order.
func againstSetNX(ctx context.Context, binary, dir string, t table.Writer) error {
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.AppendRow(table.Row{"CPU per push", "skipped: there is no redis-server"})
		return nil
	}
	out, err := newOutside(ctx)
	if err != nil {
		return err
	}
	k, err := startTaking(ctx, binary, filepath.Join(dir, "push"), out)
	if err != nil {
		return errors.Join(err, out.close())
	}
	f, err := startPushFloor(ctx, out)
	if err != nil {
		return errors.Join(err, k.stop(), out.close())
	}
	for _, copies := range []int{duplicates, 1} {
		rk, rf, err := pushPair(ctx, k, f, out, copies)
		if err != nil {
			return errors.Join(err, k.stop(), f.stop(), out.close())
		}
		compare(t, fmt.Sprintf("CPU per push against gin + SET NX + acknowledge, %d at once", copies), rk.perRequest, rf.perRequest, "<= 1.5")
		t.AppendRow(table.Row{fmt.Sprintf("answer to a push, p99, %d at once", copies), rk.p99.Round(time.Microsecond), rf.p99.Round(time.Microsecond), "", "<= 50ms"})
	}
	if n := len(out.sink.Deliveries()); n != len(out.sink.Events()) {
		err = fmt.Errorf("%d deliveries of %d orders", n, len(out.sink.Events()))
	}
	return errors.Join(err, k.stop(), f.stop(), out.close())
}

// pushPair loads both in turn, as pair does.
func pushPair(ctx context.Context, k, f *process, out *outside, copies int) (rk, rf result, err error) {
	var ks, fs []result
	for i := range pushRounds + 1 {
		if rk, err = pushes(ctx, k, out, copies); err != nil {
			return rk, rf, err
		}
		if rf, err = pushes(ctx, f, out, copies); err != nil {
			return rk, rf, err
		}
		if i > 0 {
			ks, fs = append(ks, rk), append(fs, rf)
		}
	}
	return median(ks), median(fs), nil
}

// pushes completes orders at a fixed rate, pushes each copies times at once, and waits until all are acknowledged.
func pushes(ctx context.Context, p *process, out *outside, copies int) (result, error) {
	before, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	ids := make([]string, pushOrders)
	took := make([]time.Duration, pushOrders*copies)
	faults := make([]error, pushOrders*copies)
	var group sync.WaitGroup
	for i, began := 0, time.Now(); i < pushOrders; i++ {
		time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / ordersPerSec)))
		if ids[i], err = out.order(); err != nil {
			return result{}, err
		}
		for c := range copies {
			group.Go(func() {
				at := time.Now()
				faults[i*copies+c] = pushOne(ctx, client, p.url+ids[i])
				took[i*copies+c] = time.Since(at)
			})
		}
	}
	group.Wait()
	for _, err := range append(faults, out.acknowledged(ctx, ids)) {
		if err != nil {
			return result{}, err
		}
	}
	after, err := p.cpu()
	slices.Sort(took)
	return result{perRequest: (after - before) / time.Duration(len(took)), p50: took[len(took)/2], p99: took[len(took)*99/100]}, err
}

func pushOne(ctx context.Context, client *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusAccepted && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("a push was answered %d", res.StatusCode)
	}
	return errors.Join(err, res.Body.Close())
}

// order completes one more order of 6.6 KB at the provider.
func (o *outside) order() (string, error) {
	body, err := floor.Body("118 26")
	if err != nil {
		return "", err
	}
	text := strings.Replace(string(body), "{", `{"order_id": "`+uuid.NewString()+`", "purchase_country": "SE", `, 1)
	return o.provider.AddOrder([]byte(text), fakeprovider.Completion{NoPush: true})
}

// acknowledged waits until the provider knows of all orders.
func (o *outside) acknowledged(ctx context.Context, ids []string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for _, id := range ids {
		for {
			if s, ok := o.provider.Standing(id); ok && s.Acknowledged {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("order %s was not acknowledged", id)
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	return nil
}

// newOutside starts what the service talks to.
func newOutside(ctx context.Context) (*outside, error) {
	o := &outside{}
	var err error
	if o.redis, err = redistest.Start(ctx, redistest.Options{}); err != nil {
		return nil, err
	}
	if o.provider, err = fakeprovider.New(fakeprovider.Options{Now: time.Now}); err != nil {
		return nil, errors.Join(err, o.redis.Close())
	}
	if o.sink, err = fakesink.New(fakesink.Options{Now: time.Now}); err != nil {
		o.provider.Close()
		return nil, errors.Join(err, o.redis.Close())
	}
	api, closeAPI, err := serve(o.provider.Handler())
	hub, closeHub, errHub := serve(o.sink.Handler())
	o.api, o.hub = api, hub
	o.close = func() error {
		o.provider.Close()
		o.sink.Close()
		return errors.Join(closeAPI(), closeHub(), o.redis.Close())
	}
	if err := errors.Join(err, errHub); err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

// serve listens on a free port of this machine.
func serve(h http.Handler) (url string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", func() error { return nil }, err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = s.Serve(l) }() // ends with stop
	return "http://" + l.Addr().String(), s.Close, nil
}

// startTaking starts the service in mode full with a Redis store and a webhook sink.
func startTaking(ctx context.Context, binary, dir string, out *outside) (*process, error) {
	if err := shop(dir, 1); err != nil {
		return nil, err
	}
	for name, text := range map[string]string{"user": pushUser, "password": pushPassword, "kvitto.yaml": fmt.Sprintf(`store: {redis: {addrs: [%q]}}
confirm: {poll: 1s, seal: [{env: LOADRUN_TOKEN}]}
ephemeral: accepted
egress: {allow: [127.0.0.0/8]}
merchants:
  - id: demo
    mode: full
    rules: rules
    tokens: [{env: LOADRUN_TOKEN}]
    provider: {base_url: %q, requests_per_second: 200, credentials: {user_file: user, password_file: password}}
    sink: {webhook: {url: %q, secret_env: LOADRUN_TOKEN}}
`, out.redis.Addr(), out.api, out.hub)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return startKvitto(ctx, binary, "/v1/demo/"+configs.DemoToken+"/push?klarna_order_id=", "--config", filepath.Join(dir, "kvitto.yaml"))
}

// startPushFloor starts this program again as the floor of pushes.
func startPushFloor(ctx context.Context, out *outside) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, "pushfloor", out.redis.Addr(), out.api)
	pipe, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	listen, err := bufio.NewReader(pipe).ReadString('\n')
	if err != nil {
		return nil, err
	}
	return &process{cmd: c, url: "http://" + strings.TrimSpace(listen) + "/v1/m/t/push?klarna_order_id="}, nil
}

// servePushFloor is the floor process of pushes.
func servePushFloor(addr, provider string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	client := redis.NewClient(&redis.Options{Addr: addr})
	server := &http.Server{Handler: floor.PushHandler(client, provider, pushUser, pushPassword), ReadHeaderTimeout: 2 * time.Second}
	return server.Serve(l)
}
