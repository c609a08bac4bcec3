package cmd

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/publication"
)

func (p *Program) rulesHistoryCommand() *cobra.Command {
	var f shelfFlags
	c := &cobra.Command{
		Use:   "history (--admin ADDRESS | --config FILE)",
		Short: "List what was published to a running service",
		Long: "Lists the publications of a rulebook, the newest first: who, when, from when on, why, and what became of each. Times are\n" +
			"those of the time zone of the tables.",
		Example: "  kvitto rules history --admin 127.0.0.1:9090\n  kvitto rules history --config kvitto.yaml --merchant se --format json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkFormat(f.format); err != nil {
				return err
			}
			s, err := p.openShelf(c.Context(), &f)
			if err != nil {
				return err
			}
			return p.showHistory(f.format, s.book)
		},
	}
	f.add(c)
	return c
}

func (p *Program) showHistory(format string, b rulebookView) error {
	if format == "json" {
		return p.writeJSON(b)
	}
	if len(b.Publications) == 0 {
		_, err := fmt.Fprintf(p.Stdout, "nothing was published: the folder %s serves %s\n", b.Name, merchantsOf(b))
		return err
	}
	if _, err := fmt.Fprintf(p.Stdout, "rulebook %s, for %s\n", b.Name, merchantsOf(b)); err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.SetOutputMirror(p.Stdout)
	t.AppendHeader(table.Row{"number", "state", "revision", "by", "published", "serves from", "why"})
	for i := range b.Publications {
		e := &b.Publications[i]
		t.AppendRow(table.Row{e.Number, stateOf(e), contentOf(&e.Entry), printable(e.By), local(e.At, zoneOf(&e.Entry)), startText(&e.Entry), whyOf(&e.Entry)})
	}
	t.Render()
	return nil
}

func stateOf(e *publicationView) string {
	if e.State == publication.Waiting {
		return "waiting until its start"
	}
	return string(e.State)
}

// contentOf names what a publication holds.
func contentOf(e *publication.Entry) string {
	if e.Folder {
		return "the folder"
	}
	return e.Revision
}

func startText(e *publication.Entry) string {
	if e.Start.IsZero() {
		return "at once"
	}
	return local(e.Start, zoneOf(e))
}

// whyOf is the reason, with what else one should know.
func whyOf(e *publication.Entry) string {
	var parts []string
	if e.Why != "" {
		parts = append(parts, printable(e.Why))
	}
	if e.Again > 0 {
		parts = append(parts, fmt.Sprintf("(again %d)", e.Again))
	}
	if e.FailedTests > 0 {
		parts = append(parts, fmt.Sprintf("(despite failed tests: %d)", e.FailedTests))
	}
	return strings.Join(parts, " ")
}
