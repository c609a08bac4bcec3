package callbacks

import "sync"

// rank orders callbacks by what a refusal costs: the provider repeats pushes, asks the buyer to try again after an
// update, and may take a refused validation for an approval.
type rank uint8

const (
	rankNotice     rank = iota // push, notification, webhook and what the shop asks: up to half of everything
	rankCart                   // the three updates: up to four fifths
	rankValidation             // up to all of it
)

// limits is admission: how many requests with a valid token are at work and how many bytes of bodies they hold.
//
// The rule is two ceilings. A callback is taken only while everything in flight stays under its rank's part of the
// limit, so that under load pushes go first and validation last. And where there is more than one merchant, one
// merchant may use at most half of that part, so that the flood of one leaves the other half to the rest. One whole
// body always fits: a small limit slows down, but never shuts out, the largest legal order.
type limits struct {
	mu          sync.Mutex
	inUse       usage
	max         usage
	largestBody int64
	merchants   int
}

type usage struct {
	requests int
	bytes    int64
}

func newLimits(requests int, bytes, body int64) *limits {
	return &limits{max: usage{requests, bytes}, largestBody: body + bodyBuffer}
}

// enter takes one request of a merchant with its first buffer; false: there is no room.
func (l *limits) enter(share *usage, r rank) bool { return l.take(share, r, usage{1, bodyBuffer}) }

// grow takes n more bytes for a request that is in; false: there is no room.
func (l *limits) grow(share *usage, r rank, n int64) bool { return l.take(share, r, usage{0, n}) }

func (l *limits) take(share *usage, r rank, u usage) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	top := l.ceiling(r)
	if !fits(l.inUse, u, top) || !fits(*share, u, l.part(top)) {
		return false
	}
	l.inUse.requests += u.requests
	l.inUse.bytes += u.bytes
	share.requests += u.requests
	share.bytes += u.bytes
	return true
}

// leave gives back a request and all bytes it took.
func (l *limits) leave(share *usage, n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inUse.requests--
	l.inUse.bytes -= n
	share.requests--
	share.bytes -= n
}

// now returns what is in use.
func (l *limits) now() usage {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inUse
}

// setMerchants says among how many the limits are shared.
func (l *limits) setMerchants(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.merchants = n
}

// waiting is how many requests of one merchant may wait for something that is not ours, at least one: a quarter of what a
// merchant's pushes may be.
func (l *limits) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.part(l.ceiling(rankNotice)).requests/4, 1)
}

func (l *limits) ceiling(r rank) usage {
	switch r {
	case rankNotice:
		return l.atLeast(usage{l.max.requests / 2, l.max.bytes / 2})
	case rankCart:
		return l.atLeast(usage{l.max.requests * 4 / 5, l.max.bytes / 5 * 4})
	default:
		return l.atLeast(l.max)
	}
}

func (l *limits) part(top usage) usage {
	if l.merchants < 2 {
		return top
	}
	return l.atLeast(usage{top.requests / 2, top.bytes / 2})
}

func (l *limits) atLeast(u usage) usage {
	return usage{max(u.requests, 1), max(u.bytes, l.largestBody)}
}

func fits(used, more, top usage) bool {
	return used.requests+more.requests <= top.requests && used.bytes+more.bytes <= top.bytes
}
