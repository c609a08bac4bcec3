package table

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Codes of lists of products.
const (
	codeProductTwice  = "E205" // an article stands twice
	codeProductColumn = "E302"
	codeProductSKU    = "E309" // a row of a side file cannot be used
)

// productColumns are the columns of a list of products; only sku is needed.
func productColumns() []string { return []string{"sku", "weight", "size", "tags", "class"} }

// productFile reads a list of products.
type productFile struct {
	s       *Scope
	columns map[string]int
	classes []string // names that the tables know
	first   map[string]diag.Place
	list    rules.Products
}

// ReadProducts reads a list of products, a CSV file or a workbook: sku, weight (`500 g`), size (`30 x 20 x 5 cm`), tags and
// class, the latter two of several words parted by spaces, commas or semicolons. Empty cells are not known. Each class has to
// be among classes. Two rows of one article, and all other faults, are told; ok is false where there is one.
func ReadProducts(fsys fs.FS, src Source, classes []string, r *diag.Report) (list rules.Products, ok bool) {
	sheet, ok := ReadSheet(fsys, src, r)
	if !ok {
		return nil, false
	}
	p := &productFile{s: &Scope{Report: r}, columns: map[string]int{}, classes: classes, first: make(map[string]diag.Place, len(sheet.Rows)),
		list: make(rules.Products, len(sheet.Rows))}
	if !p.head(sheet.Head) {
		return nil, false
	}
	good := true
	for _, name := range []string{"weight", "size"} {
		if i, has := p.columns[name]; has {
			good = sheet.PointDecimals(p.s, i) && good
		}
	}
	if !good {
		return nil, false
	}
	for _, row := range sheet.Rows {
		good = p.row(row) && good
	}
	if good = good && sheet.ragged == 0; !good {
		return nil, false
	}
	return p.list, true
}

// head finds the columns, in any order.
func (p *productFile) head(head []Cell) bool {
	good, names := true, productColumns()
	for i, c := range head {
		w := raw{c.Text, c.Place}
		if !slices.Contains(names, c.Text) {
			p.s.tellWord(codeProductColumn, w, names, "`%s` is not a column of a list of products", c.Text)
			good = false
			continue
		}
		p.columns[c.Text] = i
	}
	if _, has := p.columns["sku"]; !has && good {
		p.s.tell(codeProductColumn, raw{at: head[0].Place}, "add the numbers by which orders name their goods (`reference`)", "there is no column `sku`")
		good = false
	}
	return good
}

// row reads one article; all faults of the row are told.
func (p *productFile) row(row []Cell) bool {
	cell := func(name string) Cell {
		if i, has := p.columns[name]; has {
			return row[i]
		}
		return Cell{}
	}
	item := &rules.Product{Tags: wordsOf(cell("tags").Text)}
	sku := cell("sku")
	good := p.number(sku)
	good = p.measures(item, cell("weight"), cell("size")) && good
	good = p.classesOf(item, cell("class")) && good
	if good {
		p.list[sku.Text] = item
	}
	return good
}

// number checks the number of an article.
func (p *productFile) number(sku Cell) bool {
	first, twice := p.first[sku.Text]
	switch {
	case sku.Text == "":
		p.s.tell(codeProductSKU, raw{at: sku.Place}, "write the number of the article, or take the row away", "the row names no article")
		return false
	case twice:
		f := p.s.tell(codeProductTwice, raw{sku.Text, sku.Place}, "keep one of the rows", "the article `%s` stands twice", sku.Text)
		f.Cause = &diag.Cause{Place: first, Label: "the first one"}
		return false
	}
	p.first[sku.Text] = sku.Place
	return true
}

// measures reads weight and size of an article; empty cells are not known.
func (p *productFile) measures(item *rules.Product, weight, size Cell) bool {
	good := true
	if weight.Text != "" {
		w, ok := p.s.Weight(weight.Node())
		if ok && w == 0 {
			p.s.tell("E104", raw{weight.Text, weight.Place}, "leave the cell empty where the weight is not known", "an article cannot weigh nothing")
		}
		item.Micrograms, good = int64(w), ok && w > 0
	}
	if size.Text != "" {
		sides, ok := p.s.Size(size.Node())
		item.Micrometres, good = [3]int64{int64(sides[0]), int64(sides[1]), int64(sides[2])}, ok && good
	}
	return good
}

// classesOf reads the classes of an article.
func (p *productFile) classesOf(item *rules.Product, c Cell) bool {
	good := true
	for _, name := range wordsOf(c.Text) {
		if slices.Contains(p.classes, name) {
			item.Classes = append(item.Classes, name)
			continue
		}
		good = false
		w := raw{c.Text, c.Place}
		if at := strings.Index(c.Text, name); at >= 0 {
			w = w.part(at, at+len(name))
		}
		help := "declare it in shipping.yaml or tax.yaml, or leave the cell empty"
		if len(p.classes) > 0 {
			help = "known are " + strings.Join(p.classes, ", ")
		}
		f := p.s.tell("E201", w, help, "there is no class `%s`", name)
		f.Fix = diag.Suggest(name, p.classes)
	}
	return good
}

// wordsOf parts a cell at spaces, commas and semicolons.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ';' || strings.ContainsRune(blanks, c) })
}
