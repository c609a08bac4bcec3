package boltstore_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

// The environment variables that make the test binary a child, which works on a file.
const (
	roleVariable = "BOLTSTORE_CHILD"
	fileVariable = "BOLTSTORE_FILE"
)

// child does what the environment asks for and reports whether it asked.
func child() bool {
	switch path := os.Getenv(fileVariable); os.Getenv(roleVariable) {
	case "writer":
		write(path)
	case "full":
		fill(path)
	default:
		return false
	}
	return true
}

// spawn starts a child; lines are what it tells.
func spawn(t testing.TB, role, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, fileVariable+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	return cmd, bufio.NewScanner(out)
}

// write takes orders over, several at a time, for ever; it tells each fact once the store has taken it.
func write(path string) {
	s := boltstore.Open(path, boltstore.Options{Now: time.Now})
	run := fmt.Sprintf("%d", os.Getpid())
	for worker := range 4 {
		go func() {
			for n := 0; ; n++ {
				k := confirm.Key{Merchant: "shop", Order: fmt.Sprintf("r%s-%d-%d", run, worker, n)}
				if err := takeOver(s, k); err != nil {
					fmt.Println("fault", err)
					return
				}
			}
		}()
	}
	select {}
}

// takeOver brings an order from nothing to ACKED; every third one is left HANDED, every fifth PENDING with its body.
func takeOver(s *boltstore.Store, k confirm.Key) error {
	ctx := context.Background()
	told := func(state confirm.State) { fmt.Printf("%s %s\n", k.Order, state) }
	if _, _, err := s.Enqueue(ctx, k, confirm.Nudge{}); err != nil {
		return err
	}
	told(confirm.Pending)
	if _, _, err := s.Claim(ctx, k, "x", time.Minute); err != nil {
		return err
	}
	p, err := s.Prepare(ctx, k, "x", confirm.Prepared{SHA: k.Order, Body: []byte(strings.Repeat(k.Order, 50)), Revision: 1})
	if err != nil {
		return err
	}
	told("BODY")
	if err := s.Handed(ctx, k, p.SHA, confirm.Receipt{}); err != nil {
		return err
	}
	told(confirm.Handed)
	if strings.HasSuffix(k.Order, "3") {
		return nil
	}
	if err := s.Acked(ctx, k); err != nil {
		return err
	}
	told(confirm.Acked)
	return nil
}

// TestKilledWriter kills a process that writes, again and again: what it told of is there, the file is sound, and the next
// process goes on.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	path := file(t)
	facts := map[string]confirm.State{}
	for round := range 6 {
		cmd, lines := spawn(t, "writer", path)
		for n := 0; lines.Scan(); n++ {
			order, state, found := strings.Cut(lines.Text(), " ")
			if !found || order == "fault" {
				t.Errorf("the child says %q", lines.Text())
				break
			}
			facts[order] = confirm.State(state)
			if n == 40+37*round {
				ok(t, cmd.Process.Kill()) // what it told before it died is read to the end
			}
		}
		_ = cmd.Wait() // killed
		if _, err := boltstore.Inspect(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		holds(t, path, facts)
	}
	if len(facts) < 100 {
		t.Errorf("only %d orders were written", len(facts))
	}
}

// holds compares a file with the facts that were told.
func holds(t testing.TB, path string, facts map[string]confirm.State) {
	t.Helper()
	s, err := boltstore.OpenNow(path, time.Second, boltstore.Options{Now: time.Now})
	ok(t, err)
	defer func() { ok(t, s.Close()) }()
	rank := map[confirm.State]int{confirm.Pending: 1, "BODY": 2, confirm.Handed: 3, confirm.Acked: 4}
	for order, told := range facts {
		r, err := s.Get(t.Context(), confirm.Key{Merchant: "shop", Order: order})
		if err != nil {
			t.Fatalf("%s: told %s, and now %v", order, told, err)
		}
		if told == "BODY" && r.SHA != order || told != "BODY" && rank[r.State] < rank[told] {
			t.Fatalf("%s: told %s, and now %+v", order, told, r)
		}
	}
}
