package cmd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
	"github.com/kvitto/kvitto/rules"
)

func (p *Program) simulatorCommand(registry *rules.Registry) *cobra.Command {
	var listenOn string
	var speed int64
	c := &cobra.Command{
		Use:   "simulator",
		Short: "Play the provider: its checkout, its APIs and its pushes",
		Long: "Plays the provider on loopback until SIGINT or SIGTERM: Checkout API, Order Management, pushes by its schedule, and\n" +
			"faults by switch under /_control/. Orders live in memory.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.simulate(c.Context(), listenOn, speed) },
	}
	c.Flags().StringVar(&listenOn, "listen", "127.0.0.1:8081", "loopback address to serve")
	c.Flags().Int64Var(&speed, "speed", 1, "how many times faster the provider's clock runs")
	c.AddCommand(p.simulatorRunCommand(registry))
	return c
}

// checkoutPages are the pages of the simulator; nil: there are none.
func checkoutPages(*simulator.Simulator) http.Handler { return nil }

// simulate serves the provider until ctx ends.
func (p *Program) simulate(ctx context.Context, listenOn string, speed int64) (err error) {
	if !loopback(listenOn) {
		return errors.New("the simulator lets everybody in: it serves loopback addresses only, such as 127.0.0.1:8081")
	}
	if speed < 1 {
		return fmt.Errorf("--speed %d: want 1 or more", speed)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	provider, err := fakeprovider.New(fakeprovider.Options{Now: p.Now, Speed: speed, Control: true})
	if err != nil {
		return err
	}
	defer provider.Close()
	sim, err := simulator.New(simulator.Options{Now: p.Now, Provider: provider, Seed: uint64(p.Now().UnixNano())})
	if err != nil {
		return err
	}
	defer sim.Close()
	l, err := listen(ctx, "--listen", listenOn)
	if err != nil {
		return err
	}
	server := serveProvider(l, simulator.Site(provider, checkoutPages(sim)))
	defer func() { err = errors.Join(err, server.Close()) }()
	if _, err := fmt.Fprintf(p.Stdout, "The provider is played at http://%s. Stop with Ctrl-C.\n", l.Addr()); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}
