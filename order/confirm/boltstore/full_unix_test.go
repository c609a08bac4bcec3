//go:build unix

package boltstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

// fill writes until the disk is full, which a limit of the file's size plays, then takes the limit away and writes on.
func fill(path string) {
	signal.Ignore(syscall.SIGXFSZ)
	s := boltstore.Open(path, boltstore.Options{Now: time.Now})
	enqueue := func(n int) error {
		k := confirm.Key{Merchant: "shop", Order: fmt.Sprintf("o%d", n)}
		if _, _, err := s.Enqueue(context.Background(), k, confirm.Nudge{}); err != nil {
			return err
		}
		if _, _, err := s.Claim(context.Background(), k, "x", time.Minute); err != nil {
			return err
		}
		_, err := s.Prepare(context.Background(), k, "x", confirm.Prepared{SHA: "s", Body: make([]byte, 64<<10)})
		return err
	}
	if err := enqueue(0); err != nil {
		fmt.Println("at first:", err)
		return
	}
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		fmt.Println("limit:", err)
		return
	}
	tight := old
	tight.Cur = 2 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &tight); err != nil {
		fmt.Println("limit:", err)
		return
	}
	n := 1
	for ; n < 1000; n++ {
		if err := enqueue(n); err != nil {
			fmt.Printf("full: down %t: %v\n", errors.Is(err, confirm.ErrDown) && errors.Is(err, syscall.EFBIG), err)
			break
		}
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		fmt.Println("limit:", err)
		return
	}
	fmt.Println("space again:", enqueue(n))
	for i := range n + 1 {
		if _, err := s.Get(context.Background(), confirm.Key{Merchant: "shop", Order: fmt.Sprintf("o%d", i)}); err != nil {
			fmt.Println("lost:", i, err)
		}
	}
	fmt.Println("closed:", s.Close())
	_ = os.Stdout.Sync() // a pipe has nothing to sync
}

// TestFullDisk is row 18 and 32 for a file: what cannot be written is ErrDown, nothing is lost, and with space it works again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	path := file(t)
	cmd, lines := spawn(t, "full", path)
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
	}
	ok(t, cmd.Wait())
	if len(said) != 3 || !strings.HasPrefix(said[0], "full: down true: ") || said[1] != "space again: <nil>" || said[2] != "closed: <nil>" {
		t.Errorf("the child says %q", said)
	}
	if _, err := boltstore.Inspect(t.Context(), path); err != nil {
		t.Error(err)
	}
}
