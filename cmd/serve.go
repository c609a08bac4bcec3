package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// serveFlags are those of serve.
type serveFlags struct {
	config, listen, admin string
	demo                  bool
	drain                 time.Duration
}

func (p *Program) serveCommand(registry *rules.Registry) *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve (--config FILE | --demo)",
		Short: "Answer the callbacks",
		Long: "Answers the callbacks until SIGINT or SIGTERM. SIGHUP, or a change to the configuration or a rulebook, reloads;\n" +
			"a broken file changes nothing and is told in the log. --demo serves three embedded shops on loopback.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.serve(c.Context(), registry, f) },
	}
	c.Flags().StringVar(&f.config, "config", "", "configuration file")
	c.Flags().BoolVar(&f.demo, "demo", false, "serve the embedded demo shops")
	c.Flags().StringVar(&f.listen, "listen", "", "address of the callbacks, instead of the configured one")
	c.Flags().StringVar(&f.admin, "admin", "", "address of the admin listener, instead of the configured one")
	c.Flags().DurationVar(&f.drain, "drain", 0, "after SIGTERM, how long to go on serving while /readyz says stopping")
	c.MarkFlagsOneRequired("config", "demo")
	c.MarkFlagsMutuallyExclusive("config", "demo")
	return c
}

// serve is the life of the service: load, start, reload, stop.
func (p *Program) serve(ctx context.Context, registry *rules.Registry, f serveFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM) // here only: they end every other command at once
	defer stop()
	signal.Ignore(syscall.SIGPIPE) // whoever reads the log may go away: that is no reason to stop serving
	read := func() (*configs.Config, *diag.Report, error) { return p.serveConfig(f) }
	cfg, warnings, err := read()
	if err != nil {
		return p.told(err)
	}
	src := &source{registry: registry, loading: tuneCollector(p.Environ)}
	if f.demo {
		src.demo = configs.FS()
	}
	log := newLog(p.Stderr, cfg.Log)
	c := watchFiles(f.config, cfg, log.Hook(stamp{p.Now}))
	defer c.stop()
	tellWarnings(log.Hook(stamp{p.Now}), warnings)
	s, err := p.newService(ctx, cfg, src, log)
	if err != nil {
		return err
	}
	if err := s.start(ctx); err != nil {
		return errors.Join(err, s.abandon())
	}
	s.log.Info().Stringer("listen", s.publicAt).Stringer("admin", s.adminAt).Msg("serving")
	if f.demo {
		err = printDemo(p.Stdout, s.publicAt.String(), s.adminAt.String())
	}
	err = errors.Join(err, s.follow(ctx, c, read))
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(again)
	return errors.Join(err, s.stop(f.drain, again))
}

// tellWarnings tells what is odd in a configuration that is used, one log line each.
func tellWarnings(log zerolog.Logger, r *diag.Report) {
	for _, f := range r.Findings() {
		log.Warn().Str("code", f.Code).Str("at", f.Place.String()).Str("help", f.Help).Msg(f.Message)
	}
}

// serveConfig reads the configuration and applies the flags; the report has warnings.
func (p *Program) serveConfig(f serveFlags) (*configs.Config, *diag.Report, error) {
	cfg, r := configs.Demo(), new(diag.Report)
	if !f.demo {
		if cfg = configs.Load(f.config, p.Environ, r); cfg == nil {
			return nil, r, &findingsError{r}
		}
	}
	return cfg, r, p.applyFlags(cfg, f)
}

// applyFlags lets the flags win over the file, and refuses what would be open to others.
func (p *Program) applyFlags(cfg *configs.Config, f serveFlags) error {
	if f.listen != "" {
		cfg.Listen = f.listen
	}
	if f.admin != "" {
		cfg.Admin = f.admin
	}
	if f.demo && (!loopback(cfg.Listen) || !loopback(cfg.Admin)) {
		return errors.New("--demo has a token that everybody knows: it serves loopback addresses only, such as 127.0.0.1:8080")
	}
	if cfg.AdminToken.Reveal() == "" && !loopback(cfg.Admin) {
		return fmt.Errorf("admin %s is not loopback: it needs admin_token in the configuration", cfg.Admin)
	}
	return p.disks(cfg)
}

func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// newLog writes one line per event. The callbacks stamp their lines themselves; stamped is for all others.
func newLog(w io.Writer, l configs.Log) zerolog.Logger {
	level, err := zerolog.ParseLevel(l.Level)
	if err != nil || l.Level == "" {
		level = zerolog.InfoLevel
	}
	if l.Format == "console" {
		w = zerolog.ConsoleWriter{Out: w, NoColor: true}
	}
	return zerolog.New(w).Level(level)
}

// stamp adds the time in UTC with milliseconds.
type stamp struct{ now func() time.Time }

// Run implements zerolog.Hook.
func (s stamp) Run(e *zerolog.Event, _ zerolog.Level, _ string) {
	e.Str("time", s.now().UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}
