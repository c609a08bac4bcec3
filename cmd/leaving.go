package cmd

import (
	"sync"
	"time"
)

// leaving is what is closed later, or when the service ends before that. Its zero value is ready; it is safe for
// concurrent use.
type leaving struct {
	mu    sync.Mutex
	waits map[*wait]bool
}

// wait is one thing to close.
type wait struct {
	timer *time.Timer
	end   func()
}

// later calls end once: after d, or in now.
func (l *leaving) later(d time.Duration, end func()) {
	w := &wait{end: end}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waits == nil {
		l.waits = map[*wait]bool{}
	}
	l.waits[w] = true
	w.timer = time.AfterFunc(d, func() {
		if l.take(w) {
			w.end()
		}
	})
}

// take reports whether w had not been taken before.
func (l *leaving) take(w *wait) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	ok := l.waits[w]
	delete(l.waits, w)
	return ok
}

// now ends everything that is left.
func (l *leaving) now() {
	l.mu.Lock()
	waits := l.waits
	l.waits = nil
	l.mu.Unlock()
	for w := range waits {
		w.timer.Stop()
		w.end()
	}
}
