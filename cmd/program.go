// Package cmd is the program: commands, flags, wiring, signals.
//
// Its one rule: it decides nothing about orders; it puts the rooms together and says plainly what happened. Exit
// status: 0 fine, 1 findings or failed tests, 2 could not run.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
	_ "time/tzdata" // tables name time zones; the image has no zone files

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/rules"
)

// Exit statuses.
const (
	exitFine     = 0
	exitFindings = 1
	exitFailed   = 2
)

// errFindings ends a command that has told its findings itself.
var errFindings = errors.New("findings")

// Program is the whole program as a value: a test starts it with its own streams, environment and clock.
type Program struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Environ        []string
	Now            func() time.Time
	Plugins        []rules.Plugin
	WrapStore      func(confirm.Store) confirm.Store // puts something around the store of orders, for crash tests; nil: nothing
	Epoch          string                            // begins the ids of decisions; "": random, so that those of another process are told apart
	Disk           func(path string) (string, error) // names a disk that vanishes with its container, "" for any other; nil: asks the system
}

// Main runs the program of this process with the given plug-ins compiled in and returns its exit status.
func Main(plugins ...rules.Plugin) int {
	p := &Program{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), Now: time.Now, Plugins: plugins}
	return p.Run(context.Background(), os.Args[1:])
}

// Run runs one command and returns the exit status. A cancelled ctx asks a running service to stop.
func (p *Program) Run(ctx context.Context, args []string) int {
	registry, err := rules.NewRegistry(p.Plugins...)
	if err != nil {
		p.tell("kvitto: plug-ins: %v\n", err)
		return exitFailed
	}
	root := p.root(registry)
	root.SetArgs(args)
	switch err := root.ExecuteContext(ctx); {
	case err == nil:
		return exitFine
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errTold):
		return exitFailed
	default:
		p.tell("kvitto: %v\n", err)
		return exitFailed
	}
}

// tell writes a message for the person at the terminal; where that fails there is nobody to tell.
func (p *Program) tell(format string, args ...any) { _, _ = fmt.Fprintf(p.Stderr, format, args...) }

func (p *Program) root(registry *rules.Registry) *cobra.Command {
	root := &cobra.Command{
		Use:   "kvitto",
		Short: "Shipping, tax and order callbacks of Klarna Checkout v3 / Kustom Checkout",
		Long: "Kvitto answers the callbacks of Klarna Checkout v3 (today Kustom Checkout) from shipping and tax tables.\n" +
			"Exit status: 0 fine, 1 findings or failed tests, 2 could not run.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.AddCommand(
		p.serveCommand(registry), p.checkCommand(registry), p.urlsCommand(), p.rulesCommand(registry),
		p.orderCommand(), p.ordersCommand(), p.quoteCommand(registry), p.pluginsCommand(registry), p.healthCommand(), p.versionCommand(registry),
		p.managementCommand(), p.checkoutCommand(), p.simulatorCommand(registry), p.storeCommand(), p.doctorCommand(registry), p.initCommand(registry),
	)
	p.complete(root, registry)
	return root
}
