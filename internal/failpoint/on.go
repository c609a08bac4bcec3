//go:build failpoints

package failpoint

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// mostWithin is how long after its begin a step that Within watches is cut off at the latest.
const mostWithin = 50 * time.Millisecond

// At kills this process with SIGKILL, with the probability that the environment variable KVITTO_FAILPOINTS gives the place:
// a list as in after_claim=0.02,after_hand=1. Before it dies it appends the place to the file KVITTO_FAILPOINT_LOG, if any.
func At(p Place) {
	if struck(p) {
		die(p)
	}
}

// Within kills this process like At, at some instant before end is called.
func Within(p Place) (end func()) {
	if !struck(p) {
		return func() {}
	}
	timer := time.AfterFunc(rand.N(mostWithin), func() { die(p) })
	return func() { timer.Stop() }
}

func struck(p Place) bool {
	for _, entry := range strings.Split(os.Getenv("KVITTO_FAILPOINTS"), ",") {
		if name, chance, _ := strings.Cut(entry, "="); name == string(p) {
			limit, err := strconv.ParseFloat(chance, 64)
			return err == nil && rand.Float64() < limit
		}
	}
	return false
}

func die(p Place) {
	if name := os.Getenv("KVITTO_FAILPOINT_LOG"); name != "" {
		if f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			_, _ = f.WriteString(string(p) + "\n") // the process ends here: nobody to tell
		}
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // cannot fail for oneself
	select {}
}
