package cmd

import (
	"runtime/debug"
	"strings"
)

// Percentages of the garbage collector. What serves lives long and is small, what a request leaves is short-lived, so
// collecting seldom saves about a tenth of the processor (make bench) for some tens of MiB. Loading tables makes much
// garbage at once and is done at the usual pace, so that a million rows stay within their memory.
const (
	servingPercent = 400
	loadingPercent = 100
)

// tuneCollector sets the pace for serving, unless the operator set GOGC. The result sets the pace for loading and
// returns what ends it.
func tuneCollector(environ []string) (loading func() (end func())) {
	for _, kv := range environ {
		if strings.HasPrefix(kv, "GOGC=") {
			return func() func() { return func() {} }
		}
	}
	debug.SetGCPercent(servingPercent)
	return func() func() {
		before := debug.SetGCPercent(loadingPercent)
		return func() { debug.SetGCPercent(before) }
	}
}
