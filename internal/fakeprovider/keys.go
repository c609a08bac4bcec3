package fakeprovider

import (
	"net/http"
	"sync"
	"time"
)

// keyLife is how long an idempotency key is remembered, by the provider's clock.
const keyLife = 24 * time.Hour

// keys remembers the first answer of each Klarna-Idempotency-Key. Only the key counts, not the request.
type keys struct {
	mu      sync.Mutex
	answers map[string]remembered
}

type remembered struct {
	reply reply
	until time.Time
}

func newKeys() *keys { return &keys{answers: map[string]remembered{}} }

// once returns the first answer of a key, or calls do and remembers what it answers. Calls with a key run one after another.
// What is no decision about the order (404, 429, 5xx) is not remembered: nothing is published about that.
func (k *keys) once(merchant, key string, now time.Time, do func() reply) (r reply, repeat bool) {
	if key == "" {
		return do(), false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	name := merchant + "\x00" + key
	if first, ok := k.answers[name]; ok && now.Before(first.until) {
		first.reply.commits = false
		return first.reply, true
	}
	r = do()
	if r.status < http.StatusInternalServerError && r.status != http.StatusNotFound && r.status != http.StatusTooManyRequests {
		k.answers[name] = remembered{reply: r, until: now.Add(keyLife)}
	}
	return r, false
}
