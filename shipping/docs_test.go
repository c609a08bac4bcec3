package shipping_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
	"github.com/kvitto/kvitto/shipping"
)

// block is a fenced block of the guide: what stands behind the fence, the text, and the heading it is under.
type block struct {
	info, text, heading string
	line                int
}

// blocks reads the fenced blocks of a Markdown file.
func blocks(t *testing.T, file string) []block {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []block
	heading, open := "", false
	for i, line := range strings.Split(string(data), "\n") {
		switch {
		case strings.HasPrefix(line, "```") && open:
			open = false
		case strings.HasPrefix(line, "```"):
			list, open = append(list, block{info: line[3:], heading: heading, line: i + 1}), true
		case open:
			list[len(list)-1].text += line + "\n"
		case strings.HasPrefix(line, "#"):
			heading = line
		}
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

var wrongCode = regexp.MustCompile(`wrong=([EW]\d+)`)

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
	all := blocks(t, "../docs/tables.md")
	if len(all) < 30 {
		t.Fatalf("only %d samples", len(all))
	}
	for i, b := range all {
		fsys := fstest.MapFS{}
		want := ""
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
		case strings.Contains(b.info, "file="):
			continue // a side file, read with its shop
		case wrongCode.MatchString(b.info):
			want = wrongCode.FindStringSubmatch(b.info)[1]
			fsys["shipping.yaml"] = &fstest.MapFile{Data: []byte(whole(b))}
		case b.info == "yaml option" || b.info == "yaml top":
			fsys["shipping.yaml"] = &fstest.MapFile{Data: []byte(whole(b))}
		default:
			t.Errorf("line %d: a block that no test knows: %q", b.line, b.info)
			continue
		}
		guideSample(t, b, fsys, want)
	}
}

// guideSample loads a sample and compares what is told with the one code that is wanted.
func guideSample(t *testing.T, b block, fsys fstest.MapFS, want string) {
	t.Helper()
	var r diag.Report
	o := shipping.Options{Plugins: func(string) bool { return true }, EU: []string{"SE", "DK", "FI", "DE"}}
	shipping.Load(fsys, "shipping.yaml", o, &r)
	found := r.Findings()
	switch {
	case want == "" && len(found) > 0:
		t.Errorf("line %d (%s):\n%s", b.line, b.heading, render(t, &r))
	case want != "" && (len(found) != 1 || found[0].Code != want):
		t.Errorf("line %d: want %s alone\n%s", b.line, want, render(t, &r))
	}
}

// TestGuideListsCodes demands one line for each code that a shipping file can be told, in the order of codes.
func TestGuideListsCodes(t *testing.T) {
	t.Parallel()
	const file, begin, end = "../docs/tables.md", "<!-- codes -->\n", "<!-- end of codes -->\n"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("the guide has no place for codes")
	}
	want := codeTable()
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("run go test ./shipping -run Codes -update (-want +got):\n%s", diff)
	}
}

func codeTable() string {
	meaning := map[string]string{}
	for _, c := range append(diag.Codes(), shipping.Codes()...) {
		meaning[c.Code] = c.Meaning
	}
	for _, c := range append(table.Codes(), table.ZoneCodes()...) {
		meaning[c.Code] = c.Meaning
	}
	var b strings.Builder
	b.WriteString("| Code | Meaning |\n|--|--|\n")
	for _, code := range slices.Sorted(maps.Keys(meaning)) {
		fmt.Fprintf(&b, "| %s | %s |\n", code, meaning[code])
	}
	return b.String()
}

// TestGuideIsComplete demands every key of a shipping file and every condition word in a sample or the table of words.
func TestGuideIsComplete(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../docs/tables.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range shipping.Keys() {
		if !regexp.MustCompile(`\b` + word + `\b`).Match(data) {
			t.Errorf("the guide does not show `%s`", word)
		}
	}
}
