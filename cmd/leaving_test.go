package cmd_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kvitto/kvitto/cmd"
)

// TestLeaving: each ends once, at its time or at the end of the service, and is forgotten then.
func TestLeaving(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l cmd.Leaving
		var soon, late, after atomic.Int32
		l.Now() // nothing yet
		l.Later(time.Minute, func() { soon.Add(1) })
		l.Later(time.Hour, func() { late.Add(1) })
		time.Sleep(time.Minute - 1) // of the bubble's clock: takes no time
		synctest.Wait()
		if soon.Load() != 0 || l.Waiting() != 2 {
			t.Errorf("before its time: ended %d, %d are left", soon.Load(), l.Waiting())
		}
		time.Sleep(2 * time.Nanosecond)
		synctest.Wait()
		if soon.Load() != 1 || late.Load() != 0 || l.Waiting() != 1 {
			t.Errorf("after a minute: ended %d and %d, %d are left", soon.Load(), late.Load(), l.Waiting())
		}
		l.Now()
		l.Now()
		if late.Load() != 1 || l.Waiting() != 0 {
			t.Errorf("at the end: ended %d, %d are left", late.Load(), l.Waiting())
		}
		l.Later(time.Second, func() { after.Add(1) })
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if soon.Load() != 1 || late.Load() != 1 || after.Load() != 1 {
			t.Errorf("long after: ended %d, %d and %d, want each once", soon.Load(), late.Load(), after.Load())
		}
	})
}
