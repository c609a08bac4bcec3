package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order/confirm"
)

// listFlags are those of list.
type listFlags struct {
	state, why     string
	known, unknown bool
	limit          int
	ids            bool
}

func (p *Program) ordersList(f *ordersFlags) *cobra.Command {
	var l listFlags
	c := &cobra.Command{
		Use:   "list",
		Short: "List the orders that are not done",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withOffice(c.Context(), f, func(ctx context.Context, o office) error {
				page, err := l.page()
				if err != nil {
					return err
				}
				list, more, err := o.list(ctx, page)
				if err != nil {
					return err
				}
				if l.ids {
					return p.showIDs(list, more)
				}
				return p.showOrders(f.format, list, more)
			})
		},
	}
	c.Flags().StringVar(&l.state, "state", "", "only those that are pending, handed, acked or parked")
	c.Flags().StringVar(&l.why, "why", "", "only those with this reason, such as refused")
	c.Flags().BoolVar(&l.known, "known", false, "only those that the provider has shown")
	c.Flags().BoolVar(&l.unknown, "unknown", false, "only those that the provider has not shown: not yet, or made up")
	c.Flags().IntVar(&l.limit, "limit", defaultPage, "how many at most, 1 to 1000 per merchant")
	c.Flags().BoolVar(&l.ids, "ids", false, "print only the order ids, one a line")
	c.MarkFlagsMutuallyExclusive("known", "unknown")
	return c
}

// page is what is asked for.
func (l *listFlags) page() (confirm.Page, error) {
	p := confirm.Page{State: confirm.State(strings.ToUpper(l.state)), Why: l.why, Limit: l.limit}
	switch {
	case !knownState(p.State):
		return p, fmt.Errorf("--state %q: right is pending, handed, acked or parked", l.state)
	case l.limit < 1 || l.limit > maxPage:
		return p, fmt.Errorf("--limit %d: right is 1 to %d", l.limit, maxPage)
	case l.known:
		p.Shown = confirm.Yes
	case l.unknown:
		p.Shown = confirm.No
	}
	return p, nil
}

// showIDs prints ids for another program; that there are more is said to the person.
func (p *Program) showIDs(list []orderView, more bool) error {
	for i := range list {
		if _, err := fmt.Fprintln(p.Stdout, list[i].OrderID); err != nil {
			return err
		}
	}
	if more {
		p.tell("there are more: --limit, --state, --why or --merchant show others\n")
	}
	return nil
}

// errNoneParked is a list of parked orders that is empty.
var errNoneParked = errors.New("no parked order is like that: nothing was released")
