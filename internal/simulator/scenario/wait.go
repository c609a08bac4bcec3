package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// wait moves the provider's clock to the next push as often as it takes.
type wait struct {
	state  string        // acknowledged: the provider knows; acked, done, parked: the service says so
	pushes int           // that were delivered
	clock  time.Duration // of the provider
}

// look is how often what tells nobody of its changes is looked at.
const look = 20 * time.Millisecond

// waiting is a wait under way.
type waiting struct {
	wait
	p      *play
	before int       // pushes that were delivered when the clock was moved last; -1: it was not
	until  time.Time // of clock
}

func (a wait) do(ctx context.Context, p *play) error {
	ctx, cancel := context.WithTimeout(ctx, p.w.Patience)
	defer cancel()
	w := waiting{wait: a, p: p, before: -1}
	if a.clock > 0 {
		w.until = p.w.Sim.Provider().Now().Add(a.clock)
	}
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		changed := p.w.Sim.Provider().History().Changed()
		done, err := w.step(ctx)
		if done || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ticker.C:
		case <-ctx.Done():
			return w.gaveUp()
		}
	}
}

// step looks whether what is waited for has come, and moves the clock where nothing comes without.
func (w *waiting) step(ctx context.Context) (done bool, err error) {
	standing, ok := w.p.w.Sim.Provider().Standing(w.p.x.ID())
	if !ok || standing.Status == "" {
		return false, errors.New("the order is not complete, so nothing comes")
	}
	pushes := w.delivered()
	switch {
	case w.state == "acknowledged" && standing.Acknowledged, w.pushes > 0 && len(pushes) >= w.pushes:
		return true, nil
	case w.state != "" && w.state != "acknowledged":
		rec, err := w.p.record(ctx)
		if err != nil || w.has(&rec) {
			return err == nil, err
		}
	}
	return w.move(standing, pushes)
}

// has reports whether the service has the order as it is waited for.
func (w *waiting) has(rec *Record) bool {
	switch w.state {
	case "acked":
		return rec.State == "ACKED"
	case "parked":
		return rec.State == "PARKED"
	}
	return rec.Done
}

// move moves the clock to the next push where the last one has come and was not taken.
func (w *waiting) move(s fakeprovider.Standing, pushes []fakeprovider.Entry) (done bool, err error) {
	provider := w.p.w.Sim.Provider()
	if w.before >= 0 && len(pushes) <= w.before || arrived(pushes) < s.Pushes {
		return false, nil // one is on its way
	}
	taken := len(pushes) > 0 && pushes[len(pushes)-1].Status/100 == http.StatusOK/100
	if taken && w.state != "" {
		return false, nil // it is the service's turn
	}
	next := s.Next
	if !w.until.IsZero() && (next.IsZero() || next.After(w.until)) {
		return true, provider.Advance(max(0, w.until.Sub(provider.Now())))
	}
	if next.IsZero() {
		if w.state == "" {
			return false, fmt.Errorf("no more pushes come: %d were sent and the order is %s", s.Pushes, acknowledgedWord(s.Acknowledged))
		}
		return false, nil
	}
	w.before = len(pushes)
	return false, provider.Advance(max(0, next.Sub(provider.Now())))
}

func acknowledgedWord(yes bool) string {
	if yes {
		return "acknowledged"
	}
	return "not acknowledged"
}

// delivered are the pushes of the order that have ended, dropped ones too.
func (w *waiting) delivered() []fakeprovider.Entry {
	return w.p.w.Sim.Provider().History().Entries(fakeprovider.Filter{Order: w.p.x.ID(), Kinds: []fakeprovider.Kind{fakeprovider.Push}})
}

// arrived counts the pushes that were sent and have ended.
func arrived(pushes []fakeprovider.Entry) int {
	n := 0
	for i := range pushes {
		if pushes[i].Fault != fakeprovider.Dropped {
			n++
		}
	}
	return n
}

// gaveUp says what came instead of what was waited for.
func (w *waiting) gaveUp() error {
	standing, _ := w.p.w.Sim.Provider().Standing(w.p.x.ID())
	last := "no push was sent"
	if pushes := w.delivered(); len(pushes) > 0 {
		e := pushes[len(pushes)-1]
		last = fmt.Sprintf("the last of %d pushes was answered with status %d", len(pushes), e.Status)
		switch {
		case e.Fault == fakeprovider.Dropped:
			last = fmt.Sprintf("the last of %d pushes was dropped", len(pushes))
		case e.Error != "":
			last = "the last push found nobody: " + strings.ReplaceAll(e.Error, e.Target, "…") // its URL holds the merchant's token
		}
	}
	return fmt.Errorf("it did not come within %v; the order is %s; %s", w.p.w.Patience, acknowledgedWord(standing.Acknowledged), last)
}
