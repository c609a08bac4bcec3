package lint

import (
	"embed"
	"io/fs"
	"strings"
)

// pages hold one page for each code: what it means, a bad example, the remedy, what it costs.
//
//go:embed pages/*.md
var pages embed.FS

// Page returns the page about a code, in Markdown; ok is false where there is no such code.
func Page(code string) (text string, ok bool) {
	raw, err := fs.ReadFile(pages, "pages/"+code+".md")
	return string(raw), err == nil
}

// Meaning returns what a code means, in one line; "" where there is no such code.
func Meaning(code string) string {
	text, _ := Page(code)
	head, _, _ := strings.Cut(text, "\n")
	_, meaning, _ := strings.Cut(head, ": ")
	return meaning
}

// PageCodes lists the codes that have a page, in order.
func PageCodes() []string {
	entries, err := fs.ReadDir(pages, "pages")
	if err != nil { // it is part of the program
		return nil
	}
	codes := make([]string, len(entries))
	for i, e := range entries {
		codes[i] = strings.TrimSuffix(e.Name(), ".md")
	}
	return codes
}
