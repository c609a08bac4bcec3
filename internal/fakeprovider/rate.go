package fakeprovider

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// ordinaryRate is the provider's: calls a second and merchant.
const ordinaryRate = 200

// rate counts the calls of each second and merchant.
type rate struct {
	limit  int
	refuse bool

	mu   sync.Mutex
	used map[string]window
}

type window struct {
	second int64
	calls  int
}

func newRate(limit int) *rate {
	return &rate{limit: orDefault(limit, ordinaryRate), refuse: limit > 0, used: map[string]window{}}
}

// count takes one call into account, sets the headers, and tells whether it is refused.
func (r *rate) count(h http.Header, merchant string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.used[merchant]
	if w.second != now.Unix() {
		w = window{second: now.Unix()}
	}
	w.calls++
	r.used[merchant] = w
	limit := strconv.Itoa(r.limit)
	h.Set("X-Ratelimit-Limit", limit+", "+limit+";w=1")
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(max(r.limit-w.calls, 0)))
	h.Set("X-Ratelimit-Reset", "1")
	return r.refuse && w.calls > r.limit
}

// tooMany is 429.
func tooMany(after time.Duration) reply {
	r := refuse(http.StatusTooManyRequests, "TOO_MANY_REQUESTS", "Too many requests")
	r.header.Set("Retry-After", strconv.FormatInt(int64((after+time.Second-1)/time.Second), 10))
	return r
}
