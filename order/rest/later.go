package rest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Bounds of what the provider may ask us to wait.
const (
	leastLater = time.Second
	mostLater  = time.Hour
)

// retryAfter reads the header of that name, seconds or a date, and keeps it within the bounds; 0 where it is missing or
// neither.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	digits := strings.TrimPrefix(value, "-")
	if digits != "" && strings.Trim(digits, "0123456789") == "" {
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case digits != value || n < 1 && err == nil:
			return leastLater
		case err != nil || n > int64(mostLater/time.Second):
			return mostLater
		default:
			return time.Duration(n) * time.Second
		}
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), leastLater), mostLater)
}
