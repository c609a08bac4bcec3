// Command worker is the service with a known fault, named by the environment variable TORTURE_MUTANT: one that the torture
// run must catch.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/torture/mutant"
)

func main() {
	list, err := mutant.Find(os.Getenv("TORTURE_MUTANT"))
	if err != nil || len(list) != 1 {
		_, _ = fmt.Fprintf(os.Stderr, "worker: TORTURE_MUTANT must name one mutant: %v\n", err)
		os.Exit(2)
	}
	p := &cmd.Program{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), Now: time.Now,
		Plugins: cmd.Included(), WrapStore: list[0].Wrap,
	}
	os.Exit(p.Run(context.Background(), os.Args[1:]))
}
