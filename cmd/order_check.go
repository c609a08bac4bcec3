package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
)

func (p *Program) orderCommand() *cobra.Command {
	c := &cobra.Command{Use: "order", Short: "Look at an order", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(p.orderCheckCommand())
	return c
}

func (p *Program) orderCheckCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Say what the provider would refuse in an order, and why",
		Long: "Checks an order (a create body, a callback body or a read order; - reads standard input) as the provider does:\n" +
			"line, field, what is sent, what is allowed, the rule.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			body, err := p.readInput(args[0])
			if err != nil {
				return err
			}
			return p.orderCheck(body, format)
		},
	}
	addFormat(c, &format)
	return c
}

// addFormat adds --format text|json.
func addFormat(c *cobra.Command, format *string) {
	c.Flags().StringVar(format, "format", "text", "text or json")
}

// readInput reads a file, or standard input for -, up to the size of the largest body.
func (p *Program) readInput(name string) ([]byte, error) {
	limit := int64(order.DefaultLimits().Bytes) + 1
	if name == "-" {
		return io.ReadAll(io.LimitReader(p.Stdin, limit))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(f, limit))
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return body, err
}

// orderCheck decodes and checks; violations end with errFindings.
func (p *Program) orderCheck(body []byte, format string) error {
	if format != "text" && format != "json" {
		return fmt.Errorf("--format %q: want text or json", format)
	}
	violations, err := violationsOf(body)
	if err != nil {
		return err
	}
	if format == "json" {
		err = p.violationsJSON(violations)
	} else {
		err = p.violationsText(violations)
	}
	if err == nil && len(violations) > 0 {
		return errFindings
	}
	return err
}

// violationsOf are the gate's, or the decoder's one fault as a violation.
func violationsOf(body []byte) ([]gate.Violation, error) {
	o, err := order.DecodeUpdate(body, order.DefaultLimits())
	if err == nil {
		return gate.Order(o), nil
	}
	fault, ok := err.(*order.Fault) //nolint:errorlint // the decoder returns its own type unwrapped
	if !ok {
		return nil, err
	}
	return []gate.Violation{{Pointer: fault.Pointer, Line: -1, Rule: fault.Problem}}, nil
}

func (p *Program) violationsText(vs []gate.Violation) error {
	if len(vs) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "the provider would take this order")
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.SetOutputMirror(p.Stdout)
	t.AppendHeader(table.Row{"line", "field", "sent", "allowed", "rule"})
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 5, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft}})
	for _, v := range vs {
		line, field := "", v.Field
		if v.Line >= 0 {
			line = strconv.Itoa(v.Line + 1)
		}
		if field == "" {
			field = v.Pointer
		}
		t.AppendRow(table.Row{line, field, v.Sent, v.Allowed, v.Rule})
	}
	t.Render()
	return nil
}

func (p *Program) violationsJSON(vs []gate.Violation) error {
	type violation struct {
		Pointer string `json:"pointer"`
		Line    int    `json:"line,omitempty"` // counts from 1
		Field   string `json:"field,omitempty"`
		Sent    string `json:"sent,omitempty"`
		Allowed string `json:"allowed,omitempty"`
		Rule    string `json:"rule"`
	}
	out := []violation{}
	for _, v := range vs {
		out = append(out, violation{v.Pointer, v.Line + 1, v.Field, v.Sent, v.Allowed, v.Rule})
	}
	enc := json.NewEncoder(p.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{"violations": out})
}
