package cmd

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/decisions"
)

// decisionsFlags say which decisions are listed.
type decisionsFlags struct {
	adminFlags
	merchant, orderID, callback, kind, since, format string
	limit                                            int
}

func (p *Program) rulesDecisionsCommand() *cobra.Command {
	var f decisionsFlags
	c := &cobra.Command{
		Use:   "decisions",
		Short: "List what a running service has decided lately",
		Long: "Lists the last priced callbacks of a running service, the youngest first: what was asked, how it ended, how long it took.\n" +
			"kvitto rules explain --decision ID tells why.",
		Example: "  kvitto rules decisions --kind rejected --since 15m --config kvitto.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkFormat(f.format); err != nil {
				return err
			}
			client, err := p.adminClient(f.adminFlags)
			if err != nil {
				return err
			}
			var page decisionsPage
			if err := client.get(c.Context(), "/api/decisions", f.query(), &page); err != nil {
				return err
			}
			return p.showDecisions(f.format, &page)
		},
	}
	f.add(c)
	g := c.Flags()
	g.StringVar(&f.merchant, "merchant", "", "only those of this merchant")
	g.StringVar(&f.orderID, "order-id", "", "only those about this order")
	g.StringVar(&f.callback, "callback", "", "only those of this callback: "+listed(pricedCallbacks()))
	g.StringVar(&f.kind, "kind", "", "only those that ended so: "+listed(decisionKinds()))
	g.StringVar(&f.since, "since", "", "only those since a time such as 2026-11-23T10:00:00Z, or of the last 15m")
	g.IntVar(&f.limit, "limit", defaultPage, "how many at most, 1 to 1000")
	addFormat(c, &f.format)
	return c
}

func (f *decisionsFlags) query() url.Values {
	q := url.Values{"limit": {strconv.Itoa(f.limit)}}
	for name, value := range map[string]string{"merchant": f.merchant, "order_id": f.orderID, "callback": f.callback, "kind": f.kind, "since": f.since} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

func (p *Program) showDecisions(format string, page *decisionsPage) error {
	if format == "json" {
		return p.writeJSON(page)
	}
	if len(page.Decisions) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "no decisions")
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.SetOutputMirror(p.Stdout)
	t.AppendHeader(table.Row{"decision", "time", "merchant", "callback", "order", "chosen", "ended", "because", "took"})
	for i := range page.Decisions {
		d := &page.Decisions[i]
		t.AppendRow(table.Row{d.ID, clock(&d.At), d.Merchant, d.Callback, d.OrderID, d.Selected, d.Kind, because(d),
			time.Duration(d.DurationUS) * time.Microsecond})
	}
	t.Render()
	if page.More {
		_, err := fmt.Fprintln(p.Stdout, "there are more: --limit, --since or another filter show them")
		return err
	}
	return nil
}

// because is the rule that decided, with its place, or why none did.
func because(d *decisions.Decision) string {
	if d.Class != "" {
		return d.Class
	}
	return d.Rule + decidedAt(d)
}
