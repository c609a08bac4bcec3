package rules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// Plugin is what a module registers: a name in lower.dotted_words with the vendor first (acme.age_limit; the vendor alone
// where there is one plug-in of it: postnord), one sentence, and New.
type Plugin struct {
	Name string
	Doc  string
	New  func() any // a fresh value that implements at least one hook; may not fail, block or start anything
}

// Configurer decodes the plug-in's own part of the configuration strictly; n is nil where there is none.
type Configurer interface {
	Configure(n *diag.Node, r *diag.Report)
}

// Codes of the findings that Registry.New tells; they are permanent.
const (
	// CodeUnknownPlugin is a name that no compiled-in plug-in has.
	CodeUnknownPlugin = "E206"
	// CodePluginConfig is a configuration that a plug-in cannot use: it takes none, a value is wrong, or its decoding
	// panicked. Plug-ins tell their own faults by it too.
	CodePluginConfig = "E218"
)

// Names that the tables of a rulebook have among the members of an engine.
const (
	tableTax      = "tax"
	tableShipping = "shipping"
)

// maxPluginName bounds a name: it becomes a metric's label.
const maxPluginName = 64

var pluginName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)

// Registry holds the plug-ins of a build by name. It is a value; tests make their own. It is read-only and safe
// for concurrent use.
type Registry struct{ plugins []Plugin }

// NewRegistry refuses an empty or malformed name, a name given twice, a missing New and a value without a hook. It
// tells all of them, joined. It calls each New once.
func NewRegistry(plugins ...Plugin) (*Registry, error) {
	r := &Registry{plugins: slices.Clone(plugins)}
	seen := make(map[string]int, len(plugins))
	var faults []error
	for i, p := range plugins {
		if err := p.check(); err != nil {
			faults = append(faults, fmt.Errorf("plugins[%d]: %w", i, err))
			continue
		}
		if first, twice := seen[p.Name]; twice {
			faults = append(faults, fmt.Errorf("plugins[%d]: the name %q is taken by plugins[%d]", i, p.Name, first))
			continue
		}
		seen[p.Name] = i
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	slices.SortFunc(r.plugins, func(a, b Plugin) int { return strings.Compare(a.Name, b.Name) })
	return r, nil
}

// check tells the first thing that is wrong with a plug-in by itself.
func (p *Plugin) check() error {
	switch {
	case p.Name == "":
		return errors.New(`the name is empty; want the vendor and a word, e.g. "acme.age_limit"`)
	case len(p.Name) > maxPluginName:
		return fmt.Errorf("the name %.20q… has %d characters; at most %d are allowed", p.Name, len(p.Name), maxPluginName)
	case !pluginName.MatchString(p.Name):
		return fmt.Errorf("the name %q is not lower.dotted_words with the vendor first, e.g. %q", p.Name, "acme.age_limit")
	case p.Name == tableTax || p.Name == tableShipping:
		return fmt.Errorf("the name %q is that of a table; want the vendor and a word, e.g. %q", p.Name, "acme.age_limit")
	case p.New == nil:
		return fmt.Errorf("%q has no New", p.Name)
	}
	impl, err := p.make()
	if err != nil {
		return err
	}
	if len(hooksOf(impl)) == 0 {
		return fmt.Errorf("%q: %T implements no hook; want one of %s", p.Name, impl, strings.Join(hookNames(), ", "))
	}
	return nil
}

// make calls New and holds a panic back.
func (p *Plugin) make() (impl any, err error) {
	defer func() {
		if v := recover(); v != nil {
			impl, err = nil, fmt.Errorf("%q: New: %w", p.Name, newPanic(v))
		}
	}()
	return p.New(), nil
}

// Names returns all names, sorted.
func (r *Registry) Names() []string {
	names := make([]string, len(r.plugins))
	for i, p := range r.plugins {
		names[i] = p.Name
	}
	return names
}

// Hooks returns the names of the hooks that a plug-in implements, e.g. "ShippingEngine"; none where the name is
// unknown.
func (r *Registry) Hooks(name string) []string {
	p := r.find(name)
	if p == nil {
		return nil
	}
	impl, err := p.make()
	if err != nil {
		return nil
	}
	return hooksOf(impl)
}

func (r *Registry) find(name string) *Plugin {
	i, ok := slices.BinarySearchFunc(r.plugins, name, func(p Plugin, n string) int { return strings.Compare(p.Name, n) })
	if !ok {
		return nil
	}
	return &r.plugins[i]
}

// New makes a fresh value of a plug-in and configures it; an unknown name is a finding that lists the known ones.
// ok is false where an error was found. cfg is nil where nothing is configured; for a plug-in that takes no
// configuration anything else is a finding. Findings of the plug-in without a place stand at at, those without a code are
// CodePluginConfig.
func (r *Registry) New(name string, at diag.Place, cfg *diag.Node, rep *diag.Report) (any, bool) {
	p := r.find(name)
	if p == nil {
		r.unknown(name, at, rep)
		return nil, false
	}
	impl, err := p.make()
	if err != nil {
		rep.Errorf(CodePluginConfig, at, "%v", err)
		return nil, false
	}
	var found diag.Report
	configure(p.Name, impl, at, cfg, &found)
	rep.Add(&found, at, CodePluginConfig)
	if found.Failed() {
		return nil, false
	}
	return impl, true
}

func (r *Registry) unknown(name string, at diag.Place, rep *diag.Report) {
	f := rep.Errorf(CodeUnknownPlugin, at, "no plug-in is called %q", name)
	f.Label = "not compiled into this program"
	known := r.Names()
	switch near := diag.Suggest(name, known); {
	case len(known) == 0:
		f.Help = "this program has no plug-ins; one of your own has them, see docs/plug-ins.md"
	case near != "":
		f.Help = fmt.Sprintf("did you mean %q? Known: %s", near, strings.Join(known, ", "))
	default:
		f.Help = "known: " + strings.Join(known, ", ")
	}
}

// configure lets impl decode its own part and holds a panic back: a reload must not end the process.
func configure(name string, impl any, at diag.Place, cfg *diag.Node, rep *diag.Report) {
	defer func() {
		if v := recover(); v != nil {
			rep.Errorf(CodePluginConfig, at, "plug-in %q: %v", name, newPanic(v))
		}
	}()
	c, ok := impl.(Configurer)
	if !ok {
		if cfg != nil {
			rep.Errorf(CodePluginConfig, cfg.Place, "plug-in %q takes no configuration", name).Help = "leave this key out"
		}
		return
	}
	c.Configure(cfg, rep)
}

// Names of the hooks, as Registry.Hooks and Fault tell them.
const (
	HookFacts    = "FactProvider"
	HookTax      = "TaxEngine"
	HookShipping = "ShippingEngine"
	HookValidate = "Validator"
	HookSink     = "OrderSink" // no callback asks it: confirmed orders are handed to it
)

func hookNames() []string { return []string{HookFacts, HookTax, HookShipping, HookValidate, HookSink} }

// hooksOf tells the hooks of a value in the order in which a callback asks them.
func hooksOf(impl any) []string {
	var hooks []string
	if _, ok := impl.(FactProvider); ok {
		hooks = append(hooks, HookFacts)
	}
	if _, ok := impl.(TaxEngine); ok {
		hooks = append(hooks, HookTax)
	}
	if _, ok := impl.(ShippingEngine); ok {
		hooks = append(hooks, HookShipping)
	}
	if _, ok := impl.(Validator); ok {
		hooks = append(hooks, HookValidate)
	}
	if _, ok := impl.(OrderSink); ok {
		hooks = append(hooks, HookSink)
	}
	return hooks
}

// Codes returns the codes that this package tells, in order.
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{
		{Code: CodeUnknownPlugin, Meaning: "no plug-in of that name is part of this program"},
		{Code: CodePluginConfig, Meaning: "the configuration of a plug-in is not what it takes"},
	}
}
