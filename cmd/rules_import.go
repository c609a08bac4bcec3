package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/importer"
	"github.com/kvitto/kvitto/rules/diag"
)

// importFlags are those of rules import.
type importFlags struct {
	from, out string
	force     bool
	o         importer.Options
}

func (p *Program) rulesImportCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import --from KIND FILE",
		Short: "Make a rulebook of the tables of another shop system, or of a price sheet",
		Long: "Reads an export of another shop system, or a price sheet, and writes a folder with shipping.yaml, tax.yaml, side files,\n" +
			"a test and import-report.txt. Then every row of the source is priced by the source's own rules and by the rulebook:\n" +
			"the count is told, and each difference with its row.\n" +
			"Kinds: " + strings.Join(importer.Kinds(), ", ") + ".\n" +
			"Exit status: 1 where a cell could not be understood or a price differs, 2 where nothing could be imported.",
		Example: "  kvitto rules import --from magento-tablerates tablerates.csv --currency SEK --out rules/shop\n" +
			"  kvitto rules import --from xlsx prices.xlsx --currency EUR --columns \"weight to=Gewicht bis, price=Preis\"",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.rulesImport(c.Context(), args[0], &f) },
	}
	s := c.Flags()
	s.StringVar(&f.from, "from", "", "what the file is: "+strings.Join(importer.Kinds(), ", "))
	s.StringVar(&f.out, "out", "rules", "the folder to write")
	s.BoolVar(&f.force, "force", false, "overwrite files that are there")
	s.StringVar(&f.o.Currency, "currency", "", "of amounts without a code, such as SEK")
	s.StringVar(&f.o.WeightUnit, "weight-unit", "kg", "of weights without a unit: kg, g, lb or oz")
	s.StringVar(&f.o.Home, "home", "", "country of the shop, for tax.yaml, such as SE")
	s.StringVar(&f.o.Columns, "columns", "", "what the columns of a price sheet are, such as \"price=Pris, weight to=Maxvikt\"")
	if err := c.MarkFlagRequired("from"); err != nil {
		panic(err) // the flag is declared above
	}
	return c
}

// rulesImport reads, writes and tells.
func (p *Program) rulesImport(ctx context.Context, name string, f *importFlags) error {
	f.o.Now, f.o.Shipped = p.Now(), configs.FS()
	r := new(diag.Report)
	res, err := importer.Import(ctx, os.DirFS(filepath.Dir(name)), filepath.Base(name), f.from, f.o, r)
	r.Rebase(filepath.ToSlash(filepath.Dir(name)), func(string) bool { return true })
	if err != nil {
		return errors.Join(p.show(p.Stderr, r), err)
	}
	if err := p.show(p.Stderr, r); err != nil {
		return err
	}
	if res == nil {
		return fmt.Errorf("%s: nothing could be imported", name)
	}
	if err := writeRulebook(f.out, res.Files, f.force); err != nil {
		return err
	}
	if err := p.tellImport(res, f.out); err != nil {
		return err
	}
	if r.Failed() || res.Proof.Equal < res.Proof.Rows {
		return errFindings
	}
	return nil
}

// tellImport tells what was written and what the proof says.
func (p *Program) tellImport(res *importer.Result, out string) error {
	var w strings.Builder
	fmt.Fprintf(&w, "read %s\n", authoring.Plural(res.Rows, "row", "rows"))
	for _, f := range res.Files {
		lines := strings.Count(string(f.Data), "\n")
		fmt.Fprintf(&w, "wrote %s (%s)\n", filepath.ToSlash(filepath.Join(out, f.Name)), authoring.Plural(lines, "line", "lines"))
	}
	for _, n := range res.Notes {
		fmt.Fprintf(&w, "note: %s\n", n)
	}
	if n := len(res.Left); n > 0 {
		fmt.Fprintf(&w, "note: %s out, listed in import-report.txt\n", authoring.Plural(n, "entry is left", "entries are left"))
	}
	pr := &res.Proof
	for _, d := range pr.Differences {
		fmt.Fprintf(&w, "differs: %s: %s: the source says %s, the rulebook %s\n", d.Place, d.Question, d.Source, d.Rulebook)
	}
	fmt.Fprintf(&w, "check: %s of %s equal (%s)\n", authoring.Count(int64(pr.Equal)), authoring.Plural(pr.Rows, "price", "prices"),
		authoring.Plural(pr.Questions, "question", "questions"))
	_, err := p.Stdout.Write([]byte(w.String()))
	return err
}

// writeRulebook writes files into a folder; without force it overwrites none, and then writes none.
func writeRulebook(dir string, files []importer.File, force bool) error {
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if _, err := os.Lstat(name); !force && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: is there already; nothing was written; choose another --out, or --force", strconv.Quote(filepath.ToSlash(name)))
		}
	}
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
