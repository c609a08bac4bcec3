package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/rules"
)

func (p *Program) versionCommand(registry *rules.Registry) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, revision, Go and compiled-in plug-ins",
		Args:  cobra.NoArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			version, revision := buildVersion()
			_, err := fmt.Fprintf(p.Stdout, "kvitto %s (%s) %s %s/%s\nplug-ins: %s\n", version, revision, runtime.Version(),
				runtime.GOOS, runtime.GOARCH, orNone(registry.Names()))
			return err
		},
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// buildVersion reads what the Go tool wrote into the binary.
func buildVersion() (version, revision string) {
	version, revision = "devel", "unknown"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, revision
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		version = v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			revision = s.Value[:12]
		}
	}
	return version, revision
}
