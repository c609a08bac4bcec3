package cmd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/redistest"
)

const (
	annaToken = "a11a1d1c0a4b8e4f7d9a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70"
	boToken   = "b0b01d1c0a4b8e4f7d9a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f70"
)

// publishing is a shop to which anna and bo may publish.
type publishing struct {
	t      *testing.T
	dir    string
	config string
	now    func() time.Time // of whoever publishes
}

func publishingShop(t *testing.T) *publishing {
	t.Helper()
	dir, config := shopFolder(t)
	s := &publishing{t, dir, config, time.Now}
	write(t, filepath.Join(dir, "anna"), annaToken)
	write(t, filepath.Join(dir, "bo"), boToken)
	s.conf("publish: {dir: var/rules, poll: 100ms, people: [{name: anna, token: {file: anna}}, {name: bo, token: {file: bo}}]}")
	return s
}

// conf puts settings before the merchants.
func (s *publishing) conf(text string) {
	s.t.Helper()
	edit(s.t, s.config, "merchants:", text+"\nmerchants:")
}

// other is a configuration of another replica: its own folder for what was published.
func (s *publishing) other(dir string) string {
	s.t.Helper()
	text, err := os.ReadFile(s.config)
	if err != nil {
		s.t.Fatal(err)
	}
	file := filepath.Join(s.dir, dir+".yaml")
	write(s.t, file, strings.Replace(string(text), "dir: var/rules", "dir: "+dir, 1))
	return file
}

// book is a rulebook with another price, and tests that fit; it is published under the name that the shop has.
func (s *publishing) book(price string) string {
	s.t.Helper()
	dir := filepath.Join(s.dir, "next-"+price)
	if err := os.CopyFS(dir, os.DirFS("../configs/examples/first")); err != nil {
		s.t.Fatal(err)
	}
	edit(s.t, filepath.Join(dir, "shipping.yaml"), "price: 59.00", "price: "+price)
	if err := os.Remove(filepath.Join(dir, "first.test.yaml")); err != nil {
		s.t.Fatal(err)
	}
	return dir
}

// as runs a command of kvitto rules as a person.
func (s *publishing) as(token string, r *running, args ...string) (status int, stdout, stderr string) {
	s.t.Helper()
	var out, told strings.Builder
	p := &cmd.Program{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &told, Now: s.now, Plugins: cmd.Included(),
		Environ: []string{"KVITTO_PERSON_TOKEN=" + token}}
	status = p.Run(s.t.Context(), append(append([]string{"rules"}, args...), "--admin", r.admin))
	return status, out.String(), told.String()
}

// done is as, and fails where the command does.
func (s *publishing) done(token string, r *running, args ...string) string {
	s.t.Helper()
	status, stdout, stderr := s.as(token, r, args...)
	if status != 0 {
		s.t.Fatalf("%v: exit status %d\n%s%s", args, status, stdout, stderr)
	}
	return stdout
}

// history is what `rules history` tells a machine.
func (s *publishing) history(r *running) (h struct {
	Serving      int64
	Publications []struct {
		Number         int64
		ID             string
		State, By, Why string
		Again          int64
		Folder         bool
		FailedTests    int `json:"failed_tests"`
		Revision, Zone string
		At, Start      time.Time
	}
}) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.done(annaToken, r, "history", "--format", "json")), &h); err != nil {
		s.t.Fatal(err)
	}
	return h
}

// pays waits until an order pays a price.
func (r *running) pays(want string) {
	r.t.Helper()
	got := ""
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		status, answer := r.post("address-update", body(r.t))
		if status != http.StatusOK {
			r.t.Fatalf("%d %s", status, answer)
		}
		if got = price(r.t, answer); got == want {
			return
		}
	}
	r.t.Errorf("an order pays %s, want %s; log:\n%s", got, want, r.logs)
}

// TestPublish: a rulebook is published, replaced and taken back, each under the name of whoever had the token; a restart goes
// on with it, and the folder does not come back by itself.
func TestPublish(t *testing.T) {
	t.Parallel()
	shop := publishingShop(t)
	r := start(t, "--config", shop.config)
	r.pays("7900")
	out := shop.done(annaToken, r, "publish", shop.book("69.00"), "--yes", "--why", "autumn")
	for _, want := range []string{"59.00 → 69.00 SEK", "for merchant shop", "it serves at once", "published as number 1, revision "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if got := price(t, must(r.post("address-update", body(t)))); got != "8900" {
		t.Errorf("after the command has ended an order pays %s", got)
	}
	shop.done(boToken, r, "publish", shop.book("89.00"), "--yes")
	r.pays("10900")
	edit(t, filepath.Join(shop.dir, "rules", "shipping.yaml"), "name: ", "name:  ")
	if e := r.await("the folder is not what serves"); e["publication"] != 1.0 || e["by"] != "anna" {
		t.Errorf("%v", e)
	}
	for e := r.await("the folder is not what serves"); e["level"] != "warn"; e = r.await("the folder is not what serves") {
	}
	r.pays("10900")
	if status := r.stop(); status != 0 {
		t.Fatalf("exit status %d", status)
	}

	r = start(t, "--config", shop.config)
	r.pays("10900")
	r.eventually("/metrics", `kvitto_publication_in_force{merchant="shop"} 2`)
	shop.done(annaToken, r, "rollback", "--yes", "--why", "too dear")
	r.pays("8900")
	shop.done(annaToken, r, "rollback", "--yes", "--to", "folder")
	r.pays("7900")
	r.eventually("/metrics", `kvitto_publication_in_force{merchant="shop"} 4`)
	r.eventually("/metrics", `kvitto_publication_newest{rulebook="rules"} 4`)
	edit(t, filepath.Join(shop.dir, "rules", "first.test.yaml"), "59.00", "61.00") // the folder is followed again
	r.await("rules not taken over")

	var told []string
	for _, p := range shop.history(r).Publications {
		told = append(told, fmt.Sprintf("%d %s by %s again %d %q", p.Number, p.State, p.By, p.Again, p.Why))
	}
	want := []string{`4 serving by anna again 0 ""`, `3 rolled back by anna again 1 "too dear"`, `2 rolled back by bo again 0 ""`, `1 replaced by anna again 0 "autumn"`}
	if strings.Join(told, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	audit, err := os.ReadFile(filepath.Join(shop.dir, "var", "audit.jsonl"))
	if err != nil || strings.Count(string(audit), `"step":"published"`) != 4 || !strings.Contains(string(audit), `"by":"bo","rulebook":"rules","publication":2`) {
		t.Errorf("%v: %s", err, audit)
	}
	if status, _, stderr := runCommand(new(counted), "orders", "audit", filepath.Join(shop.dir, "var", "audit.jsonl")); status != 0 {
		t.Errorf("the audit: %d %s", status, stderr)
	}
	for _, secret := range []string{annaToken, boToken} {
		if strings.Contains(r.logs.String()+string(audit), secret) {
			t.Error("a token is in the log or in the audit")
		}
	}
}

func must(_ int, answer string) string { return answer }

// TestPublishLater: what waits for its start survives a restart, takes over at its time by itself, and grace covers what was
// before.
func TestPublishLater(t *testing.T) {
	t.Parallel()
	shop := publishingShop(t)
	clock := newClock(time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC))
	shop.now = clock.now
	run := func() *running {
		return startProgram(t, &cmd.Program{Now: clock.now, Plugins: cmd.Included()}, "--config", shop.config)
	}
	r := run()
	out := shop.done(annaToken, r, "publish", shop.book("69.00"), "--yes", "--at", "2026-12-01T00:00")
	if !strings.Contains(out, "it waits until 2026-12-01 00:00 CET") {
		t.Errorf("got\n%s", out)
	}
	if h := shop.history(r); h.Serving != 0 || h.Publications[0].State != "waiting" || !h.Publications[0].Start.Equal(time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", h)
	}
	r.pays("7900")
	if status := r.stop(); status != 0 {
		t.Fatal(status)
	}
	r = run()
	r.pays("7900")
	clock.set(time.Date(2026, 11, 30, 22, 59, 59, 999, time.UTC))
	r.pays("7900")
	clock.set(time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC))
	r.pays("8900")
	if e := r.await(`"publication":1,"tests"`); e["message"] != "rules in use" {
		t.Errorf("%v", e)
	}
	if h := shop.history(r); h.Serving != 1 {
		t.Errorf("%+v", h)
	}
}

// TestPublishConflict: whoever looked before somebody else published is told, and nothing is done.
func TestPublishConflict(t *testing.T) {
	t.Parallel()
	shop := publishingShop(t)
	r := start(t, "--config", shop.config)
	shop.done(annaToken, r, "publish", shop.book("69.00"), "--yes")
	archive := zipOf(t, shop.book("79.00"))
	status, answer := r.send(annaToken, "/api/publications?rulebook=rules", archive)
	if status != http.StatusConflict || !strings.Contains(answer, "somebody else has published since you looked") {
		t.Errorf("%d %s", status, answer)
	}
	if h := shop.history(r); len(h.Publications) != 1 {
		t.Errorf("%+v", h)
	}
	r.pays("8900")
}

// TestReplicas: two replicas on one Redis reach the same publication; a Redis that is down changes no price, keeps nobody from
// starting, and refuses publications; one that forgot has it all again.
func TestReplicas(t *testing.T) {
	t.Parallel()
	server := redistest.New(t, "--appendonly", "no", "--save", "")
	shop := publishingShop(t)
	shop.conf(fmt.Sprintf("store: {redis: {addrs: [%q]}}", server.Addr()))
	second := shop.other("var-2")
	a, b := start(t, "--config", shop.config), start(t, "--config", second)
	shop.done(annaToken, a, "publish", shop.book("69.00"), "--yes")
	shop.done(boToken, b, "publish", shop.book("89.00"), "--yes")
	for _, r := range []*running{a, b} {
		r.pays("10900")
		r.eventually("/metrics", `kvitto_publication_in_force{merchant="shop"} 2`)
	}

	server.Kill()
	if status := b.stop(); status != 0 {
		t.Fatal(status)
	}
	b = start(t, "--config", second)
	b.pays("10900")
	for _, r := range []*running{a, b} {
		if status, _, stderr := shop.as(annaToken, r, "rollback", "--yes"); status != 2 || !strings.Contains(stderr, "Redis, which brings publications to all replicas, does not answer") {
			t.Errorf("%d %s", status, stderr)
		}
		r.pays("10900")
		if status, _ := r.get("/readyz"); status != http.StatusOK {
			t.Errorf("readyz %d", status)
		}
	}

	server.MustRestart(t) // empty: it keeps nothing
	c := start(t, "--config", shop.other("var-3"))
	c.pays("10900")
	c.eventually("/metrics", `kvitto_publication_in_force{merchant="shop"} 2`)
	if !strings.Contains(a.logs.String()+b.logs.String(), "Redis had lost a publication: it was brought back") {
		t.Error("nobody was told")
	}
	shop.done(annaToken, c, "rollback", "--yes")
	for _, r := range []*running{a, b, c} {
		r.pays("8900")
	}
}
