package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/floor"
)

// process is a server under load.
type process struct {
	cmd    *exec.Cmd
	url    string        // of address-update
	readyT time.Duration // from start to listening
}

// build compiles the service as the README says.
func build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "kvitto")
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "./cmd/kvitto")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	c.Stderr = os.Stderr
	return binary, c.Run()
}

// startKvitto starts the service on free ports and waits until it says that it serves.
func startKvitto(ctx context.Context, binary, path string, args ...string) (*process, error) {
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"}, args...)
	c := exec.CommandContext(ctx, binary, args...)
	c.Env = append(os.Environ(), "LOADRUN_TOKEN="+configs.DemoToken)
	logs, err := os.CreateTemp(filepath.Dir(binary), "log-") // a file, as under a supervisor
	if err != nil {
		return nil, err
	}
	c.Stderr = logs
	began := time.Now()
	if err := c.Start(); err != nil {
		return nil, err
	}
	listen, err := serving(ctx, logs.Name())
	if err != nil {
		return nil, errors.Join(err, c.Process.Kill(), logs.Close())
	}
	return &process{cmd: c, url: "http://" + listen + path, readyT: time.Since(began)}, logs.Close()
}

// serving waits for the log line that says where the service listens.
func serving(ctx context.Context, log string) (string, error) {
	for {
		data, err := os.ReadFile(log)
		if err != nil {
			return "", err
		}
		for line := range bytes.Lines(data) {
			var entry struct{ Message, Listen string }
			if json.Unmarshal(line, &entry) == nil && entry.Message == "serving" {
				return entry.Listen, nil
			}
		}
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("the service did not start: %s", data)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// startFloor starts this program again as the floor handler.
func startFloor(ctx context.Context) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, "floor")
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	listen, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, err
	}
	return &process{cmd: c, url: "http://" + strings.TrimSpace(listen) + "/v1/m/t/address-update"}, nil
}

// serveFloor is the floor process: it prints its address and serves.
func serveFloor() error {
	body, err := floor.Body("118 26")
	if err != nil {
		return err
	}
	var o floor.Order
	if err := json.Unmarshal(body, &o); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	server := &http.Server{Handler: floor.Handler(floor.Fixed(&o)), ReadHeaderTimeout: 2 * time.Second}
	return server.Serve(l)
}

// stop ends the process and waits.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && !exit.Exited() {
		return nil // the floor knows no signals
	}
	return err
}

// cpu is the processor time used so far, user and system, from /proc (Linux).
func (p *process) cpu() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("processor time is read from /proc, on Linux: %w", err)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100), nil
}

// resident is the memory in use, in MiB.
func (p *process) resident() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024, err
		}
	}
	return 0, errors.New("no VmRSS")
}
