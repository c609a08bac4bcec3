package importer

import (
	"bytes"
	"fmt"
)

// taxes is what a source says about taxes.
type taxes struct {
	sales bool // sales tax of the USA, not VAT
	text  []byte
	side  []File
}

// taxFiles writes tax.yaml and its side files; where the source says nothing it is the least that an author has to complete.
func (d *draft) taxFiles() []File {
	if t := d.book.tax; t != nil {
		return append([]File{{"tax.yaml", t.text}}, t.side...)
	}
	d.note("tax.yaml is not from the source, which says nothing about taxes: complete it before it goes live")
	var w bytes.Buffer
	home := d.home()
	fmt.Fprintf(&w, "# The source says nothing about taxes. COMPLETE THIS FILE before it goes live: classes, other countries, freight.\n")
	fmt.Fprintf(&w, "version: 1\nmode: vat\nhome: %s\n", home)
	if charges(home) {
		fmt.Fprintf(&w, "data: vat-rates.yaml\ndestinations:\n  %s: charge                         # the rates of that country\n", home)
	} else {
		w.WriteString("destinations:\n")
	}
	w.WriteString("  \"*\": none                          # everywhere else: no VAT\n")
	return []File{{"tax.yaml", w.Bytes()}}
}
