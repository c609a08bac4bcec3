//go:build failpoints

package failpoint

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// At kills this process with SIGKILL, with the probability that the environment variable KVITTO_FAILPOINTS gives the place:
// a list as in after_claim=0.02,after_hand=1. Before it dies it appends the place to the file KVITTO_FAILPOINT_LOG, if any.
func At(p Place) {
	for _, entry := range strings.Split(os.Getenv("KVITTO_FAILPOINTS"), ",") {
		name, chance, _ := strings.Cut(entry, "=")
		if name != string(p) {
			continue
		}
		if limit, err := strconv.ParseFloat(chance, 64); err != nil || rand.Float64() >= limit {
			return
		}
		die(p)
	}
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
