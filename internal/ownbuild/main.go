// Command ownbuild is an own build: the program with the plug-ins that a merchant chose. It is the example of
// docs/plug-ins.md.
package main

import (
	"os"

	"github.com/kvitto/kvitto/cmd"
	"github.com/kvitto/kvitto/internal/quantitylimit"
)

func main() { os.Exit(cmd.Main(quantitylimit.Plugin())) }
