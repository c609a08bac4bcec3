package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// book reads the rulebook that a command line is about: its first argument, --rules, or the folder of the merchant in the
// configuration. It is nil where there is none without an error.
func (k *completer) book(c *cobra.Command, args []string) *rulebook.Rulebook {
	dir := flagText(c, "rules")
	if len(args) > 0 && isFolder(args[0]) {
		dir = args[0]
	}
	if dir == "" {
		cfg := k.config(c)
		if cfg == nil {
			return nil
		}
		m, err := findMerchant(cfg, flagText(c, "merchant"))
		if err != nil {
			return nil
		}
		dir = m.Rules
	}
	r := new(diag.Report)
	fsys, closeDir, ok := rulebook.Open(dir, r)
	if !ok {
		return nil
	}
	defer closeDir()
	return rulebook.LoadFS(fsys, (&source{registry: k.registry}).options(), r)
}

// options completes ids of options.
func (k *completer) options(c *cobra.Command, args []string, _ string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	b := k.book(c, args)
	if b == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	layouts := b.Shipping.Layouts()
	for i := range layouts {
		o := &layouts[i]
		name := ""
		for _, t := range o.Texts {
			if t.Word == "name" {
				name = t.Text.In("en", b.Shipping.Languages())
			}
		}
		all = append(all, cobra.CompletionWithDesc(o.ID, name))
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// carts completes the class at the end of a cart such as "4 kg, 700.00, bulky".
func (k *completer) carts(c *cobra.Command, args []string, word string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	at := strings.LastIndexByte(word, ',')
	b := k.book(c, args)
	if at < 0 || b == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	before, begun := word[:at+1]+" ", strings.TrimLeft(word[at+1:], " ")
	for _, class := range b.Shipping.Classes() {
		if strings.HasPrefix(class, begun) {
			all = append(all, cobra.CompletionWithDesc(before+class, "class"))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// placesMost is how many addresses of one country are offered.
const placesMost = 50

// places completes addresses: the countries of the zones, and in one that is written a postcode for each way in which zones lie.
func (k *completer) places(c *cobra.Command, args []string, word string) (all []cobra.Completion, _ cobra.ShellCompDirective) {
	b := k.book(c, args)
	if b == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	z := b.Shipping.Zones()
	country, code, written := strings.Cut(word, " ")
	if !written {
		for _, country := range z.Countries() {
			if !strings.HasPrefix(country, strings.ToUpper(word)) {
				continue
			}
			where := z.Locate(country, "", "")
			all = append(all, cobra.CompletionWithDesc(country, zonesIn(z, where.Possible)))
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
	country, region, _ := strings.Cut(country, "-")
	for s := range z.Segments(country, region) {
		address := strings.TrimSpace(strings.Split(word, " ")[0] + " " + s.From)
		if len(all) < placesMost && s.From != "" && strings.HasPrefix(s.From, code) {
			all = append(all, cobra.CompletionWithDesc(address, zonesIn(z, s.Certain)))
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// zonesIn names the zones of a set.
func zonesIn(z *table.Zones, set table.SetID) string {
	var names []string
	for _, name := range z.Names() {
		if id, ok := z.ID(name); ok && z.Has(set, id) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "no zone"
	}
	return strings.Join(names, ", ")
}
