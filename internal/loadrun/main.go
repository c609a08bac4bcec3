// Command loadrun runs the built binary against the floor handler over loopback and prints the ratios that the design
// asks for. Each figure is a ratio of two processes measured in turn in one run.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "floor" {
		fail(serveFloor())
		return
	}
	if len(os.Args) == 4 && os.Args[1] == "pushfloor" {
		fail(servePushFloor(os.Args[2], os.Args[3]))
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	fail(run(ctx))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "loadrun:", err)
		os.Exit(2)
	}
}

// run measures and prints.
func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "kvitto-loadrun-")
	if err != nil {
		return err
	}
	defer func() { fail(os.RemoveAll(dir)) }()
	binary, err := build(ctx, dir)
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.SetOutputMirror(os.Stdout)
	t.AppendHeader(table.Row{"figure", "Kvitto", "against", "ratio", "goal"})
	for _, measure := range []func(context.Context, string, string, table.Writer) error{againstFloor, againstRows, underReload, atRest, againstSetNX} {
		if err := measure(ctx, binary, dir, t); err != nil {
			return err
		}
	}
	t.Render()
	return nil
}
