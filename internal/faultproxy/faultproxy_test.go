package faultproxy_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/internal/faultproxy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo is a server that answers every line with itself, counts them, and tells of the first ones.
func echo(t *testing.T) (addr string, lines *atomic.Int64, arrived chan bool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	lines, arrived = new(atomic.Int64), make(chan bool, 16)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				r := bufio.NewReader(c)
				for {
					line, err := r.ReadString('\n')
					if err != nil {
						return
					}
					lines.Add(1)
					select {
					case arrived <- true:
					default:
					}
					if _, err := io.WriteString(c, line); err != nil {
						return
					}
				}
			}()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String(), lines, arrived
}

func listen(t *testing.T, target string) *faultproxy.Proxy {
	t.Helper()
	p, err := faultproxy.Listen(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func say(t *testing.T, c net.Conn, line string) {
	t.Helper()
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, c net.Conn, want string) {
	t.Helper()
	buf := make([]byte, len(want)+1)
	if _, err := io.ReadFull(c, buf); err != nil || string(buf) != want+"\n" {
		t.Fatalf("heard %q, %v; want %q", buf, err, want)
	}
}

func TestAllGoesThrough(t *testing.T) {
	t.Parallel()
	server, _, _ := echo(t)
	p := listen(t, server)
	long := strings.Repeat("x", 100_000)
	for _, f := range []faultproxy.Fault{{}, {Latency: time.Millisecond}, {Rate: 10_000_000}} {
		p.Set(f)
		c := dial(t, p.Addr())
		for _, line := range []string{"a", long, "b"} {
			say(t, c, line)
			hear(t, c, line)
		}
	}
}

func TestCutLosesTheAnswerAndNotTheRequest(t *testing.T) {
	t.Parallel()
	server, lines, _ := echo(t)
	p := listen(t, server)
	p.Cut(1, 2)
	c := dial(t, p.Addr())
	say(t, c, "hello")
	got, err := io.ReadAll(c)
	if !errors.Is(err, syscall.ECONNRESET) || len(got) > 2 {
		t.Fatalf("heard %q, error %v; want at most 2 bytes and a reset", got, err)
	}
	if lines.Load() != 1 || p.WasCut() != 1 {
		t.Fatalf("%d lines arrived, %d cut", lines.Load(), p.WasCut())
	}
	again := dial(t, p.Addr())
	say(t, again, "hello")
	hear(t, again, "hello")
}

func TestHoleSwallowsAnswersOfOpenConnections(t *testing.T) {
	t.Parallel()
	server, _, arrived := echo(t)
	p := listen(t, server)
	c := dial(t, p.Addr())
	say(t, c, "a")
	<-arrived
	hear(t, c, "a")
	p.Set(faultproxy.Fault{Hole: true})
	say(t, c, "lost")
	<-arrived
	if err := c.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Fatalf("heard %d bytes through a hole", n)
	}
}

func TestRefuseResetsNewConnections(t *testing.T) {
	t.Parallel()
	server, lines, _ := echo(t)
	p := listen(t, server)
	p.Set(faultproxy.Fault{Refuse: true})
	c, err := net.Dial("tcp", p.Addr())
	if err == nil {
		_, err = io.ReadAll(c)
		_ = c.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) || lines.Load() != 0 {
		t.Fatalf("error %v, %d lines", err, lines.Load())
	}
}

func TestDeadTargetResets(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := l.Addr().String()
	_ = l.Close()
	c, err := net.Dial("tcp", listen(t, dead).Addr())
	if err == nil {
		_, err = io.ReadAll(c)
		_ = c.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("error %v, want a reset", err)
	}
}

func TestCloseEndsWhatIsOpenAndMayBeRepeated(t *testing.T) {
	t.Parallel()
	server, _, _ := echo(t)
	p := listen(t, server)
	p.Set(faultproxy.Fault{Latency: time.Hour})
	c := dial(t, p.Addr())
	say(t, c, "a")
	for range 2 {
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.ReadAll(c); err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatal(err)
	}
}
