package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

func (p *Program) rulesCommand(registry *rules.Registry) *cobra.Command {
	c := &cobra.Command{Use: "rules", Short: "Test, explain and check a rulebook", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(p.rulesTestCommand(registry), p.rulesExplainCommand(registry), p.rulesLintCommand(registry), p.rulesHelpCommand(),
		p.rulesSimulateCommand(registry), p.rulesDecisionsCommand(), p.rulesCoverageCommand(registry), p.rulesDiffCommand(registry),
		p.rulesInitCommand(registry), p.rulesImportCommand(), p.rulesFmtCommand(), p.rulesSchemaCommand(),
		p.rulesPublishCommand(registry), p.rulesHistoryCommand(), p.rulesRollbackCommand(registry))
	return c
}

// checkFormat refuses what addFormat does not offer.
func checkFormat(format string) error {
	if format != "text" && format != "json" {
		return fmt.Errorf("--format %q: want text or json", format)
	}
	return nil
}

// folderOf refuses early what cannot be a rulebook folder, with a plain reason.
func folderOf(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no such folder; want one that holds %s and %s", dir, rulebook.ShippingFile, rulebook.TaxFile)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%s: this is not a folder; want one that holds %s and %s", dir, rulebook.ShippingFile, rulebook.TaxFile)
	}
	if _, err := os.Lstat(dir + string(os.PathSeparator) + rulebook.ShippingFile); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: this folder holds no %s; want the folder of a rulebook", dir, rulebook.ShippingFile)
	}
	return nil
}

// openBook reads a rulebook and calls use with it while its folder is open. A rulebook with an error is errRules.
func openBook(registry *rules.Registry, dir string, r *diag.Report, use func(fs.FS, *rulebook.Rulebook) error) error {
	if err := folderOf(dir); err != nil {
		return err
	}
	fsys, closeDir, ok := rulebook.Open(dir, r)
	if !ok {
		return errRules
	}
	defer closeDir()
	src := &source{registry: registry}
	b := rulebook.LoadFS(fsys, src.options(), r)
	if b == nil {
		return errRules
	}
	return use(fsys, b)
}
