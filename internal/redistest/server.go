package redistest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// patience is how long a server may take to answer its first PING, or a group to agree.
const patience = 20 * time.Second

// Options say how a server is started. All members are optional.
type Options struct {
	Dir      string   // of its data; "" for a new one, which Close removes
	Settings []string // such as "--maxmemory", "3mb"
	Loading  bool     // do not wait until its data is loaded
}

// Server is a Redis process. Its methods are for one goroutine.
type Server struct {
	dir     string
	own     bool // dir is ours to remove
	port    int
	args    []string
	loading bool
	cmd     *exec.Cmd
	done    chan struct{} // closed when the process has ended
}

// Start starts a server and waits until it answers.
func Start(ctx context.Context, o Options) (*Server, error) {
	ports, err := freePorts(1)
	if err != nil {
		return nil, err
	}
	return start(ctx, o, ports[0], defaults)
}

// defaults are the settings of a server, before those of its caller.
func defaults(s *Server) []string {
	return []string{"--port", strconv.Itoa(s.port), "--bind", host, "--dir", s.dir, "--save", "", "--appendonly", "yes",
		"--appendfsync", "everysec", "--repl-diskless-sync-delay", "0", "--repl-diskless-sync", "yes",
		"--enable-debug-command", "yes", "--logfile", filepath.Join(s.dir, "redis.log")}
}

func start(ctx context.Context, o Options, port int, args func(*Server) []string) (*Server, error) {
	s := &Server{dir: o.Dir, port: port, loading: o.Loading}
	if s.dir == "" {
		dir, err := os.MkdirTemp("", "redistest-")
		if err != nil {
			return nil, fmt.Errorf("redistest: %w", err)
		}
		s.dir, s.own = dir, true
	}
	s.args = append(args(s), o.Settings...)
	if err := s.Restart(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() string { return host + ":" + strconv.Itoa(s.port) }

// Port is the last part of Addr.
func (s *Server) Port() int { return s.port }

// Dir is where its data and its log, redis.log, are.
func (s *Server) Dir() string { return s.dir }

// Set adds settings that count from the next Restart.
func (s *Server) Set(settings ...string) { s.args = append(s.args, settings...) }

// Restart starts a server that has ended again, with the same port, data and settings, and waits until it answers.
func (s *Server) Restart(ctx context.Context) error {
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		return fmt.Errorf("redistest: %w", err)
	}
	s.cmd = exec.Command(bin, s.args...)
	s.cmd.Dir = s.dir
	s.cmd.SysProcAttr = withParent()
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("redistest: start: %w", err)
	}
	done := make(chan struct{})
	s.done = done
	go func(cmd *exec.Cmd) {
		defer close(done)
		_ = cmd.Wait() // how it ended is in its log
	}(s.cmd)
	return s.until(ctx, "it answers", func(ctx context.Context) bool {
		_, err := s.Do(ctx, "PING")
		return err == nil || s.loading && strings.HasPrefix(err.Error(), "LOADING")
	})
}

// until waits for a condition, as long as the process lives and patience lasts.
func (s *Server) until(ctx context.Context, what string, ready func(context.Context) bool) error {
	err := until(ctx, s.done, ready)
	if err != nil {
		return fmt.Errorf("redistest: %s: waiting until %s: %w%s", s.Addr(), what, err, s.lastWords())
	}
	return nil
}

var errEnded = errors.New("the process has ended")

func until(ctx context.Context, done <-chan struct{}, ready func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ready(ctx) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-done:
			return errEnded
		case <-tick.C:
		}
	}
	return nil
}

// lastWords are the last lines of the log.
func (s *Server) lastWords() string {
	log, err := os.ReadFile(filepath.Join(s.dir, "redis.log"))
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	return "\n" + strings.Join(lines[max(0, len(lines)-8):], "\n")
}

// Do runs a command on a connection of its own. It waits as long as ctx lets it.
func (s *Server) Do(ctx context.Context, args ...any) (any, error) {
	c := redis.NewClient(&redis.Options{Addr: s.Addr(), Protocol: 2, MaxRetries: -1, DialerRetries: 1, ReadTimeout: -1,
		ContextTimeoutEnabled: true, DisableIdentity: true, PoolSize: 1})
	defer c.Close() //nolint:errcheck // nothing is buffered
	return c.Do(ctx, args...).Result()
}

// Kill ends the process at once, as a crash does.
func (s *Server) Kill() { s.signal(syscall.SIGKILL) }

// Shutdown ends it in order.
func (s *Server) Shutdown() { s.signal(syscall.SIGTERM) }

func (s *Server) signal(sig syscall.Signal) {
	if s.done == nil {
		return
	}
	select {
	case <-s.done: // its number may be somebody else's by now
		return
	default:
	}
	_ = syscall.Kill(-s.cmd.Process.Pid, sig) // it has ended already: all the better
	<-s.done
}

// Pause stops it in its tracks: connections stay and nothing answers.
func (s *Server) Pause() error { return s.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume lets it go on.
func (s *Server) Resume() error { return s.cmd.Process.Signal(syscall.SIGCONT) }

// Close ends the process and removes its folder, if Start made it.
func (s *Server) Close() error {
	s.Kill()
	if !s.own {
		return nil
	}
	return s.remove()
}

// remove removes the folder. What the server forked may write a last file while it dies.
func (s *Server) remove() (err error) {
	for range 100 {
		if err = os.RemoveAll(s.dir); err == nil {
			return nil
		}
	}
	return fmt.Errorf("redistest: %w", err)
}
