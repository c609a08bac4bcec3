package cmd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order/confirm"
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
		Long: "Looks at the records of confirmed orders of a running service, or with --offline at its store.\n" +
			"An order is PENDING, HANDED (the merchant has it), ACKED (the provider knows), or PARKED: it waits for a person.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	f.add(c)
	c.PersistentFlags().StringVar(&f.merchant, "merchant", "", "merchant id; may be left out where there is one")
	c.PersistentFlags().StringVar(&f.format, "format", "text", "text or json")
	c.PersistentFlags().BoolVar(&f.offline, "offline", false, "open the store of --config itself; the service must not be running where the store is a file")
	c.AddCommand(p.ordersList(&f), p.ordersShow(&f), p.ordersRelease(&f), p.ordersPark(&f), p.ordersReconcile(&f), p.ordersAudit(&f))
	return c
}

func (p *Program) ordersList(f *ordersFlags) *cobra.Command {
	var state string
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: "List the orders that are not done",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			wanted := confirm.State(strings.ToUpper(state))
			if !knownState(wanted) {
				return fmt.Errorf("--state %q: right is pending, handed, acked or parked", state)
			}
			if limit < 1 || limit > maxPage {
				return fmt.Errorf("--limit %d: right is 1 to %d", limit, maxPage)
			}
			return p.withOffice(c.Context(), f, func(ctx context.Context, o office) error {
				list, more, err := o.list(ctx, wanted, limit)
				if err != nil {
					return err
				}
				return p.showOrders(f.format, list, more)
			})
		},
	}
	c.Flags().StringVar(&state, "state", "", "only those that are pending, handed, acked or parked")
	c.Flags().IntVar(&limit, "limit", defaultPage, "how many at most, 1 to 1000 per merchant")
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

// ordersRelease brings parked orders back.
func (p *Program) ordersRelease(f *ordersFlags) *cobra.Command {
	return p.ordersChange(f, "release ORDER…", "Bring parked orders back to work",
		"Brings parked orders back to the state before, due at once. Look first why they were parked: kvitto orders show ORDER.", "release")
}

func (p *Program) ordersPark(f *ordersFlags) *cobra.Command {
	return p.ordersChange(f, "park ORDER…", "Set orders aside until they are released",
		"Sets orders aside: nothing is tried with them until they are released. The provider goes on pushing them.", "park")
}

func (p *Program) ordersChange(f *ordersFlags, use, short, long, what string) *cobra.Command {
	var by string
	c := &cobra.Command{
		Use:   use,
		Short: short,
		Long:  long,
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.withOffice(c.Context(), f, func(ctx context.Context, o office) error {
				var list []orderView
				for _, id := range args {
					v, err := o.change(ctx, id, what, who(by))
					if err != nil {
						return errors.Join(p.showChanged(f.format, list), fmt.Errorf("%s: %w", id, err))
					}
					list = append(list, v)
				}
				return p.showChanged(f.format, list)
			})
		},
	}
	c.Flags().StringVar(&by, "by", "", "who asks, for the audit; without it the user of this machine")
	return c
}

// who names the person at the terminal.
func who(by string) string {
	if by != "" {
		return by
	}
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}

func (p *Program) ordersReconcile(f *ordersFlags) *cobra.Command {
	var ids string
	c := &cobra.Command{
		Use:   "reconcile --ids FILE",
		Short: "Take over orders that the provider lists as not acknowledged",
		Long: "Takes a list of order ids, one a line (- reads standard input), as the provider's portal shows those that are not\n" +
			"acknowledged. Each is read at the provider, handed over and acknowledged, unless that was done. Lines that begin with #\n" +
			"are passed over.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := p.readIDs(ids)
			if err != nil {
				return err
			}
			return p.withOffice(c.Context(), f, func(ctx context.Context, o office) error {
				taken, err := o.reconcile(ctx, list)
				return errors.Join(p.showChanged(f.format, taken), err)
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

// showChanged shows what was changed, which may be nothing.
func (p *Program) showChanged(format string, list []orderView) error {
	if len(list) == 0 && format != "json" {
		return nil
	}
	return p.showOrders(format, list, false)
}

func (p *Program) showOrders(format string, list []orderView, more bool) error {
	if format == "json" {
		if list == nil {
			list = []orderView{}
		}
		return p.printValue(ordersPage{Orders: list, More: more})
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "no orders")
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.SetOutputMirror(p.Stdout)
	t.AppendHeader(table.Row{"merchant", "order", "state", "since", "failed", "why", "due", "left to do"})
	for i := range list {
		v := &list[i]
		t.AppendRow(table.Row{v.Merchant, v.OrderID, v.State, clock(&v.First), v.Attempts, v.Reason, clock(v.Due), words(v.Open)})
	}
	t.Render()
	if more {
		_, err := fmt.Fprintln(p.Stdout, "there are more: --limit, --state or --merchant show others")
		return err
	}
	return nil
}

func (p *Program) showOrder(format string, v orderView) error {
	if format == "json" {
		return p.printValue(v)
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options.SeparateRows = false
	t.SetOutputMirror(p.Stdout)
	for _, row := range []struct {
		key   string
		value any
	}{
		{"order", v.OrderID}, {"merchant", v.Merchant}, {"state", v.State}, {"done", yesNo(v.Done)}, {"before it was parked", v.Prev},
		{"why", v.Reason}, {"first seen", clock(&v.First)}, {"failed attempts", v.Attempts}, {"due", clock(v.Due)},
		{"worked on until", clock(v.LeaseUntil)}, {"the provider showed it", yesNo(v.Known)}, {"acknowledged", clock(v.AckedAt)},
		{"body (SHA-256)", v.SHA}, {"body revision", v.Revision}, {"receipt", v.Receipt},
		{"merchant_reference1", v.Reference1}, {"merchant_reference2", v.Reference2}, {"left to do", words(v.Open)}, {"was done", words(v.Closed)},
	} {
		if text := fmt.Sprint(row.value); text != "" && text != "0" {
			t.AppendRow(table.Row{row.key, text})
		}
	}
	t.Render()
	return nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func clock(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func words(list []confirm.Work) string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

// printValue writes a value as indented JSON.
func (p *Program) printValue(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return p.printJSON(raw)
}
