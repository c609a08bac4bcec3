package cmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/order/confirm"
)

func auditTime() time.Time { return time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC) }

func auditChange(order string, s confirm.Step) confirm.Change {
	return confirm.Change{Key: confirm.Key{Merchant: "shop", Order: order}, At: auditTime(), Step: s, To: confirm.Pending, By: confirm.ByPush}
}

// audited is an audit of n orders in a file of its own.
func audited(t *testing.T, n int) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "var", "audit.jsonl")
	a := openedAudit(t, file)
	for i := range n {
		if err := a.Write(auditChange(fmt.Sprintf("order-%d", i), confirm.StepEnqueued)); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

func openedAudit(t *testing.T, file string) *cmd.Audit {
	t.Helper()
	a, err := cmd.OpenAudit(file, auditTime())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// runOrders runs kvitto orders to its end.
func runOrders(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := &cmd.Program{Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Now: time.Now, Environ: []string{"KVITTO_SHOP_TOKEN=" + shopToken}}
	status = p.Run(t.Context(), append([]string{"orders"}, args...))
	return status, out.String(), errs.String()
}

type auditSeen struct {
	Lines, Runs, Lost int
	Fragments         []int
	Continues         bool
	Broken            int `json:"broken_line"`
	Why               string
	Last              string `json:"last_hash"`
}

// checkedAudit is what kvitto orders audit says of a file.
func checkedAudit(t *testing.T, file string) (status int, seen auditSeen) {
	t.Helper()
	status, out, errs := runOrders(t, "", "audit", "--format", "json", file)
	var all struct{ Audits []auditSeen }
	if err := json.Unmarshal([]byte(out), &all); err != nil || len(all.Audits) != 1 {
		t.Fatalf("%v: %s %s", err, out, errs)
	}
	return status, all.Audits[0]
}

func auditText(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(string(raw), "\n"), "\n")
}

// TestAuditFile: the file is private, in a folder that is made, and each line says what happened.
func TestAuditFile(t *testing.T) {
	t.Parallel()
	file := audited(t, 1)
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	lines := auditText(t, file)
	var got map[string]any
	if err := json.Unmarshal([]byte(lines[1]), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"run", "prev", "hash"} {
		if got[key] == "" || got[key] == nil {
			t.Errorf("no %s: %v", key, got)
		}
		delete(got, key)
	}
	want := map[string]any{"time": "2026-11-25T10:00:00Z", "merchant": "shop", "order_id": "order-0", "step": "enqueued", "to": "PENDING", "by": "push"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if !strings.Contains(lines[0], `"step":"opened","by":"test"`) {
		t.Errorf("first line: %s", lines[0])
	}
}

// TestAuditTampered: whatever is done to the lines, the first one that shows it is named.
func TestAuditTampered(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		tamper func(lines []string) []string
		broken int
		why    string
	}{
		{"nothing", func(l []string) []string { return l }, 0, ""},
		{"a word changed", func(l []string) []string {
			l[2] = strings.Replace(l[2], "order-1", "order-9", 1)
			return l
		}, 3, "its hash does not fit"},
		{"a member more", func(l []string) []string {
			l[2] = strings.Replace(l[2], `{"time"`, `{"note":"","time"`, 1)
			return l
		}, 3, "its hash does not fit"},
		{"a member twice", func(l []string) []string {
			l[2] = strings.Replace(l[2], `{"time"`, `{"time":"","time"`, 1)
			return l
		}, 3, "its hash does not fit"},
		{"a blank", func(l []string) []string { l[2] = " " + l[2]; return l }, 3, "its hash does not fit"},
		{"a line taken out", func(l []string) []string { return append(l[:2], l[3:]...) }, 3, "taken out"},
		{"a line made unreadable", func(l []string) []string { l[2] = "{\n"; return l }, 4, "taken out"},
		{"two lines swapped", func(l []string) []string { l[2], l[3] = l[3], l[2]; return l }, 3, "moved"},
		{"a line twice", func(l []string) []string { return append(l[:3], l[2:]...) }, 4, "put in"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := audited(t, 4)
			write(t, file, strings.Join(tt.tamper(auditText(t, file)), "")+"\n")
			status, seen := checkedAudit(t, file)
			if seen.Broken != tt.broken || !strings.Contains(seen.Why, tt.why) || (status == 1) != (tt.broken > 0) {
				t.Errorf("status %d, %+v; want line %d, %q", status, seen, tt.broken, tt.why)
			}
			if tt.broken > 0 {
				if _, out, _ := runOrders(t, "", "audit", file); !strings.HasPrefix(out, fmt.Sprintf("%s:%d: ", file, tt.broken)) {
					t.Errorf("as text: %s", out)
				}
			}
		})
	}
}

// TestAuditOverRestarts: a run goes on from the last line of the one before; what is taken out between them shows, what is
// moved to another file does not have to be there.
func TestAuditOverRestarts(t *testing.T) {
	t.Parallel()
	file := audited(t, 2)
	a, b := openedAudit(t, file), openedAudit(t, file) // two processes at the same time
	for i := range 3 {
		for _, w := range []*cmd.Audit{a, b} {
			if err := w.Write(auditChange(fmt.Sprint("later-", i), confirm.StepAcked)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(a.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}
	if status, seen := checkedAudit(t, file); status != 0 || seen.Lines != 11 || seen.Runs != 3 || seen.Continues {
		t.Errorf("status %d, %+v", status, seen)
	}
	lines := auditText(t, file)
	write(t, file, strings.Join(append(lines[:2:2], lines[3:]...), "")+"\n") // the last line of the first run
	if status, seen := checkedAudit(t, file); status != 1 || seen.Broken != 3 || !strings.Contains(seen.Why, "begins a run behind a line that is not here") {
		t.Errorf("status %d, %+v", status, seen)
	}
	write(t, file, strings.Join(lines[3:], "")+"\n")
	if status, seen := checkedAudit(t, file); status != 0 || !seen.Continues {
		t.Errorf("what an earlier file holds: status %d, %+v", status, seen)
	}
}

// full is a disk that takes some bytes and no more, until there is space.
type full struct {
	io.WriteCloser
	takes int
	space bool
}

func (f *full) Write(p []byte) (int, error) {
	if f.space {
		return f.WriteCloser.Write(p)
	}
	n, err := f.WriteCloser.Write(p[:min(f.takes, len(p))])
	f.takes = 0
	return n, errors.Join(err, errors.New("no space left on device"))
}

// TestAuditOnAFullDisk is row 18 for the file: what could not be written is counted in the next line, a line that was begun is
// no breach, also over a restart.
func TestAuditOnAFullDisk(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		takes     int
		restart   bool
		fragments []int
		lost      int
	}{
		"nothing was written":    {0, false, nil, 2},
		"half a line":            {40, false, []int{3}, 2},
		"half, and a restart":    {40, true, []int{3}, 0}, // who lost them has said so in its own log
		"nothing, and a restart": {0, true, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := audited(t, 0)
			a := openedAudit(t, file)
			disk := &full{takes: tt.takes}
			a.Through(func(w io.WriteCloser) io.WriteCloser { disk.WriteCloser = w; return disk })
			for range 2 {
				if err := a.Write(auditChange("lost", confirm.StepEnqueued)); err == nil {
					t.Error("no error")
				}
			}
			disk.space = true
			if tt.restart {
				if err := a.Close(); err != nil {
					t.Fatal(err)
				}
				a = openedAudit(t, file)
			}
			for range 2 {
				if err := a.Write(auditChange("found", confirm.StepEnqueued)); err != nil {
					t.Fatal(err)
				}
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			status, seen := checkedAudit(t, file)
			if d := cmp.Diff(tt.fragments, seen.Fragments); status != 0 || d != "" || seen.Lost != tt.lost {
				t.Errorf("status %d, %+v\n%s", status, seen, strings.Join(auditText(t, file), ""))
			}
		})
	}
}

// TestAuditTogether: lines of many goroutines do not mix.
func TestAuditTogether(t *testing.T) {
	t.Parallel()
	file := audited(t, 0)
	a := openedAudit(t, file)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if err := a.Write(auditChange(fmt.Sprint("order-", i), confirm.StepHanded)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if status, seen := checkedAudit(t, file); status != 0 || seen.Lines != 22 {
		t.Errorf("status %d, %+v", status, seen)
	}
}

// TestOrdersAuditRefuses: what the command cannot do it says.
func TestOrdersAuditRefuses(t *testing.T) {
	t.Parallel()
	other := filepath.Join(t.TempDir(), "other")
	write(t, other, "hello\n")
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		want   string
	}{
		{"nothing named", nil, 2, "name a file, or the configuration with --config"},
		{"no such file", []string{"nowhere.jsonl"}, 2, "nowhere.jsonl"},
		{"no audit", []string{other}, 1, "there is no line of an audit in it"},
		{"a format", []string{"--format", "xml", other}, 2, `--format "xml": right is text or json`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, out, errs := runOrders(t, "", append([]string{"audit"}, tt.args...)...)
			if status != tt.status || !strings.Contains(out+errs, tt.want) {
				t.Errorf("status %d: %s%s", status, out, errs)
			}
		})
	}
}
