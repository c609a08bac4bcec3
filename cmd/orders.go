package cmd

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// ordersFlags are those that all its commands have.
type ordersFlags struct {
	adminFlags
	merchant, format string
	offline          bool
}

func (p *Program) ordersCommand() *cobra.Command {
	var f ordersFlags
	c := &cobra.Command{
		Use:   "orders",
		Short: "Look at confirmed orders and bring parked ones back to work",
		Long: "Looks at the records of confirmed orders of a running service, or with --offline at its store. Where the configuration cannot\n" +
			"be read, --admin ADDRESS with --token-env or --token-file asks the service all the same.\n" +
			"An order is PENDING, HANDED (the merchant has it), ACKED (the provider knows), or PARKED: it waits for a person.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	f.add(c)
	c.PersistentFlags().StringVar(&f.merchant, "merchant", "", "merchant id; may be left out where there is one")
	c.PersistentFlags().StringVar(&f.format, "format", "text", "text or json")
	c.PersistentFlags().BoolVar(&f.offline, "offline", false, "open the store of --config itself; the service must not be running where the store is a file")
	c.AddCommand(p.ordersList(&f), p.ordersShow(&f), p.ordersRelease(&f), p.ordersPark(&f), p.ordersRetry(&f), p.ordersForget(&f),
		p.ordersReconcile(&f), p.ordersAudit(&f))
	return c
}

func (p *Program) ordersShow(f *ordersFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "show ORDER",
		Short: "Show all that is known of an order",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.withOffice(c.Context(), f, func(ctx context.Context, o office) error {
				v, err := o.show(ctx, args[0])
				if err != nil {
					return err
				}
				return p.showOrder(f.format, v)
			})
		},
	}
}

func (p *Program) ordersReconcile(f *ordersFlags) *cobra.Command {
	var ids string
	c := &cobra.Command{
		Use:   "reconcile --ids FILE",
		Short: "Take over orders that the provider lists as not acknowledged",
		Long: "Takes a list of order ids, one a line (- reads standard input), as the provider's portal shows those that are not\n" +
			"acknowledged. Each is read at the provider, handed over and acknowledged, now, unless that was done or it is parked. Lines\n" +
			"that begin with # are passed over.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withOffice(c.Context(), f, func(ctx context.Context, o office) error {
				list, err := p.readIDs(ids)
				if err != nil {
					return err
				}
				taken, err := o.reconcile(ctx, list)
				return p.showChanged(f.format, taken, err)
			})
		},
	}
	c.Flags().StringVar(&ids, "ids", "", "file with order ids, - for standard input")
	required(c, "ids")
	return c
}

// maxReconciled is how many ids one list may hold.
const maxReconciled = 100_000

// readIDs reads a list of ids and tells the first that is none by its line.
func (p *Program) readIDs(file string) ([]string, error) {
	in := p.Stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("--ids: %w", err)
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	var ids []string
	s, line := bufio.NewScanner(in), 1
	for ; s.Scan(); line++ {
		text := strings.TrimSpace(strings.TrimPrefix(s.Text(), "\uFEFF"))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		id, err := orderID(text)
		switch {
		case err != nil:
			return nil, fmt.Errorf("--ids %s:%d: %w; right is one id a line, as in 2f0c6c8e-8d5a-4a6f-9a5e-0c1d2e3f4a5b", file, line, err)
		case len(ids) == maxReconciled:
			return nil, fmt.Errorf("--ids %s:%d: more than %d ids; split the file", file, line, maxReconciled)
		}
		ids = append(ids, id)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("--ids %s:%d: %w", file, line, err)
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("--ids %s: there is no id in it", file)
	}
	return ids, nil
}
