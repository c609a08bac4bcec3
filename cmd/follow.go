package cmd

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"slices"
	"syscall"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// changes tells that files changed. It watches before anything is read, so that no change falls between the two.
type changes struct {
	asked   chan struct{} // holds one: a reload is due
	watcher *watcher      // nil: only SIGHUP reloads
	file    string        // the configuration, absolute
	log     zerolog.Logger
	stop    func()
}

// watchFiles watches the configuration and its rulebooks. file is empty for the demo shop, which never changes.
func watchFiles(file string, cfg *configs.Config, log zerolog.Logger) *changes {
	c := &changes{asked: make(chan struct{}, 1), log: log, stop: func() {}}
	if file == "" {
		return c
	}
	var err error
	if c.file, err = filepath.Abs(file); err == nil {
		c.watcher, err = newWatcher()
	}
	if err != nil {
		c.failed(err)
		return c
	}
	c.look(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.watcher.run(ctx, c.ask, c.failed)
	}()
	c.stop = func() { cancel(); <-done }
	return c
}

// ask asks for a reload.
func (c *changes) ask() {
	select {
	case c.asked <- struct{}{}:
	default: // one is due already
	}
}

// look watches the configuration, the secrets and the folders that cfg names.
func (c *changes) look(cfg *configs.Config) {
	if c.watcher == nil {
		return
	}
	var dirs []string
	for _, f := range byFolder(cfg) {
		abs, err := filepath.Abs(f.dir)
		if err != nil {
			c.failed(err)
			continue
		}
		dirs = append(dirs, abs)
	}
	files := []string{c.file}
	for _, f := range slices.Concat(cfg.Files, productFiles(cfg)) {
		abs, err := filepath.Abs(f)
		if err != nil {
			c.failed(err)
			continue
		}
		files = append(files, abs)
	}
	if err := c.watcher.watch(files, dirs); err != nil {
		c.failed(err)
	}
}

func (c *changes) failed(err error) {
	c.log.Warn().Err(err).Msg("changes to files may go unseen; SIGHUP reloads")
}

// follow serves and reloads until ctx ends or a listener fails. read reads the configuration again.
func (s *service) follow(ctx context.Context, c *changes, read func() (*configs.Config, *diag.Report, error)) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-s.failed:
			return err
		case <-hup:
			s.log.Info().Msg("reloading: SIGHUP")
		case <-c.asked:
		case <-s.books.reloads():
			s.reload(ctx, s.current)
			continue
		}
		cfg, warnings, err := read()
		s.metrics.configRead(err == nil)
		if err != nil {
			s.log.Error().Err(err).Msg("configuration refused, the one in use stays")
			cfg = s.current
		} else if !reflect.DeepEqual(cfg, s.current) {
			tellWarnings(s.log, warnings)
		}
		c.look(cfg)
		s.reload(ctx, cfg)
	}
}
