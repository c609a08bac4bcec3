package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/scenario"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// playFlags are those of simulator run.
type playFlags struct {
	groundFlags
	url, token, provider, junit, format string
	patience                            time.Duration
}

// groundFlags say which service is started.
type groundFlags struct {
	config, rules, merchant string
	demo                    bool
}

// add adds the flags to a command.
func (f *groundFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.config, "config", "", "configuration of the service to start")
	c.Flags().BoolVar(&f.demo, "demo", false, "start the embedded demo shops")
	c.Flags().StringVar(&f.rules, "rules", "", "start a shop with the rulebook in this folder")
	c.Flags().StringVar(&f.merchant, "merchant", "", "merchant id; may be left out where there is one")
}

func (p *Program) simulatorRunCommand(registry *rules.Registry) *cobra.Command {
	var f playFlags
	c := &cobra.Command{
		Use:   "run FILE…",
		Short: "Play scenario files against a service: a test runner for CI",
		Long: "Plays *.scenario.yaml files: a buyer at the checkout, the callbacks, the order, and its pushes. With --demo, --config or\n" +
			"--rules the service runs in this process on loopback, with a provider, a store and a sink of its own: nothing that the\n" +
			"configuration names is touched but rules, plug-ins and checks. With --url a running service is played with; its provider\n" +
			"must then be the one at --provider, or no order is acknowledged.\n" +
			"Exit status: 0 all passed, 1 a scenario failed or a file has errors, 2 could not run.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.simulatorRun(c.Context(), registry, &f, args) },
	}
	f.add(c)
	c.Flags().StringVar(&f.url, "url", "", "address of a running service, such as http://127.0.0.1:8080")
	c.Flags().StringVar(&f.token, "token", "", "with --url: file that holds the merchant's token, - for standard input")
	c.Flags().StringVar(&f.provider, "provider", "", "with --url: where to play the provider's API, such as 127.0.0.1:8081")
	c.Flags().StringVar(&f.junit, "junit", "", "write results as JUnit XML to this file too")
	c.Flags().DurationVar(&f.patience, "patience", 10*time.Second, "how long a step may wait for what has to come")
	addFormat(c, &f.format)
	c.MarkFlagsOneRequired("config", "demo", "rules", "url")
	c.MarkFlagsMutuallyExclusive("config", "demo", "rules", "url")
	return c
}

func (p *Program) simulatorRun(ctx context.Context, registry *rules.Registry, f *playFlags, names []string) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	files, err := p.readScenarios(f, names)
	if err != nil {
		return err
	}
	var results []*scenario.Result
	for _, file := range files {
		res, err := p.playFile(ctx, registry, f, file)
		if err != nil {
			return err
		}
		results = append(results, res)
	}
	write := scenario.Text
	if f.format == "json" {
		write = scenario.JSON
	}
	if err := errors.Join(write(p.Stdout, results), writeJUnit(f.junit, scenario.Suites(results))); err != nil {
		return err
	}
	if _, failed := scenario.Count(results); failed > 0 {
		return errFindings
	}
	return nil
}

// readScenarios reads all files and tells the faults of all of them; then nothing is played.
func (p *Program) readScenarios(f *playFlags, names []string) ([]*scenario.File, error) {
	r := new(diag.Report)
	var files []*scenario.File
	for _, name := range names {
		file, err := readScenario(name, r)
		if err != nil {
			return nil, err
		}
		if file != nil && f.url != "" && !file.Now.IsZero() {
			return nil, fmt.Errorf("%s: `now` cannot be set of a service that runs already: leave it out, or leave --url out", name)
		}
		files = append(files, file)
	}
	if err := p.show(p.Stderr, r); err != nil {
		return nil, err
	}
	if r.Failed() {
		return nil, errFindings
	}
	return files, nil
}

// readScenario reads one file in its folder; it is named as it was given.
func readScenario(name string, r *diag.Report) (*scenario.File, error) {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	data, err := root.ReadFile(filepath.Base(name))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), root.Close())
	}
	file := scenario.Parse(root.FS(), name, data, r)
	return file, root.Close()
}

// playFile plays one file in a world of its own.
func (p *Program) playFile(ctx context.Context, registry *rules.Registry, f *playFlags, file *scenario.File) (*scenario.Result, error) {
	merchant := f.merchant
	if merchant == "" {
		merchant = file.Merchant
	}
	if merchant == "" && f.demo {
		merchant = "demo"
	}
	if f.url != "" {
		return p.playRunning(ctx, f, merchant, file)
	}
	g, err := p.ground(&f.groundFlags)
	if err != nil {
		return nil, err
	}
	g.merchant, g.at, g.plays = merchant, file.Now, file.Plays
	x, err := p.newPlayground(ctx, registry, *g)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.Name, err)
	}
	res, err := scenario.Run(ctx, x.world(f.patience), file)
	return res, errors.Join(err, x.close())
}

// ground reads what the flags name.
func (p *Program) ground(f *groundFlags) (*ground, error) {
	if f.config != "" {
		cfg, err := p.playedConfig(f.config)
		return &ground{cfg: cfg}, err
	}
	g := &ground{cfg: configs.Demo()}
	for i := range g.cfg.Merchants {
		g.cfg.Merchants[i].Mode = "full"
	}
	if f.rules == "" {
		g.demo = configs.FS()
		return g, nil
	}
	if err := folderOf(f.rules); err != nil {
		return nil, err
	}
	g.cfg.Merchants = g.cfg.Merchants[:1]
	m := &g.cfg.Merchants[0]
	m.Rules, m.CountryChange = f.rules, nil
	return g, nil
}

// playRunning plays with a service that runs already.
func (p *Program) playRunning(ctx context.Context, f *playFlags, merchant string, file *scenario.File) (_ *scenario.Result, err error) {
	shop, err := p.runningShop(f.url, merchant, f.token)
	if err != nil {
		return nil, err
	}
	provider, err := fakeprovider.New(fakeprovider.Options{Now: p.Now, Control: true})
	if err != nil {
		return nil, err
	}
	defer provider.Close()
	if f.provider != "" {
		l, err := listen(ctx, "--provider", f.provider)
		if err != nil {
			return nil, err
		}
		api := serveProvider(l, simulator.Site(provider, nil))
		defer func() { err = errors.Join(err, api.Close()) }()
	}
	sim, err := simulator.New(simulator.Options{Now: p.Now, Provider: provider, Seed: uint64(p.Now().UnixNano())})
	if err != nil {
		return nil, err
	}
	defer sim.Close()
	return scenario.Run(ctx, &scenario.World{Sim: sim, URLs: shop.URLs, Patience: f.patience}, file)
}
