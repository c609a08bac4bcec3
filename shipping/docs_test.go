package shipping_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// block is a fenced block of the guide: what stands behind the fence, the text, and the heading it is under.
type block struct {
	info, text, heading string
	line                int
	comment             bool // there is one right above the fence
}

// blocks reads the fenced blocks of a Markdown file.
func blocks(t *testing.T, file string) []block {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []block
	heading, open, before := "", false, ""
	for i, line := range strings.Split(string(data), "\n") {
		switch {
		case strings.HasPrefix(line, "```") && open:
			open = false
		case strings.HasPrefix(line, "```"):
			b := block{info: line[3:], heading: heading, line: i + 1, comment: strings.HasPrefix(before, "<!-- ")}
			list, open = append(list, b), true
		case open:
			list[len(list)-1].text += line + "\n"
		case strings.HasPrefix(line, "#"):
			heading = line
		}
		before = line
	}
	return list
}

// guideShop is the shop around the samples that are not whole files.
const guideShop = `version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv, en]
`

const guideNames = `zones: {sweden: {SE: all}, gotland: {SE: [620 to 624]}, denmark: {DK: all}, finland: {FI: all}}
classes: {bulky: {tags: [bulky]}, fragile: {tags: [fragile]}, letter: {tags: [letter]}}
calendars: {sweden: {closed: [2026-12-24]}}
`

// whole puts a sample into a shop: the keys of an option, or keys of the file.
func whole(b block) string {
	text := wholeShop(b)
	if !strings.Contains(text, "item_weight_if_missing") {
		text += "item_weight_if_missing: 0 g\n"
	}
	return text
}

func wholeShop(b block) string {
	top := strings.HasSuffix(b.info, " top")
	switch {
	case top && strings.HasPrefix(b.text, "options:"):
		return guideShop + b.text
	case top:
		return guideShop + b.text + "options: [{id: a, name: A, price: 1.00}]\n"
	default:
		name := "    name: A\n"
		if strings.Contains(b.text, "name: {") && strings.HasPrefix(b.text, "name:") {
			name = ""
		}
		return guideShop + guideNames + "options:\n  - id: a\n" + name + indent(b.text, "    ")
	}
}

// TestGuide loads every sample of the guide for rule authors; those that show a mistake are told with its code.
func TestGuide(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../docs/tables/*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../docs/tables/words/*.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, page := range append(pages, more...) {
		n += guidePage(t, page)
	}
	if n < 40 {
		t.Fatalf("only %d samples", n)
	}
}

// guidePage loads the samples of a page and returns how many there are. Blocks below a comment are run in cmd.
func guidePage(t *testing.T, page string) (n int) {
	t.Helper()
	all := blocks(t, page)
	for i, b := range all {
		fsys := fstest.MapFS{}
		switch {
		case strings.HasPrefix(b.info, "yaml file=shipping.yaml"):
			fsys["shipping.yaml"] = &fstest.MapFile{Data: []byte(b.text)}
			for _, side := range all[i+1:] {
				_, name, ok := strings.Cut(side.info, "file=")
				if !ok || name == "shipping.yaml" {
					break
				}
				fsys[name] = &fstest.MapFile{Data: []byte(side.text)}
			}
		case strings.Contains(b.info, "file="), b.comment:
			continue // a side file, read with its shop, or another test's
		case b.info == "yaml option" || b.info == "yaml top":
			fsys["shipping.yaml"] = &fstest.MapFile{Data: []byte(whole(b))}
		default:
			t.Errorf("%s:%d: a block that no test knows: %q", page, b.line, b.info)
			continue
		}
		n++
		guideSample(t, page, b, fsys)
	}
	return n
}

// guideSample loads a sample, which is told nothing.
func guideSample(t *testing.T, page string, b block, fsys fstest.MapFS) {
	t.Helper()
	var r diag.Report
	o := shipping.Options{Plugins: func(string) bool { return true }, EU: []string{"SE", "DK", "FI", "DE"}}
	shipping.Load(fsys, "shipping.yaml", o, &r)
	if len(r.Findings()) > 0 {
		t.Errorf("%s:%d (%s):\n%s", page, b.line, b.heading, render(t, &r))
	}
}
