// Command kvitto is the service with the plug-ins that come with it. An own build is a copy of this file.
package main

import (
	"os"

	"github.com/kvitto/kvitto/cmd"
)

func main() { os.Exit(cmd.Main(cmd.Included()...)) }
