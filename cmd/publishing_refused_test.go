package cmd_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/publication"
)

// send posts an archive to the admin listener, with a token or "".
func (r *running) send(token, path string, archive []byte) (int, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, "http://"+r.admin+path, bytes.NewReader(archive))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/zip")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	return read(r.t, resp)
}

func zipOf(t *testing.T, dir string) []byte {
	t.Helper()
	archive, _, err := publication.Pack(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

// changed is the archive of a folder with other files in it.
func changed(t *testing.T, dir string, files map[string]string) []byte {
	t.Helper()
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		write(t, filepath.Join(copied, name), text)
	}
	return zipOf(t, copied)
}

// TestPublishRefused: the service trusts nobody's checks but its own, says in words why it refuses, and serves what it served.
func TestPublishRefused(t *testing.T) {
	t.Parallel()
	shop := publishingShop(t)
	shop.conf("admin_token: {env: KVITTO_SHOP_ADMIN}")
	edit(t, shop.config, "{env: KVITTO_SHOP_ADMIN}", "{file: console}")
	console := strings.Repeat("0123456789abcdef", 4)
	write(t, filepath.Join(shop.dir, "console"), console)
	r := start(t, "--config", shop.config)
	book := shop.book("69.00")
	good := zipOf(t, book)
	const path = "/api/publications?rulebook=rules"
	slip := new(bytes.Buffer)
	w := zip.NewWriter(slip)
	if _, err := w.Create("../../shipping.yaml"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		token, path string
		archive     []byte
		status      int
		want        string
	}{
		"no token":          {"", path, good, 401, "nobody who may publish has this token"},
		"a wrong token":     {strings.Repeat("9876543210abcdef", 4), path, good, 401, "nobody who may publish has this token"},
		"half a token":      {annaToken[:63], path, good, 401, "nobody who may publish has this token"},
		"the admin token":   {console, path, good, 403, "the admin token may only look"},
		"a shop's token":    {shopToken, path, good, 401, "nobody who may publish has this token"},
		"another rulebook":  {annaToken, "/api/publications?rulebook=other", good, 404, "there is no rulebook \\\"other\\\"; there is rules"},
		"no rulebook":       {annaToken, "/api/publications", good, 404, "there is no rulebook"},
		"no archive":        {annaToken, path, []byte("version: 1"), 422, "this is no archive of a rulebook"},
		"out of the folder": {annaToken, path, slip.Bytes(), 422, "this is not a name inside a rulebook"},
		"too large":         {annaToken, path, make([]byte, publication.MaxArchive+1), 413, "at most 32 MiB can be published"},
		"errors": {annaToken, path, changed(t, book, map[string]string{"tax.yaml": "version: 1\n"}), 422,
			"the rulebook has errors: tax.yaml:1:1: "},
		"failing tests": {annaToken, path, changed(t, book, map[string]string{"a.test.yaml": read2(t, "../configs/examples/first/first.test.yaml")}), 422,
			"2 of the rulebook's own tests fail; first: a.test.yaml:"},
		"a start that is over": {annaToken, path + "&at=2020-01-01T00:00:00Z", good, 422, "is over by the clock of the service"},
		"a start far away":     {annaToken, path + "&at=2200-01-01T00:00:00Z", good, 422, "more than two years ahead"},
		"no start":             {annaToken, path + "&at=tomorrow", good, 400, "is no time such as 2026-12-01T00:00:00+01:00"},
		"a long reason":        {annaToken, path + "&why=" + strings.Repeat("x", 301), good, 422, "at most 300 characters"},
		"no number":            {annaToken, "/api/publications/again?rulebook=rules", nil, 400, "the number of a publication is missing"},
		"an unknown number":    {annaToken, "/api/publications/again?rulebook=rules&number=7", nil, 404, "there is no publication"},
	} {
		status, answer := r.send(tt.token, tt.path, tt.archive)
		if status != tt.status || !strings.Contains(answer, tt.want) {
			t.Errorf("%s: %d %s; want %d and %q", name, status, answer, tt.status, tt.want)
		}
	}
	if _, stdout, stderr := shop.as(annaToken, r, "history"); !strings.HasPrefix(stdout, "nothing was published") {
		t.Errorf("%s%s", stdout, stderr)
	}
	for name, token := range map[string]string{"nobody": "", "the wrong token": boToken[:60], "the admin token": console, "a person": boToken} {
		allowed := token == console || token == boToken
		status, _, _ := shop.as(token, r, "history")
		if (status == 0) != allowed {
			t.Errorf("history as %s: exit status %d", name, status)
		}
	}
	r.pays("7900")
	if log := r.logs.String(); strings.Contains(log, annaToken) || strings.Contains(log, console) || !strings.Contains(log, "its token is nobody's") {
		t.Error("a token is in the log, or nothing is told of one that is nobody's")
	}
}

func read2(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTokensOfPeopleReload: a token that leaked ends with the next reload, and one with `until` at its time.
func TestTokensOfPeopleReload(t *testing.T) {
	t.Parallel()
	shop := publishingShop(t)
	edit(t, shop.config, "token: {file: bo}", "token: {file: bo, until: 2020-01-01}")
	r := start(t, "--config", shop.config)
	if status, _, stderr := shop.as(boToken, r, "history"); status != 2 || !strings.Contains(stderr, "this asks for the admin token") {
		t.Errorf("a token that has ended: %d %s", status, stderr)
	}
	shop.done(annaToken, r, "history")
	write(t, filepath.Join(shop.dir, "anna"), strings.Repeat("fedcba9876543210", 4))
	r.await("configuration in use")
	if status, _, _ := shop.as(annaToken, r, "publish", shop.book("69.00"), "--yes"); status != 2 {
		t.Errorf("the old token: exit status %d", status)
	}
	shop.done(strings.Repeat("fedcba9876543210", 4), r, "publish", shop.book("79.00"), "--yes")
}

// TestNotPublishing: a service that nobody may publish to says what to set.
func TestNotPublishing(t *testing.T) {
	t.Parallel()
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	s := &publishing{t: t, now: time.Now}
	for _, verb := range [][]string{{"history"}, {"publish", "../configs/examples/first", "--yes"}, {"rollback", "--yes"}} {
		if status, _, stderr := s.as(annaToken, r, verb...); status != 2 || !strings.Contains(stderr, "write publish: {dir: var/rules, people: [") {
			t.Errorf("%v: %d %s", verb, status, stderr)
		}
	}
}

// TestPublishedAndBroken: a start with files that were damaged, and no Redis to bring them back, does not serve other prices.
func TestPublishedAndBroken(t *testing.T) {
	t.Parallel()
	shop := publishingShop(t)
	r := start(t, "--config", shop.config)
	shop.done(annaToken, r, "publish", shop.book("69.00"), "--yes")
	files, err := filepath.Glob(filepath.Join(shop.dir, "var", "rules", "*", "*.zip"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	const instead = "publication 1 of anna (revision "
	if status, _, stderr := runCommand(new(counted), "check", "--config", shop.config); status != 0 || !strings.Contains(stderr, instead) {
		t.Errorf("check: %d %s", status, stderr)
	}
	_, stdout, _ := runCommand(new(counted), "doctor", "--config", shop.config, "--admin", r.admin)
	if !strings.Contains(stdout, instead) || strings.Contains(stdout, "the files are") {
		t.Errorf("doctor: %s", stdout)
	}
	write(t, files[0], "not what it was")
	if status, _, stderr := runCommand(new(counted), "check", "--config", shop.config); status != 1 || !strings.Contains(stderr, "publication 1: ") {
		t.Errorf("check: %d %s", status, stderr)
	}
	_, stdout, _ = runCommand(new(counted), "doctor", "--config", shop.config, "--admin", r.admin)
	if !strings.Contains(stdout, "publication 1 cannot be used") {
		t.Errorf("doctor: %s", stdout)
	}
	write(t, filepath.Join(shop.dir, "anna"), annaToken) // a reload, which finds the damage
	r.pays("8900")
	if status := r.stop(); status != 0 {
		t.Fatal(status)
	}
	if status, _, stderr := runCommand(new(counted), "serve", "--config", shop.config, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"); status != 2 ||
		!strings.Contains(stderr, "publication 1") {
		t.Errorf("it started: %d %s", status, stderr)
	}
}

// clock is one that a test sets.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock(t time.Time) *clock { return &clock{t: t} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// TestAnswerLost: a service that dies before it answers may have published, and the command does not claim that it did not.
func TestAnswerLost(t *testing.T) {
	t.Parallel()
	shop := publishingShop(t)
	r := start(t, "--config", shop.config)
	way := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodPost {
			if status, answer := r.send(annaToken, req.URL.String(), readAll(t, req.Body)); status != http.StatusOK {
				t.Errorf("%d %s", status, answer)
			}
			panic(http.ErrAbortHandler)
		}
		u := *req.URL
		u.Scheme, u.Host = "http", r.admin
		passed := req.Clone(req.Context())
		passed.RequestURI, passed.URL = "", &u
		resp, err := http.DefaultClient.Do(passed)
		if err != nil {
			t.Error(err)
			return
		}
		status, answer := read(t, resp)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer)) // the client is told by what it makes of it
	}))
	t.Cleanup(way.Close)
	status, _, stderr := shop.as(annaToken, &running{t: t, admin: way.URL}, "publish", shop.book("69.00"), "--yes")
	if status != 2 || !strings.Contains(stderr, "did not say whether it was published: look at kvitto rules history") {
		t.Errorf("%d %s", status, stderr)
	}
	if h := shop.history(r); h.Serving != 1 {
		t.Errorf("%+v", h)
	}
}

func readAll(t *testing.T, from io.Reader) []byte {
	t.Helper()
	raw, err := io.ReadAll(from)
	if err != nil {
		t.Error(err)
	}
	return raw
}
