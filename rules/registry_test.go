package rules_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// plugin is one with a configuration of a single key, minimum.
type plugin struct {
	fakeValidator
	minimum     string
	provisioned bool
	closed      bool
	fail        any // panicked with in Provision and Close
}

func (p *plugin) Configure(n *diag.Node, r *diag.Report) {
	if n == nil {
		return
	}
	if !diag.Fields(n, "acme.age_limit", []string{"minimum"}, r) {
		return
	}
	if v := n.Get("minimum"); v != nil {
		p.minimum = v.Text
	}
	if p.minimum == "panic" {
		panic("Anna")
	}
}

func (p *plugin) Provision(context.Context) error {
	if p.fail != nil {
		panic(p.fail)
	}
	p.provisioned = true
	return nil
}

func (p *plugin) Close() error {
	if p.fail != nil {
		panic(p.fail)
	}
	p.closed = true
	return nil
}

func registry(t *testing.T, plugins ...rules.Plugin) *rules.Registry {
	t.Helper()
	r, err := rules.NewRegistry(plugins...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newPlugin() any { return &plugin{} }

func TestNewRegistryRefuses(t *testing.T) {
	t.Parallel()
	ok := func() any { return offers(rules.Offers{}) }
	tests := []struct {
		name    string
		plugins []rules.Plugin
		want    string
	}{
		{"empty", []rules.Plugin{{New: ok}}, `plugins[0]: the name is empty; want the vendor and a word, e.g. "acme.age_limit"`},
		{"capital", []rules.Plugin{{Name: "Acme.stock", New: ok}}, `plugins[0]: the name "Acme.stock" is not lower.dotted_words`},
		{"ends with a word that is none", []rules.Plugin{{Name: "stock.", New: ok}}, `"stock." is not lower.dotted_words with the vendor first, e.g. "acme.age_limit"`},
		{"hyphen", []rules.Plugin{{Name: "acme.age-limit", New: ok}}, `"acme.age-limit" is not`},
		{"two dots", []rules.Plugin{{Name: "acme..stock", New: ok}}, `"acme..stock" is not`},
		{"ends with a dot", []rules.Plugin{{Name: "acme.", New: ok}}, `"acme." is not`},
		{"long", []rules.Plugin{{Name: "acme." + strings.Repeat("x", 60), New: ok}}, "65 characters; at most 64"},
		{"no New", []rules.Plugin{{Name: "acme.stock"}}, `plugins[0]: "acme.stock" has no New`},
		{"nil", []rules.Plugin{{Name: "acme.stock", New: func() any { return nil }}}, `"acme.stock": <nil> implements no hook`},
		{"no hook", []rules.Plugin{{Name: "acme.stock", New: func() any { return 1 }}},
			`"acme.stock": int implements no hook; want one of FactProvider, TaxEngine, ShippingEngine, Validator, OrderSink`},
		{"panic", []rules.Plugin{{Name: "acme.stock", New: func() any { panic(1) }}}, `"acme.stock": New: panic: a value of type int in rules_test.TestNewRegistryRefuses`},
		{"name of a table", []rules.Plugin{{Name: "tax", New: newPlugin}}, `the name "tax" is that of a table`},
		{"twice", []rules.Plugin{{Name: "acme.a", New: ok}, {Name: "acme.stock", New: ok}, {Name: "acme.a", New: ok}},
			`plugins[2]: the name "acme.a" is taken by plugins[0]`},
		{"all of them", []rules.Plugin{{New: ok}, {Name: "X", New: ok}}, "plugins[1]: "},
		{"after one that is there twice", []rules.Plugin{{Name: "acme.a", New: ok}, {Name: "acme.a", New: ok}, {Name: "X", New: ok}}, "plugins[2]: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := rules.NewRegistry(tt.plugins...)
			if r != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v; want an error with %q", r, err, tt.want)
			}
		})
	}
}

func TestRegistryTells(t *testing.T) {
	t.Parallel()
	r := registry(t, rules.Plugin{Name: "zeta.carrier", Doc: "Carries.", New: func() any { return &backedShipping{} }},
		rules.Plugin{Name: "acme.age_limit", New: newPlugin}, rules.Plugin{Name: "acme.tax", New: func() any { return &fakeTax{} }},
		rules.Plugin{Name: "acme.facts", New: func() any { return &fakeFacts{} }})
	if diff := cmp.Diff([]string{"acme.age_limit", "acme.facts", "acme.tax", "zeta.carrier"}, r.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for name, want := range map[string][]string{"zeta.carrier": {"ShippingEngine"}, "acme.age_limit": {"Validator"},
		"acme.tax": {"TaxEngine"}, "acme.facts": {"FactProvider"}, "acme.none": nil} {
		if diff := cmp.Diff(want, r.Hooks(name)); diff != "" {
			t.Errorf("hooks of %s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRegistryNew(t *testing.T) {
	t.Parallel()
	at := diag.Place{File: "kvitto.yaml", Line: 3, Col: 12}
	tests := []struct {
		name, plugin, config string
		ok                   bool
		want                 diag.Finding // Code, Message, Help and the line
	}{
		{name: "configured", plugin: "acme.age_limit", config: "minimum: 18\n", ok: true},
		{name: "without", plugin: "acme.age_limit", ok: true},
		{name: "near", plugin: "acme.age_limt", want: diag.Finding{Place: at, Code: "E206", Message: `no plug-in is called "acme.age_limt"`,
			Help: `did you mean "acme.age_limit"? Known: acme.age_limit, acme.stock`}},
		{name: "far", plugin: "postnord", want: diag.Finding{Place: at, Code: "E206", Message: `no plug-in is called "postnord"`,
			Help: "known: acme.age_limit, acme.stock"}},
		{name: "unknown key", plugin: "acme.age_limit", config: "minimun: 18\n",
			want: diag.Finding{Place: diag.Place{File: "kvitto.yaml", Line: 1}, Code: "E004"}},
		{name: "takes none", plugin: "acme.stock", config: "minimum: 18\n",
			want: diag.Finding{Place: diag.Place{File: "kvitto.yaml", Line: 1}, Code: "E218",
				Message: `plug-in "acme.stock" takes no configuration`, Help: "leave this key out"}},
		{name: "panic", plugin: "acme.age_limit", config: "minimum: panic\n",
			want: diag.Finding{Place: at, Code: "E218", Message: `plug-in "acme.age_limit": panic: a value of type string in rules_test.(*plugin).Configure (registry_test.go:`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := registry(t, rules.Plugin{Name: "acme.age_limit", New: newPlugin},
				rules.Plugin{Name: "acme.stock", New: func() any { return offers(rules.Offers{}) }})
			var rep diag.Report
			var cfg *diag.Node
			if tt.config != "" {
				cfg = diag.Parse("kvitto.yaml", []byte(tt.config), &rep)
			}
			impl, ok := r.New(tt.plugin, at, cfg, &rep)
			if ok != tt.ok || ok != (impl != nil) || ok == rep.Failed() {
				t.Fatalf("got %v, %v with findings %v", impl, ok, rep.Findings())
			}
			if ok {
				return
			}
			got := rep.Findings()[0]
			if got.Code != tt.want.Code || got.Line != tt.want.Line || got.File != "kvitto.yaml" {
				t.Errorf("finding: got %+v, want %+v", got, tt.want)
			}
			if tt.want.Message != "" && (!strings.HasPrefix(got.Message, tt.want.Message) || got.Help != tt.want.Help) {
				t.Errorf("finding: got %q, %q; want %q, %q", got.Message, got.Help, tt.want.Message, tt.want.Help)
			}
		})
	}
}

// TestRegistryNewIsFresh: two places that name a plug-in have two values.
func TestRegistryNewIsFresh(t *testing.T) {
	t.Parallel()
	r := registry(t, rules.Plugin{Name: "acme.age_limit", New: newPlugin})
	var rep diag.Report
	a, _ := r.New("acme.age_limit", diag.Place{}, diag.Parse("a.yaml", []byte("minimum: 18\n"), &rep), &rep)
	b, _ := r.New("acme.age_limit", diag.Place{}, nil, &rep)
	if a == b || a.(*plugin).minimum != "18" || b.(*plugin).minimum != "" {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func TestNoPluginsAtAll(t *testing.T) {
	t.Parallel()
	var rep diag.Report
	if _, ok := registry(t).New("acme.stock", diag.Place{File: "kvitto.yaml", Line: 1, Col: 1}, nil, &rep); ok {
		t.Fatal("a plug-in came of nothing")
	}
	if got := rep.Findings()[0].Help; !strings.Contains(got, "docs/plug-ins.md") {
		t.Errorf("help: got %q", got)
	}
}

// TestRegistryNewCompletesFindings: a finding that a plug-in tells without a place or a code has both.
func TestRegistryNewCompletesFindings(t *testing.T) {
	t.Parallel()
	at := diag.Place{File: "kvitto.yaml", Line: 3, Col: 12}
	r := registry(t, rules.Plugin{Name: "acme.careless", New: func() any { return &careless{} }})
	var rep diag.Report
	cfg := diag.Parse("kvitto.yaml", []byte("minimum: 18\n"), &rep)
	for range 2 { // the second one is equal to the first, and must not pass for that
		if _, ok := r.New("acme.careless", at, cfg, &rep); ok {
			t.Error("a plug-in with a finding was taken")
		}
	}
	if got := rep.Findings(); len(got) != 1 || got[0].Place != at || got[0].Code != rules.CodePluginConfig {
		t.Errorf("got %+v, want one finding at %v with %s", got, at, rules.CodePluginConfig)
	}
}

// careless tells a finding that says neither where nor which.
type careless struct{ fakeValidator }

func (*careless) Configure(_ *diag.Node, r *diag.Report) { r.Errorf("", diag.Place{}, "not like this") }

func TestCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range append(rules.Codes(), diag.Codes()...) {
		if seen[c.Code] || c.Meaning == "" {
			t.Errorf("code %s: twice, or without a meaning", c.Code)
		}
		seen[c.Code] = true
	}
}
