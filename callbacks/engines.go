package callbacks

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/kvitto/kvitto/rules"
)

// maxEarlier bounds what validation may have to judge by when tables are reloaded in a loop; the oldest goes first.
const maxEarlier = 32

// Rules holds the engine in use and the earlier ones that validation may still judge by. It is safe for concurrent
// use: a request takes one snapshot and keeps it to its end.
type Rules struct{ current atomic.Pointer[snapshot] }

type snapshot struct {
	engine  *rules.Engine
	earlier []retired // the latest first
}

type retired struct {
	engine *rules.Engine
	until  time.Time
}

// NewRules starts with one engine.
func NewRules(e *rules.Engine) *Rules {
	r := &Rules{}
	r.current.Store(&snapshot{engine: e})
	return r
}

// Swap puts e in use; the engine before it stays known to validation for keep. Of the same revision only the latest
// engine is kept, and at most 32 in all.
func (r *Rules) Swap(e *rules.Engine, now time.Time, keep time.Duration) {
	for {
		old := r.current.Load()
		if r.current.CompareAndSwap(old, old.next(e, now, keep)) {
			return
		}
	}
}

func (s *snapshot) next(e *rules.Engine, now time.Time, keep time.Duration) *snapshot {
	n := &snapshot{engine: e}
	if keep > 0 && s.engine != nil && s.engine != e {
		n.earlier = append(n.earlier, retired{engine: s.engine, until: now.Add(keep)})
	}
	for _, x := range s.earlier {
		same := func(y retired) bool { return y.engine.Revision() == x.engine.Revision() }
		if len(n.earlier) < maxEarlier && x.until.After(now) && !slices.ContainsFunc(n.earlier, same) {
			n.earlier = append(n.earlier, x)
		}
	}
	return n
}

// Engine returns the engine in use.
func (r *Rules) Engine() *rules.Engine { return r.current.Load().engine }

// at returns the engine in use and those that were in use within their time of grace.
func (r *Rules) at(now time.Time) (e *rules.Engine, earlier []*rules.Engine) {
	s := r.current.Load()
	for _, x := range s.earlier {
		if x.until.After(now) {
			earlier = append(earlier, x.engine)
		}
	}
	return s.engine, earlier
}
