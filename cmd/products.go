package cmd

import (
	"errors"
	"fmt"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// errProducts is a list of products that cannot be used; its findings are in the report.
var errProducts = errors.New("the list of products cannot be used")

// withProducts is the rulebook with the merchant's list of products, if there is one.
func (b *book) withProducts(m *configs.Merchant, r *diag.Report) (*book, error) {
	if m.Products == "" {
		return b, nil
	}
	full := b.WithProducts(m.Products, r)
	if full == nil {
		return nil, errProducts
	}
	return &book{Rulebook: full, tests: b.tests, publication: b.publication}, nil
}

// listed is withProducts for a service: findings are log lines, those that are wrong are part of the error.
func (l *loader) listed(m *configs.Merchant, b *book) (*book, error) {
	r := new(diag.Report)
	full, err := b.withProducts(m, r)
	if err != nil {
		return nil, errors.Join(append([]error{fmt.Errorf("%w: %s", err, m.Products)}, asErrors(r)...)...)
	}
	for _, f := range r.Findings() {
		l.log.WithLevel(zerolog.WarnLevel).Str("merchant", m.ID).Str("products", m.Products).Str("code", f.Code).Stringer("at", f.Place).
			Str("help", f.Help).Msg(f.Message)
	}
	return full, nil
}

// productFiles are the lists of all merchants.
func productFiles(cfg *configs.Config) []string {
	var files []string
	for i := range cfg.Merchants {
		if f := cfg.Merchants[i].Products; f != "" {
			files = append(files, f)
		}
	}
	return files
}
