package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/rules/diag"
)

func (p *Program) rulesHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [CODE]",
		Short: "Explain a finding: what it means, an example, the remedy, what it costs",
		Long:  "Prints the page about the code of a finding, such as E203. Without a code it lists all of them.",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return p.listCodes()
			}
			if child, _, err := c.Parent().Find(args); err == nil && child != c.Parent() {
				return child.Help() // kvitto rules help lint
			}
			return p.rulesHelp(args[0])
		},
	}
}

// listCodes prints one line for each code.
func (p *Program) listCodes() error {
	var out strings.Builder
	for _, code := range lint.PageCodes() {
		fmt.Fprintf(&out, "%s  %s\n", code, lint.Meaning(code))
	}
	_, err := fmt.Fprint(p.Stdout, out.String())
	return err
}

func (p *Program) rulesHelp(code string) error {
	text, ok := lint.Page(strings.ToUpper(code))
	if !ok {
		hint := "kvitto rules help lists them"
		if near := diag.Suggest(strings.ToUpper(code), lint.PageCodes()); near != "" {
			hint = "did you mean " + near + "?"
		}
		return fmt.Errorf("%q: there is no such code; %s", code, hint)
	}
	_, err := fmt.Fprint(p.Stdout, text)
	return err
}
