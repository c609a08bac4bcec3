package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mattn/go-isatty"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// findingsError is a file with faults; its text is one line a finding.
type findingsError struct{ report *diag.Report }

// Error lists the findings in their short form.
func (e *findingsError) Error() string {
	var lines []string
	for _, f := range e.report.Findings() {
		lines = append(lines, fmt.Sprintf("%v: %s [%s]", f.Place, f.Message, f.Code))
	}
	return strings.Join(lines, "; ")
}

// told prints the findings of a findingsError for a person and returns errFindings; other errors are returned as they are.
func (p *Program) told(err error) error {
	var found *findingsError
	if !errors.As(err, &found) {
		return err
	}
	return errors.Join(p.show(p.Stderr, found.report), errFindings)
}

// show renders findings; colours only on a terminal.
func (p *Program) show(w io.Writer, r *diag.Report) error {
	return r.Render(w, p.coloured(w))
}

func (p *Program) coloured(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	for _, kv := range p.Environ {
		if strings.HasPrefix(kv, "NO_COLOR=") && kv != "NO_COLOR=" {
			return false
		}
	}
	return isatty.IsTerminal(f.Fd())
}

// loadConfig reads a configuration for a command and shows its findings.
func (p *Program) loadConfig(file string) (*configs.Config, error) {
	r := new(diag.Report)
	cfg := configs.Load(file, p.Environ, r)
	if cfg == nil {
		return nil, p.told(&findingsError{r})
	}
	return cfg, nil
}

// findMerchant returns the merchant with an id, or the only one where id is empty.
func findMerchant(cfg *configs.Config, id string) (*configs.Merchant, error) {
	var ids []string
	for i := range cfg.Merchants {
		m := &cfg.Merchants[i]
		if m.ID == id || id == "" && len(cfg.Merchants) == 1 {
			return m, nil
		}
		ids = append(ids, m.ID)
	}
	if id == "" {
		return nil, fmt.Errorf("--merchant is needed: the configuration has %s", strings.Join(ids, ", "))
	}
	return nil, fmt.Errorf("--merchant %q: there is no such merchant; the configuration has %s", id, strings.Join(ids, ", "))
}
