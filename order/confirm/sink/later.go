package sink

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of what a shop may ask us to wait.
const (
	leastLater = time.Second
	mostLater  = time.Hour
)

// retryAfter reads a Retry-After, whole seconds or a date, within the bounds; 0 where it is missing or neither. A date counts
// from the attempt. A number too large for any clock is a long wait, and a negative one a short one.
func retryAfter(value string, at time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if date, err := http.ParseTime(value); err == nil {
		return min(max(date.Sub(at), leastLater), mostLater)
	}
	digits, negative := strings.CutPrefix(value, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0
	}
	seconds, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case negative:
		return leastLater
	case err != nil || seconds > int64(mostLater/time.Second):
		return mostLater
	default:
		return max(time.Duration(seconds)*time.Second, leastLater)
	}
}
