package fakeprovider

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// keyLife is how long an idempotency key is remembered, by the provider's clock.
const keyLife = 24 * time.Hour

// keys remembers the first answer of each Klarna-Idempotency-Key. Only the key counts, not the request.
type keys struct {
	keep int // the most that is remembered; 0: all

	mu      sync.Mutex
	answers map[string]remembered
	oldest  []string // names of answers, those that end first in front: the clock never runs backwards
}

type remembered struct {
	reply reply
	until time.Time
}

func newKeys(keep int) *keys { return &keys{keep: keep, answers: map[string]remembered{}} }

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
		k.forget(name, now)
		k.answers[name] = remembered{reply: r, until: now.Add(keyLife)}
		k.oldest = append(k.oldest, name)
	}
	return r, false
}

// forget drops a key, what has ended, and what is too much once one more comes; k.mu is held.
func (k *keys) forget(name string, now time.Time) {
	if _, again := k.answers[name]; again { // it has ended
		delete(k.answers, name)
		k.oldest = slices.DeleteFunc(k.oldest, func(s string) bool { return s == name })
	}
	for len(k.oldest) > 0 && (!now.Before(k.answers[k.oldest[0]].until) || k.keep > 0 && len(k.oldest) >= k.keep) {
		delete(k.answers, k.oldest[0])
		k.oldest = k.oldest[1:]
	}
}
