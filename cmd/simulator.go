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

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/internal/simulator/page"
	"github.com/kvitto/kvitto/rules"
)

// simulatorFlags are those of simulator.
type simulatorFlags struct {
	groundFlags
	listen, serve, admin, url, token string
	speed                            int64
}

func (p *Program) simulatorCommand(registry *rules.Registry) *cobra.Command {
	var f simulatorFlags
	c := &cobra.Command{
		Use:   "simulator",
		Short: "Play the provider: its checkout, its APIs and its pushes",
		Long: "Plays the provider on loopback until SIGINT or SIGTERM: pages of its checkout, Checkout API, Order Management, pushes by\n" +
			"its schedule, and faults by switch under /_control/. Orders live in memory. With --demo, --config or --rules a service is started with it\n" +
			"that has this provider, and a store and a sink of its own: nothing that the configuration names is touched but rules,\n" +
			"plug-ins and checks.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.simulate(c.Context(), registry, &f) },
	}
	f.add(c)
	c.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8081", "loopback address to play the provider at")
	c.Flags().StringVar(&f.serve, "serve", "127.0.0.1:8080", "loopback address of the service that is started")
	c.Flags().StringVar(&f.admin, "admin", "127.0.0.1:9090", "loopback address of its admin listener")
	c.Flags().StringVar(&f.url, "url", "", "address of a service that runs already, whose provider is the one at --listen")
	c.Flags().StringVar(&f.token, "token", "", "with --url: file that holds the merchant's token, - for standard input")
	c.Flags().Int64Var(&f.speed, "speed", 1, "how many times faster the provider's clock runs")
	c.MarkFlagsMutuallyExclusive("config", "demo", "rules", "url")
	c.AddCommand(p.simulatorRunCommand(registry))
	return c
}

// simulate plays the provider until ctx ends.
func (p *Program) simulate(ctx context.Context, registry *rules.Registry, f *simulatorFlags) error {
	if !loopback(f.listen) || !loopback(f.serve) || !loopback(f.admin) {
		return errors.New("the simulator lets everybody in: it serves loopback addresses only, such as 127.0.0.1:8081")
	}
	if f.speed < 1 {
		return fmt.Errorf("--speed %d: want 1 or more", f.speed)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if f.config == "" && f.rules == "" && !f.demo {
		return p.simulateProvider(ctx, f)
	}
	g, err := p.ground(&f.groundFlags)
	if err != nil {
		return err
	}
	g.merchant, g.serve, g.provider, g.speed, g.logs, g.pages = f.merchant, f.serve, f.listen, f.speed, p.Stderr, playgroundPages
	g.admin, g.known, g.several = f.admin, f.demo, true
	x, err := p.newPlayground(ctx, registry, *g)
	if err != nil {
		return err
	}
	err = printSimulator(p.Stdout, x.apiAt, "http://"+x.cfg.Listen)
	if err == nil && f.demo {
		err = printDemo(p.Stdout, x.cfg.Listen, x.service.adminAt.String())
	}
	if err != nil {
		return errors.Join(err, x.close())
	}
	<-ctx.Done()
	return x.close()
}

// simulateProvider plays the provider alone, or for a service that runs already.
func (p *Program) simulateProvider(ctx context.Context, f *simulatorFlags) error {
	var shops []page.Shop
	if f.url != "" {
		shop, err := p.runningShop(f.url, f.merchant, f.token)
		if err != nil {
			return err
		}
		shops = append(shops, shop)
	}
	provider, err := fakeprovider.New(fakeprovider.Options{Now: p.Now, Speed: f.speed, Control: true, Keep: keptByProvider})
	if err != nil {
		return err
	}
	defer provider.Close()
	sim, err := simulator.New(simulator.Options{Now: p.Now, Provider: provider, Seed: uint64(p.Now().UnixNano())})
	if err != nil {
		return err
	}
	defer sim.Close()
	l, err := listen(ctx, "--listen", f.listen)
	if err != nil {
		return err
	}
	server := serveProvider(l, simulator.Site(provider, p.providerPages(sim, shops...)))
	err = printSimulator(p.Stdout, l.Addr(), f.url)
	if err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, server.Close())
}

// printSimulator tells where the provider is, and the service if one was started.
func printSimulator(w io.Writer, provider net.Addr, service string) error {
	text := fmt.Sprintf("Play the buyer at http://%s.", provider)
	if service != "" {
		text += fmt.Sprintf(" The service answers at %s.", service)
	}
	_, err := fmt.Fprintln(w, text+" Stop with Ctrl-C.")
	return err
}
