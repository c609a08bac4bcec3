package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// errRules is a rulebook that cannot be used; its findings are in the report.
var errRules = errors.New("the rulebook cannot be used")

// errPlugin is a plug-in that cannot be made from its configuration; its findings are in the report.
var errPlugin = errors.New("a plug-in cannot be used")

// source is where rulebooks come from: folders, or those of the embedded demo shops.
type source struct {
	registry *rules.Registry
	demo     fs.FS               // holds the folders of serve --demo; nil: those of this machine
	loading  func() (end func()) // told while a rulebook is read; nil: nobody
}

// book is a rulebook whose own tests have passed, but where somebody published it despite those that fail.
type book struct {
	*rulebook.Rulebook
	tests       int   // cases that passed
	publication int64 // its number; 0: it is the folder
}

// load reads a rulebook and runs its tests: what it returns may serve. Faults are in r; the error says what failed.
func (s *source) load(dir string, r *diag.Report) (*book, error) {
	if s.loading != nil {
		defer s.loading()()
	}
	fsys, closeDir, err := s.open(dir, r)
	if err != nil {
		return nil, err
	}
	defer closeDir()
	b, failed, err := s.tested(fsys, r)
	if err == nil && failed != nil {
		err = failed
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// tested reads a rulebook and runs its tests; failed: some did not pass.
func (s *source) tested(fsys fs.FS, r *diag.Report) (b *book, failed *failedTests, err error) {
	loaded := rulebook.LoadFS(fsys, s.options(), r)
	if loaded == nil {
		return nil, nil, errRules
	}
	results, err := runTests(fsys, loaded, r, nil)
	if err != nil {
		return nil, nil, err
	}
	b = &book{Rulebook: loaded}
	for _, res := range results {
		b.tests += res.Passed
		if res.Failed > 0 {
			failed = &failedTests{results}
		}
	}
	return b, failed, nil
}

// open opens the folder of a rulebook.
func (s *source) open(dir string, r *diag.Report) (fs.FS, func(), error) {
	if s.demo != nil {
		fsys, err := fs.Sub(s.demo, dir)
		return fsys, func() {}, err
	}
	fsys, closeDir, ok := rulebook.Open(dir, r)
	if !ok {
		return nil, nil, errRules
	}
	return fsys, closeDir, nil
}

func (s *source) options() rulebook.Options {
	known := map[string]bool{}
	for _, name := range s.registry.Names() {
		known[name] = true
	}
	return rulebook.Options{Plugins: func(name string) bool { return known[name] }, Shipped: configs.FS()}
}

// failedTests is a rulebook whose own tests fail.
type failedTests struct{ results []*rulestest.Result }

// count is how many cases fail.
func (e *failedTests) count() int {
	n := 0
	for _, res := range e.results {
		n += res.Failed
	}
	return n
}

// Error names the first failing case.
func (e *failedTests) Error() string {
	failed, first := 0, ""
	for _, res := range e.results {
		failed += res.Failed
		for _, c := range res.Cases {
			if len(c.Failures) > 0 && first == "" {
				first = fmt.Sprintf("%s:%d: %s: %s", c.File, c.Line, c.Name, c.Failures[0])
			}
		}
	}
	return fmt.Sprintf("%d of the rulebook's own tests fail; first: %s", failed, first)
}

// runTests runs every test file of a rulebook in order; a fault of a test file is errRules. traced sees each question; it may
// be nil.
func runTests(fsys fs.FS, b *rulebook.Rulebook, r *diag.Report, traced func(*rules.Query, *rules.Trace)) ([]*rulestest.Result, error) {
	files, err := rulestest.Files(fsys)
	if err != nil {
		return nil, fmt.Errorf("listing test files: %w", err)
	}
	subject, err := b.Subject(rules.Options{})
	if err != nil {
		return nil, err
	}
	subject.Traced = traced
	var results []*rulestest.Result
	for _, file := range files {
		if res := rulestest.Run(fsys, file, subject, r); res != nil {
			results = append(results, res)
		}
	}
	if r.Failed() { // the faults of all files are told
		return nil, errRules
	}
	return results, nil
}

// members makes the plug-ins of a merchant and, behind them, its own check; close releases them. It tells the faults of
// all of them; then none is left open.
func (s *source) members(ctx context.Context, m *configs.Merchant, g egress.Guard, r *diag.Report) ([]rules.Member, func() error, error) {
	var members []rules.Member
	var made []any
	closeAll := func() error {
		var errs []error
		for _, impl := range made {
			errs = append(errs, rules.Close(impl))
		}
		return errors.Join(errs...)
	}
	var faults []error
	for _, p := range m.Plugins {
		impl, ok := s.registry.New(p.Name, p.Place, p.Config, r)
		if !ok {
			if !slices.Contains(faults, errPlugin) {
				faults = append(faults, errPlugin)
			}
			continue
		}
		made = append(made, impl)
		if err := rules.Provision(ctx, impl); err != nil {
			faults = append(faults, fmt.Errorf("plug-in %s: %w", p.Name, err))
		}
		members = append(members, rules.Member{Name: p.Name, Impl: impl, Deadline: p.Deadline, OnFault: faultPolicy(p.OnFault, s.registry.Hooks(p.Name))})
	}
	own, ok, err := shopCheck(m, g)
	if err != nil {
		faults = append(faults, err)
	}
	if len(faults) > 0 {
		return nil, nil, errors.Join(append(faults, closeAll())...)
	}
	if ok {
		made, members = append(made, own.Impl), append(members, own)
	}
	return members, closeAll, nil
}

// faultPolicy is what the configuration says; without a word a plug-in that only provides facts is skipped, since the
// tables say what happens without them.
func faultPolicy(word string, hooks []string) rules.FaultPolicy {
	onlyFacts := len(hooks) == 1 && hooks[0] == rules.HookFacts
	if word == "skip" || word == "" && onlyFacts {
		return rules.FaultSkip
	}
	return rules.FaultDeny
}

// engineOptions are a merchant's settings as the engine takes them.
func engineOptions(m *configs.Merchant, members []rules.Member, onFault func(rules.Fault)) rules.Options {
	return rules.Options{
		Members:       members,
		Policy:        pricing.ShippingPolicy{Provider: m.ShippingLine == "provider", Kept: m.ShippingLinesKept},
		CountryChange: m.CountryChange,
		RequireOption: m.RequireOption,
		DenyURL:       m.DenyURL,
		FactPointers:  m.Facts,
		OnFault:       onFault,
	}
}

// merchantOptions are a merchant's settings as the callbacks take them. With an error quotes are not made, or
// signed webhooks not taken, as they should be; everything else holds.
func merchantOptions(cfg *configs.Config, m *configs.Merchant, held *callbacks.Rules) (*callbacks.Merchant, error) {
	q, err := quotingOf(cfg.PublicURL, m)
	verifier, errWebhook := verifierOf(m)
	err = errors.Join(err, errWebhook)
	return &callbacks.Merchant{Webhook: verifier, ID: m.ID, Tokens: callbackTokens(m.Tokens), Rules: held, OrderIDParameters: m.OrderIDParameters,
		UpdateDeadline: m.UpdateDeadline, ValidationDeadline: m.ValidationTimeout, ApproveOnDeadline: m.ApproveOnDeadline,
		Grace: m.Grace, Texts: cfg.Texts, ShopTokens: callbackTokens(m.ShopTokens), Quoting: q}, err
}
