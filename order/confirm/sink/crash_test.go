package sink_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order/confirm/sink"
)

// The environment of the process that is killed.
const (
	crashDir  = "KVITTO_TEST_SPOOL"      // the folder; set in that process only
	crashStep = "KVITTO_TEST_SPOOL_STEP" // before which it dies; "": it writes until it is killed
)

// crash is that process. It tells what was taken, a line each.
func crash() int {
	s, err := sink.NewSpool(os.Getenv(crashDir))
	if err != nil {
		fmt.Println(err)
		return 2
	}
	at := os.Getenv(crashStep)
	s.Before(func(step string) error {
		if step == at {
			die()
		}
		return nil
	})
	e := event()
	if at != "" {
		_, err := s.Take(context.Background(), e)
		fmt.Println("alive after", at, err)
		return 3
	}
	for n := range 1_000_000 {
		text := strings.Repeat(fmt.Sprint(n), 20_000)
		sum := sha256.Sum256([]byte(text))
		e.ID, e.Body = fmt.Sprintf("evt_%d", n), []byte(hex.EncodeToString(sum[:])+text)
		if _, err := s.Take(context.Background(), e); err != nil {
			fmt.Println(err)
			return 4
		}
		fmt.Println(e.ID)
	}
	return 5
}

// die is kill -9 of this process.
func die() {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(6)
	}
	select {}
}

func child(t *testing.T, dir, step string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), crashDir+"="+dir, crashStep+"="+step)
	return c
}

// TestSpoolCrash: the process dies (kill -9) before each of the steps. What is there afterwards is the whole file or none;
// the next start sweeps the rest, and the next attempt finds the file or makes it, but never overwrites it.
func TestSpoolCrash(t *testing.T) {
	t.Parallel()
	for _, step := range steps() {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out, err := child(t, dir, step).CombinedOutput()
			if err == nil || len(out) > 0 {
				t.Fatalf("the process did not die: %v\n%s", err, out)
			}
			_, there := files(t, dir)[id+".json"]
			if there != published(step) {
				t.Errorf("died before %s: got %v", step, files(t, dir))
			}
			s := spool(t, dir)
			later := event()
			later.Attempt, later.Body = 2, []byte("later")
			if _, err := s.Take(t.Context(), later); err != nil {
				t.Fatal(err)
			}
			want := map[bool]string{true: body, false: "later"}[there]
			wantFiles(t, dir, map[string]string{id + ".json": want, "done": "/"})
		})
	}
}

// TestSpoolCrashAnywhere: a process that writes file after file is killed in the midst of it, several times. Everything that
// it had said was taken is there, and every file is whole.
func TestSpoolCrashAnywhere(t *testing.T) {
	t.Parallel()
	for round := range 4 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			c := child(t, dir, "")
			out, err := c.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			var taken []string
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if taken = append(taken, lines.Text()); len(taken) == 3+5*round {
					if err := c.Process.Kill(); err != nil {
						t.Error(err)
					}
				}
			}
			if err := c.Wait(); err == nil {
				t.Error("it was not killed")
			}
			spool(t, dir)
			got := files(t, dir)
			for _, name := range taken {
				if _, there := got[name+".json"]; !there {
					t.Errorf("%s was taken and is not there", name)
				}
			}
			for name, text := range got {
				if name == "done" {
					continue
				}
				if filepath.Ext(name) != ".json" || len(text) < 64 {
					t.Errorf("left over: %s, %d bytes", name, len(text))
					continue
				}
				if sum := sha256.Sum256([]byte(text[64:])); hex.EncodeToString(sum[:]) != text[:64] {
					t.Errorf("%s is not whole: %d bytes", name, len(text))
				}
			}
		})
	}
}
