package redistest

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// Require ends the test where the machine has no redis-server: skipped, or failed where KVITTO_REQUIRE_REDIS is 1.
func Require(t testing.TB) {
	t.Helper()
	_, err := exec.LookPath("redis-server")
	switch {
	case err == nil:
	case os.Getenv("KVITTO_REQUIRE_REDIS") == "1":
		t.Fatal("KVITTO_REQUIRE_REDIS is 1, but there is no redis-server in PATH")
	default:
		t.Skip("skipped: there is no redis-server in PATH")
	}
}

// New starts a server for a test, which ends it.
func New(t testing.TB, settings ...string) *Server {
	t.Helper()
	return NewWith(t, Options{Settings: settings})
}

// NewWith is New with all options.
func NewWith(t testing.TB, o Options) *Server {
	t.Helper()
	Require(t)
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	closeWith(t, s)
	return s
}

func closeWith(t testing.TB, s *Server) {
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Replica starts a replica of a server and waits until it has the data.
func Replica(t testing.TB, primary *Server, settings ...string) *Server {
	t.Helper()
	r := New(t, append([]string{"--replicaof", host + " " + strconv.Itoa(primary.port)}, settings...)...)
	r.AwaitInfo(t, "replication", "master_link_status:up")
	return r
}

// AwaitInfo waits until a section of INFO has a line.
func (s *Server) AwaitInfo(t testing.TB, section, line string) {
	t.Helper()
	s.Await(t, line, func() bool { return strings.Contains(s.info(t, section), line+"\r\n") })
}

// Await waits for a condition while the server lives.
func (s *Server) Await(t testing.TB, what string, ready func() bool) {
	t.Helper()
	if err := until(t.Context(), s.done, func(context.Context) bool { return ready() }); err != nil {
		t.Fatalf("redistest: %s: waiting until %s: %v%s", s.Addr(), what, err, s.lastWords())
	}
}

func (s *Server) info(t testing.TB, section string) string {
	v, err := s.Do(t.Context(), "INFO", section)
	text, ok := v.(string)
	if err != nil || !ok {
		return ""
	}
	return text
}

// Must runs a command and ends the test if it fails.
func (s *Server) Must(t testing.TB, args ...any) any {
	t.Helper()
	v, err := s.Do(t.Context(), args...)
	if err != nil {
		t.Fatalf("redistest: %s: %v: %v", s.Addr(), args[0], err)
	}
	return v
}

// MustRestart is Restart.
func (s *Server) MustRestart(t testing.TB) {
	t.Helper()
	if err := s.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// MustPause is Pause; the test lets the server go on at its end if nobody has before.
func (s *Server) MustPause(t testing.TB) {
	t.Helper()
	if err := s.Pause(); err != nil {
		t.Fatal(err)
	}
}

// MustResume is Resume.
func (s *Server) MustResume(t testing.TB) {
	t.Helper()
	if err := s.Resume(); err != nil {
		t.Fatal(err)
	}
}
