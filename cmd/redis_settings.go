package cmd

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// Times of looking at the settings of Redis.
const (
	settingsTime  = 2 * time.Second  // for one look
	settingsAgain = 30 * time.Second // until the next one, where Redis did not answer
)

// storeSettings looks whether Redis is set as the manual says. A nil one has nothing to look at.
type storeSettings struct {
	redis *redisstore.Store
	log   zerolog.Logger
	seen  bool
	again time.Duration
	end   context.CancelFunc
	work  sync.WaitGroup
}

// settingsOf is nil for a store that has no settings.
func settingsOf(s confirm.Store, log zerolog.Logger) *storeSettings {
	r, ok := s.(*redisstore.Store)
	if !ok {
		return nil
	}
	return &storeSettings{redis: r, log: log, again: settingsAgain, end: func() {}}
}

// refused reports a finding with which the service does not start: orders would be lost, or read wrongly. A server that takes
// no writes may be one of a failover, and pricing needs none.
func refused(f redisstore.Finding) bool {
	return f.Fatal && (f.Kind == redisstore.Eviction || f.Kind == redisstore.Schema)
}

// look tells what does not fit. It refuses to start where orders would be lost or read wrongly; a Redis that does not answer
// keeps nobody from starting.
func (s *storeSettings) look(ctx context.Context, merchants []string) error {
	if s == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, settingsTime)
	defer cancel()
	found, err := s.redis.Check(ctx, merchants...)
	if err != nil {
		s.log.Warn().Err(err).Msg("Redis does not answer: its settings are looked at when it does")
		return nil
	}
	s.seen = true
	var worst error
	for _, f := range found {
		level := zerolog.WarnLevel
		if f.Fatal {
			level = zerolog.ErrorLevel
		}
		if refused(f) && worst == nil {
			worst = fmt.Errorf("store.redis: %v", f)
		}
		s.log.WithLevel(level).Str("server", f.Server).Str("setting", string(f.Kind)).Msg(f.Sentence)
	}
	return worst
}

// start goes on looking until Redis has answered once. What is found then is told, and serving goes on.
func (s *storeSettings) start(merchants func() []string) {
	if s == nil || s.seen {
		return
	}
	ctx, end := context.WithCancel(context.Background())
	s.end = end
	s.work.Go(func() {
		for tick := time.NewTicker(s.again); !s.seen; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
			if err := s.look(ctx, merchants()); err != nil {
				s.log.Error().Err(err).Msg("the next start will be refused")
			}
		}
	})
}

// stop ends looking.
func (s *storeSettings) stop() {
	if s == nil {
		return
	}
	s.end()
	s.work.Wait()
}
