package cmd_test

import (
	"bufio"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// badSums is an order that is refused with the text of the configuration.
func badSums(t *testing.T) string {
	return strings.Replace(body(t), `"total_amount": 39900`, `"total_amount": 39901`, 1)
}

// TestTextsReload changes what buyers read while it serves.
func TestTextsReload(t *testing.T) {
	_, config := shopFolder(t)
	r := start(t, "--config", config)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, "texts: {fault: {sv: Ring 08-123 45.}}\n"+string(text))
	r.await("configuration in use")
	if status, got := r.post("address-update", badSums(t)); status != http.StatusBadRequest || !strings.Contains(got, "Ring 08-123 45.") {
		t.Errorf("%d %s, want the new text", status, got)
	}
}

// TestTokensReloadBesideBrokenTables changes a token file while the tables are broken: a leaked token must end at once.
func TestTokensReloadBesideBrokenTables(t *testing.T) {
	dir, config := shopFolder(t)
	file := filepath.Join(dir, "token")
	write(t, file, strings.Repeat("0123456789abcdef", 4))
	edit(t, config, "[{env: KVITTO_SHOP_TOKEN}]", "[{file: token}]")
	r := start(t, "--config", config)
	edit(t, filepath.Join(dir, "rules", "shipping.yaml"), "price: 59.00", "price: 59,00")
	r.await("rules not taken over")
	if status, _ := r.post("address-update", body(t)); status != http.StatusNotFound {
		t.Fatalf("%d, want 404 before the change", status)
	}
	write(t, file, shopToken)
	r.await("configuration in use")
	if status, got := r.post("address-update", body(t)); status != http.StatusOK {
		t.Errorf("%d %s, want the last good tables behind the new token", status, got)
	}
}

// TestRestoredTablesAreTold brings back the same bytes: whoever waits for the repair sees it in the log.
func TestRestoredTablesAreTold(t *testing.T) {
	dir, config := shopFolder(t)
	shipping := filepath.Join(dir, "rules", "shipping.yaml")
	r := start(t, "--config", config)
	edit(t, shipping, "price: 59.00", "price: 59,00")
	r.await("rules not taken over")
	edit(t, shipping, "price: 59,00", "price: 59.00")
	if e := r.await("rules in use"); e["merchant"] != "shop" || e["revision"] == "" {
		t.Errorf("%v", e)
	}
}

// TestLogReaderGone closes the pipe that the log goes to, as a log collector does that dies.
func TestLogReaderGone(t *testing.T) {
	_, config := shopFolder(t)
	c := exec.Command(binary(t), "serve", "--config", config, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	c.Env = append(os.Environ(), "KVITTO_SHOP_TOKEN="+shopToken)
	pipe, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines, listen := bufio.NewScanner(pipe), ""
	for lines.Scan() && listen == "" {
		if _, after, ok := strings.Cut(lines.Text(), `"listen":"`); ok {
			listen, _, _ = strings.Cut(after, `"`)
			break
		}
	}
	if err := pipe.Close(); err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, listen: listen}
	for range 3 { // each writes a line that nobody reads
		if status, got := r.post("address-update", body(t)); status != http.StatusOK {
			t.Errorf("%d %s", status, got)
		}
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("end: %v, want exit status 0", err)
	}
}

// TestDrainLetsGo asks for the end of each connection while stopping.
func TestDrainLetsGo(t *testing.T) {
	_, config := shopFolder(t)
	r := start(t, "--config", config, "--drain", "1m")
	ended := make(chan int, 1)
	go func() { ended <- r.stop() }()
	r.await(`"stopping"`)
	resp, err := http.Post("http://"+r.listen+"/v1/shop/"+shopToken+"/address-update", "application/json", strings.NewReader(body(t)))
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := read(t, resp); status != http.StatusOK || !resp.Close {
		t.Errorf("%d, close %v; want 200 and the end of the connection", status, resp.Close)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil { // asked twice: do not wait
		t.Fatal(err)
	}
	select {
	case status := <-ended:
		if status != 0 {
			t.Errorf("exit status %d", status)
		}
	case <-time.After(30 * time.Second):
		t.Error("a second signal did not end the wait")
	}
}

// TestSignalEndsCommand stops a command that waits for input.
func TestSignalEndsCommand(t *testing.T) {
	t.Parallel()
	c := exec.Command(binary(t), "order", "check", "-")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write(make([]byte, 256<<10)); err != nil { // more than a pipe holds: it is reading
		t.Fatal(err)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	killed := time.AfterFunc(30*time.Second, func() { _ = c.Process.Kill() }) // the failure is told below
	defer killed.Stop()
	var ended *exec.ExitError
	if err := c.Wait(); !errors.As(err, &ended) || ended.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
		t.Errorf("got %v, want the end by SIGTERM", err)
	}
}
