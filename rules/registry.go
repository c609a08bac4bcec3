package rules

import (
	"context"
	"errors"

	"github.com/kvitto/kvitto/rules/diag"
)

// Plugin is what a module registers: a name in lower.dotted_words with the vendor first, one sentence, and New.
type Plugin struct {
	Name string
	Doc  string
	New  func() any // a fresh value that implements at least one hook; may not fail, block or start anything
}

// Configurer decodes the plug-in's own part of the configuration strictly; n is nil where there is none.
type Configurer interface {
	Configure(n *diag.Node, r *diag.Report)
}

// Provisioner prepares what serving needs (clients, caches). It may fail and block until ctx ends.
type Provisioner interface {
	Provision(ctx context.Context) error
}

// Registry holds the plug-ins of a build by name. It is a value; tests make their own.
type Registry struct{ plugins []Plugin }

// NewRegistry refuses an empty or malformed name, a name given twice and a value without a hook.
func NewRegistry(plugins ...Plugin) (*Registry, error) { return nil, errors.New("not yet") }

// Names returns all names, sorted.
func (r *Registry) Names() []string { return nil }

// Hooks returns the names of the hooks that a plug-in implements, e.g. "ShippingEngine".
func (r *Registry) Hooks(name string) []string { return nil }

// New makes a fresh value of a plug-in and configures it; an unknown name is a finding that lists the known ones.
func (r *Registry) New(name string, at diag.Place, cfg *diag.Node, rep *diag.Report) (any, bool) {
	return nil, false
}
