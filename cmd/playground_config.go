package cmd

import (
	"crypto/rand"
	"os"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// playedConfig reads a configuration whose secrets need not be there: variables that are not set count as set to something
// that nobody can guess. So scenarios play where no credentials are; none of these secrets is used for anything real.
func (p *Program) playedConfig(file string) (*configs.Config, error) {
	environ := p.Environ
	if data, err := os.ReadFile(file); err == nil { // what cannot be read is told below
		for _, name := range variables(diag.Parse(file, data, new(diag.Report)), nil) {
			if !slices.ContainsFunc(environ, func(kv string) bool { return strings.HasPrefix(kv, name+"=") }) {
				environ = append(slices.Clip(environ), name+"="+rand.Text()+rand.Text())
			}
		}
	}
	r := new(diag.Report)
	cfg := configs.Load(file, environ, r)
	if cfg == nil {
		return nil, p.told(&findingsError{r})
	}
	return cfg, nil
}

// variables adds the names of environment variables that secrets are read from.
func variables(n *diag.Node, names []string) []string {
	if n == nil {
		return names
	}
	for _, item := range n.Items {
		names = variables(item, names)
	}
	for i, key := range n.Keys {
		v := n.Values[i]
		if v.Kind == diag.Scalar && !v.Null && (key.Text == "env" || strings.HasSuffix(key.Text, "_env")) {
			names = append(names, v.Text)
			continue
		}
		names = variables(v, names)
	}
	return names
}
