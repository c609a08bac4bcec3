package importer_test

import (
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// asked is the rulebook of an import behind the engine.
type asked struct{ *authoring.Book }

// book loads what was written.
func (i imported) book(t testing.TB) asked {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range i.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	r := new(diag.Report)
	b := rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, r)
	if b == nil {
		t.Fatalf("the rulebook does not load: %+v", r.Findings())
	}
	book, err := authoring.Open(b, rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return asked{book}
}

// ask is the price of the first option for a parcel, -1 where there is none.
func (a asked) ask(t testing.TB, country, postcode string, grams int64) int64 {
	t.Helper()
	answer := a.Ask(t.Context(), &authoring.Question{Country: country, Postcode: postcode, Currency: string(a.Rules.Shipping.Currency()), Now: day,
		Goods: []authoring.Goods{{Pieces: 1, Grams: grams, Total: 10_000}}})
	if answer.Err != nil {
		t.Fatal(answer.Err)
	}
	if len(answer.Options) == 0 {
		return -1
	}
	return int64(answer.Options[0].Price)
}
