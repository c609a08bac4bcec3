package cmd

import (
	"context"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/lint"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/internal/starter"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// completionTime bounds a question to a running service while a person waits for a word.
const completionTime = time.Second

// completer completes words of the command line from what is at hand. Whatever fails, it offers nothing and says nothing.
type completer struct {
	p        *Program
	registry *rules.Registry
}

// complete adds completion to all commands below c: to flags by their name, to arguments by how Use writes them.
func (p *Program) complete(root *cobra.Command, registry *rules.Registry) {
	quiet := *p
	quiet.Stderr = io.Discard
	(&completer{&quiet, registry}).commands(root)
}

func (k *completer) commands(c *cobra.Command) {
	for _, set := range []*pflag.FlagSet{c.LocalNonPersistentFlags(), c.PersistentFlags()} {
		set.VisitAll(func(f *pflag.Flag) {
			if words := k.flag(c, f); words != nil {
				// The only error is that of a flag that has words already.
				_ = c.RegisterFlagCompletionFunc(f.Name, words)
			}
		})
	}
	if c.ValidArgsFunction == nil && len(c.ValidArgs) == 0 {
		c.ValidArgsFunction = k.arguments(c)
	}
	for _, child := range c.Commands() {
		k.commands(child)
	}
}

// flag returns what completes a flag, nil where that is left to the shell.
func (k *completer) flag(_ *cobra.Command, f *pflag.Flag) cobra.CompletionFunc {
	switch f.Name {
	case "config":
		return cobra.FixedCompletions([]string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt)
	case "format":
		return cobra.FixedCompletions(wordsOf(f.Usage), cobra.ShellCompDirectiveNoFileComp)
	case "merchant":
		return k.merchants
	case "rules":
		return k.folders
	case "choose":
		return k.options
	case "cart":
		return k.carts
	case "to":
		if strings.HasPrefix(f.Usage, "address") {
			return k.places
		}
	case "country":
		return fixed(starter.Countries())
	case "prices":
		return fixed([]string{"include", "exclude"})
	case "vat":
		return fixed([]string{starter.VATDestination, starter.VATHome})
	case "mode":
		return fixed([]string{starter.ModePricing, starter.ModeFull})
	case "customer":
		return fixed([]string{"person", "organization"})
	case "order-id":
		return k.orders
	}
	return nil
}

// fixed completes one of a few words.
func fixed(words []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

// wordsOf are those of a usage such as "text, json or sarif".
func wordsOf(usage string) []string {
	usage, _, _ = strings.Cut(usage, ";")
	return slices.DeleteFunc(strings.FieldsFunc(usage, func(c rune) bool { return c == ' ' || c == ',' }), func(w string) bool { return w == "or" })
}

// arguments returns what completes the arguments of a command, nil where that is left to the shell.
func (k *completer) arguments(c *cobra.Command) cobra.CompletionFunc {
	_, args, _ := strings.Cut(c.Use, " ")
	switch {
	case strings.HasPrefix(args, "ORDER"), strings.HasPrefix(args, "(ORDER"):
		return k.orders
	case strings.HasPrefix(args, "[CODE]"):
		return findingCodes
	case strings.HasPrefix(args, "DIR..."), strings.HasPrefix(args, "[DIR..."), strings.HasPrefix(args, "(BEFORE"):
		return k.folders
	case strings.HasPrefix(args, "DIR"):
		return func(c *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return k.folders(c, args, word)
		}
	case strings.HasPrefix(args, "[DIR]"):
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	}
	return nil
}

// findingCodes completes codes of findings.
func findingCodes(_ *cobra.Command, args []string, word string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, code := range lint.PageCodes() {
		if strings.HasPrefix(code, strings.ToUpper(word)) {
			all = append(all, cobra.CompletionWithDesc(code, lint.Meaning(code)))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// Bounds of the search for rulebooks.
const (
	bookDepth = 4
	bookMost  = 2000 // folders that are looked into
)

// folders completes folders of rulebooks below the one that is written; where there is none, any folder.
func (k *completer) folders(_ *cobra.Command, _ []string, word string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	root, _ := filepath.Split(word)
	seen := 0
	// What cannot be read holds no rulebook that could be named.
	_ = filepath.WalkDir(filepath.Clean("./"+root), func(name string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(filepath.Clean("./"+root), name)
		switch seen++; {
		case seen > bookMost:
			return fs.SkipAll
		case err != nil || d.IsDir() && (rel != "." && strings.HasPrefix(d.Name(), ".") || strings.Count(rel, string(filepath.Separator)) >= bookDepth):
			return fs.SkipDir
		case d.Name() != rulebook.ShippingFile || d.IsDir():
			return nil
		}
		if folder := root + filepath.Dir(rel); strings.HasPrefix(folder, word) {
			all = append(all, filepath.Clean(folder))
		}
		return nil
	})
	if len(all) == 0 {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return all, cobra.ShellCompDirectiveDefault
}

// merchants completes the merchants of the configuration.
func (k *completer) merchants(c *cobra.Command, _ []string, _ string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	if cfg := k.config(c); cfg != nil {
		for i := range cfg.Merchants {
			all = append(all, cobra.CompletionWithDesc(cfg.Merchants[i].ID, "mode "+cfg.Merchants[i].Mode))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// config reads the configuration that --config names, else kvitto.yaml of this folder; nil where that cannot be.
func (k *completer) config(c *cobra.Command) *configs.Config {
	file := flagText(c, "config")
	if file == "" {
		file = starter.ConfigFile
	}
	return configs.Load(file, k.p.Environ, new(diag.Report))
}

// flagText is the value of a flag, "" where a command has none of that name.
func flagText(c *cobra.Command, name string) string {
	if f := c.Flag(name); f != nil {
		return f.Value.String()
	}
	return ""
}

// orders completes ids of orders that a running service has records of, the parked ones too.
func (k *completer) orders(c *cobra.Command, args []string, word string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	client, err := k.p.adminClient(adminFlags{config: flagText(c, "config"), admin: flagText(c, "admin"), tokenEnv: flagText(c, "token-env"),
		tokenFile: flagText(c, "token-file")})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := context.WithTimeout(contextOf(c), completionTime)
	defer cancel()
	q := url.Values{"limit": {"100"}}
	if m := flagText(c, "merchant"); m != "" {
		q.Set("merchant", m)
	}
	var page ordersPage
	if err := client.get(ctx, "/api/orders", q, &page); err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for i := range page.Orders {
		if o := &page.Orders[i]; strings.HasPrefix(o.OrderID, word) && !slices.Contains(args, o.OrderID) {
			all = append(all, cobra.CompletionWithDesc(o.OrderID, string(o.State)+", "+o.Merchant))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// contextOf is the context of a command that completion may run without one.
func contextOf(c *cobra.Command) context.Context {
	if ctx := c.Context(); ctx != nil {
		return ctx
	}
	return context.Background()
}

// isFolder reports whether a name is one of a folder.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
