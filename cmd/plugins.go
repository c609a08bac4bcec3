package cmd

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/quantitylimit"
	"github.com/kvitto/kvitto/rules"
)

// Included are the plug-ins that come with the program.
func Included() []rules.Plugin { return []rules.Plugin{quantitylimit.Plugin()} }

func (p *Program) pluginsCommand(registry *rules.Registry) *cobra.Command {
	return &cobra.Command{
		Use:   "plugins",
		Short: "List the compiled-in plug-ins and their hooks",
		Args:  cobra.NoArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			t := table.NewWriter()
			t.SetStyle(table.StyleLight)
			t.SetOutputMirror(p.Stdout)
			t.AppendHeader(table.Row{"plug-in", "hooks", "what it does"})
			for _, pl := range p.Plugins {
				t.AppendRow(table.Row{pl.Name, strings.Join(registry.Hooks(pl.Name), ", "), pl.Doc})
			}
			t.SortBy([]table.SortBy{{Number: 1}})
			t.Render()
			return nil
		},
	}
}
