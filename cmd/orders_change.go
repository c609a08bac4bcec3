package cmd

import (
	"context"
	"fmt"
	"os/user"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order/confirm"
)

// releaseFlags are those of release.
type releaseFlags struct {
	all, yes bool
	why, was string
}

// ordersRelease brings parked orders back, by their ids or all that are like that.
func (p *Program) ordersRelease(f *ordersFlags) *cobra.Command {
	var r releaseFlags
	var by string
	c := &cobra.Command{
		Use:   "release (ORDER… | --all)",
		Short: "Bring parked orders back to work",
		Long: "Brings parked orders back to the state before, due at once. Look first why they were parked: kvitto orders show ORDER.\n" +
			"--all releases every parked order of the merchant, or with --why and --was those parked for that reason or in that state;\n" +
			"it says how many and asks.",
		RunE: func(c *cobra.Command, args []string) error {
			return p.withOffice(c.Context(), f, func(ctx context.Context, o office) error {
				if err := r.check(args); err != nil {
					return err
				}
				if !r.all {
					return p.changeOrders(ctx, f, o, args, "release", who(by))
				}
				ids, err := p.parked(ctx, o, &r)
				if err != nil {
					return err
				}
				return p.changeOrders(ctx, f, o, ids, "release", who(by))
			})
		},
	}
	c.Flags().BoolVar(&r.all, "all", false, "all parked orders of the merchant")
	c.Flags().StringVar(&r.why, "why", "", "with --all: only those parked for this reason, such as refused")
	c.Flags().StringVar(&r.was, "was", "", "with --all: only those that were pending, handed or acked before")
	c.Flags().BoolVar(&r.yes, "yes", false, "with --all: do not ask")
	addBy(c, &by)
	return c
}

func (r *releaseFlags) check(args []string) error {
	switch was := confirm.State(strings.ToUpper(r.was)); {
	case r.all == (len(args) > 0):
		return fmt.Errorf("right is either order ids or --all")
	case !r.all && (r.why != "" || r.was != "" || r.yes):
		return fmt.Errorf("--why, --was and --yes go with --all")
	case !knownState(was) || was == confirm.Parked:
		return fmt.Errorf("--was %q: right is pending, handed or acked", r.was)
	default:
		return nil
	}
}

// parked lists the orders that a release of all is about, once whoever asks has agreed.
func (p *Program) parked(ctx context.Context, o office, r *releaseFlags) ([]string, error) {
	merchant, err := o.one(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	page := confirm.Page{State: confirm.Parked, Why: r.why, Limit: maxPage}
	for more := true; more; {
		var list []orderView
		if list, more, err = o.list(ctx, page); err != nil {
			return nil, err
		}
		for i := range list {
			page.After = list[i].OrderID
			if r.was == "" || strings.EqualFold(r.was, string(list[i].Prev)) {
				ids = append(ids, list[i].OrderID)
			}
		}
	}
	if len(ids) == 0 {
		return nil, errNoneParked
	}
	what := fmt.Sprintf("release %d parked orders of merchant %s", len(ids), merchant)
	if r.why != "" {
		what += ", parked for " + r.why
	}
	if r.was != "" {
		what += ", " + strings.ToUpper(r.was) + " before"
	}
	return ids, p.agree(r.yes, what, "all of them are worked on then")
}

func (p *Program) ordersPark(f *ordersFlags) *cobra.Command {
	return p.ordersChange(f, "park ORDER…", "Set orders aside until they are released",
		"Sets orders aside: nothing is tried with them until they are released. The provider goes on pushing them.", "park")
}

func (p *Program) ordersRetry(f *ordersFlags) *cobra.Command {
	return p.ordersChange(f, "retry ORDER…", "Have orders that wait tried now",
		"Has orders that wait after a fault tried now, not when their wait is over. Parked ones are released instead.", "retry")
}

func (p *Program) ordersForget(f *ordersFlags) *cobra.Command {
	var by string
	var yes bool
	c := &cobra.Command{
		Use:   "forget ORDER…",
		Short: "Drop ids that the provider never showed",
		Long: "Drops the records of ids that the provider has never shown, such as made-up ones: kvitto orders list --unknown --ids lists\n" +
			"them. One that it has shown, or that got any further, is refused. Without this an unknown id is asked for again and again\n" +
			"and forgotten after 47 hours. A push of a dropped id begins anew.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return p.withOffice(c.Context(), f, func(ctx context.Context, o office) error {
				if err := p.agree(yes, fmt.Sprintf("forget %d ids that the provider has not shown", len(args)), "they are not asked for any more"); err != nil {
					return err
				}
				return p.changeOrders(ctx, f, o, args, "forget", who(by))
			})
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	addBy(c, &by)
	return c
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
				return p.changeOrders(ctx, f, o, args, what, who(by))
			})
		},
	}
	addBy(c, &by)
	return c
}

func addBy(c *cobra.Command, by *string) {
	c.Flags().StringVar(by, "by", "", "who asks, for the audit; without it the user of this machine")
}

// changeOrders changes one order after the other and shows what came of each; it ends with the first that cannot be changed.
func (p *Program) changeOrders(ctx context.Context, f *ordersFlags, o office, ids []string, what, by string) error {
	var list []orderView
	for _, id := range ids {
		v, err := o.change(ctx, id, what, by)
		if err != nil {
			return p.showChanged(f.format, list, fmt.Errorf("%s: %w", id, err))
		}
		list = append(list, v)
	}
	return p.showChanged(f.format, list, nil)
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
