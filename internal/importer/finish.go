package importer

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// finish writes the files, loads them and proves them.
func (d *draft) finish(ctx context.Context) (*Result, error) {
	book, err := d.load(d.files())
	if err != nil {
		return nil, err
	}
	d.chooseCases(book)
	files := d.files()
	if book, err = d.load(files); err != nil {
		return nil, err
	}
	res := &Result{Rows: d.rows, Notes: d.notes, Left: d.left, Proof: d.prove(ctx, book)}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	res.Files = append(files, File{reportFile, d.reportText(res)})
	return res, nil
}

// load reads what was written like any rulebook.
func (d *draft) load(files []File) (*authoring.Book, error) {
	fsys, err := folder(files)
	if err != nil {
		return nil, err
	}
	r := new(diag.Report)
	b := rulebook.LoadFS(fsys, rulebook.Options{Shipped: d.options.Shipped}, r)
	if b == nil {
		var text strings.Builder
		for _, f := range r.Findings() {
			if f.Severity == diag.Error {
				fmt.Fprintf(&text, "%s: %s [%s]; ", f.Place, f.Message, f.Code)
			}
		}
		return nil, fmt.Errorf("the rulebook that was made of %s does not load: %s", d.source, strings.TrimSuffix(text.String(), "; "))
	}
	return authoring.Open(b, rules.Options{})
}

// reportText writes the report.
func (d *draft) reportText(res *Result) []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "Import of %s (%s)\n\n", oneLine(d.source), d.kind)
	fmt.Fprintf(&w, "Rows read: %d\nOptions: %d, zones: %d, countries: %d\n", res.Rows, len(d.book.options), len(d.book.zones), len(d.book.countries))
	w.WriteString("\nConverted\n")
	for _, n := range res.Notes {
		fmt.Fprintf(&w, "- %s\n", n)
	}
	fmt.Fprintf(&w, "\nLeft out: %d\n", len(res.Left))
	for _, l := range res.Left {
		fmt.Fprintf(&w, "- %s: %s\n", l.Place, oneLine(l.Why))
	}
	found := d.report.Findings()
	fmt.Fprintf(&w, "\nFindings: %d\n", len(found)+d.report.Dropped())
	for _, f := range found {
		fmt.Fprintf(&w, "- %s: %s [%s]\n", f.Place, oneLine(f.Message), f.Code)
	}
	fmt.Fprintf(&w, "\nProof: %d of %d rows are priced equally by the source's own rules and by the rulebook (%d questions)\n",
		res.Proof.Equal, res.Proof.Rows, res.Proof.Questions)
	for _, f := range res.Proof.Differences {
		fmt.Fprintf(&w, "- %s: %s: the source says %s, the rulebook %s\n", f.Place, f.Question, f.Source, f.Rulebook)
	}
	return w.Bytes()
}
