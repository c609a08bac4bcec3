package cmd_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guideDir holds the guide to the tables. Its pages have blocks of their own kind:
//
//	write: FILE            the reader writes this file
//	change: FILE           the reader changes these lines of it (a diff without places)
//	run, fails             the command finds something
//	mistake: CODE          keys of an option that are wrong; the text that follows, `told`, is what is said about them
//	mistake in FILE: CODE  the same for keys of shipping.yaml, tax.yaml, an entry of checks.yaml or a case of shop.test.yaml
const guideDir = "../docs/tables/"

// seedGuide puts the tax.yaml of the first chapter beside the samples of all others.
func (s *shell) seedGuide(t *testing.T) {
	t.Helper()
	raw, err := os.ReadFile(guideDir + "README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks(string(raw)) {
		if b.comment == "write: shop/tax.yaml" {
			s.write(t, "shop/tax.yaml", b.text)
			return
		}
	}
	t.Fatal("the first chapter shows no tax.yaml")
}

func (s *shell) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// edit does what a reader does in a text editor.
func (s *shell) edit(t *testing.T, kind, name string, b block) {
	t.Helper()
	if kind == "write" {
		s.write(t, name, b.text)
		return
	}
	raw, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	var before, after strings.Builder
	for line := range strings.Lines(b.text) {
		switch line[0] {
		case '-':
			before.WriteString(line[1:])
		case '+':
			after.WriteString(line[1:])
		default:
			before.WriteString(line[1:])
			after.WriteString(line[1:])
		}
	}
	if n := strings.Count(string(raw), before.String()); n != 1 {
		t.Errorf("line %d: these lines are %d times in %s, want once:\n%s", b.line, n, name, &before)
	}
	s.write(t, name, strings.Replace(string(raw), before.String(), after.String(), 1))
}

// toldFinding is what lint says as JSON.
type toldFinding struct {
	Code, Severity, Message, Label, Help string
	Notes                                []string
}

// mistake returns what is told about a wrong sample: its code, and no other error.
func (s *shell) mistake(t *testing.T, kind, code string, b block) string {
	t.Helper()
	file := strings.TrimPrefix(strings.TrimPrefix(kind, "mistake"), " in ")
	for name, text := range wrongBook(file, b.text) {
		s.write(t, "mistake/"+name, text)
	}
	c := exec.Command(filepath.Join(s.path, "kvitto"), "rules", "lint", "--now", "2026-11-23", "--format", "json", "mistake")
	c.Dir = s.dir
	raw, err := c.Output()
	if err != nil && len(raw) == 0 {
		t.Fatalf("line %d: %v", b.line, err)
	}
	var all struct{ Findings []toldFinding }
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatalf("line %d: %v\n%s", b.line, err, raw)
	}
	told, others := "", ""
	errs := 0
	for _, f := range all.Findings {
		if f.Code == code && told == "" {
			told = f.text()
			continue
		}
		others += f.Code + " " + f.Message + "\n"
		if f.Severity == "error" {
			errs++
		}
	}
	if told == "" || errs > 0 {
		t.Errorf("line %d: want %s and no other error, got\n%s%s", b.line, code, told, others)
	}
	return told
}

func (f *toldFinding) text() string {
	out := f.Severity + "[" + f.Code + "]: " + f.Message + "\n"
	for _, part := range append([][2]string{{"       ", f.Label}, {" help: ", f.Help}}, f.notes()...) {
		for line := range strings.SplitSeq(part[1], "\n") {
			if line != "" {
				out += part[0] + wrapped(line) + "\n"
			}
		}
	}
	return out
}

func (f *toldFinding) notes() (parts [][2]string) {
	for _, n := range f.Notes {
		parts = append(parts, [2]string{" note: ", n})
	}
	return parts
}

// wrapped breaks a long text into lines that a page can show.
func wrapped(text string) string {
	const width = 110
	var out strings.Builder
	at := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i > 0 && at+1+len(word) > width:
			out.WriteString("\n       ")
			at = 0
		case i > 0:
			out.WriteByte(' ')
			at++
		}
		out.WriteString(word)
		at += len(word)
	}
	return out.String()
}

// wrongBook is a small rulebook around a sample; what the sample says itself is not said by the rulebook.
func wrongBook(file, sample string) map[string]string {
	const option = "  - id: parcel\n"
	book := map[string]string{
		"shipping.yaml": "version: 1\n" + without(sample, file == "shipping.yaml", wrongShop()),
		"tax.yaml":      "version: 1\n" + without(sample, file == "tax.yaml", wrongTax()),
		"checks.yaml":   "version: 1\nchecks:\n  - {id: phone, missing: phone, reject: {text: No.}}\n",
		"shop.test.yaml": "version: 1\nnow: 2026-11-23 10:00\ncases:\n" +
			"  - {name: A parcel, to: SE 113 51, cart: {weight: 1 kg, total: 100.00}, expect: {with: [parcel]}}\n",
	}
	switch file {
	case "":
		book["shipping.yaml"] += "options:\n" + option + indented(without(sample, true, []string{"name: Parcel\n", "price: 49.00\n"})+sample, 4)
	case "shipping.yaml":
		book[file] += sample
		if !hasKey(sample, "options") {
			book[file] += "options:\n" + option + "    name: Parcel\n    price: 49.00\n"
		}
	case "tax.yaml":
		if hasKey(sample, "mode") { // another mode has other keys
			book[file] = "version: 1\n"
		}
		book[file] += sample
	case "checks.yaml":
		book[file] = "version: 1\nchecks:\n  -\n" + indented(sample, 4)
	case "shop.test.yaml":
		book[file] = strings.SplitAfter(book[file], "cases:\n")[0] + "  -\n" + indented(sample, 4)
	}
	if file != "" && file != "shipping.yaml" {
		book["shipping.yaml"] += "options:\n" + option + "    name: Parcel\n    price: 49.00\n"
	}
	return book
}

func wrongShop() []string {
	return []string{
		"currency: SEK\n", "time_zone: Europe/Stockholm\n", "languages: [sv, en]\n", "item_weight_if_missing: 300 g\n",
		"zones: {sweden: {SE: all}, gotland: {SE: [620 to 624]}, denmark: {DK: all}, finland: {FI: all}}\n",
		"classes: {bulky: {tags: [bulky]}, fragile: {tags: [fragile]}, letter: {tags: [letter]}}\n",
		"calendars: {sweden: {closed: [2026-12-24]}}\n",
	}
}

func wrongTax() []string {
	return []string{"mode: vat\n", "home: SE\n", "data: vat-rates.yaml\n", "classes: {food: {tags: [food]}}\n", "destinations: {SE: charge, '*': none}\n"}
}

// without joins the lines whose keys the sample, if it is about them, does not say itself.
func without(sample string, about bool, lines []string) string {
	var out strings.Builder
	for _, line := range lines {
		if key, _, _ := strings.Cut(line, ":"); !about || !hasKey(sample, key) {
			out.WriteString(line)
		}
	}
	return out.String()
}

func hasKey(sample, key string) bool {
	return regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(key) + `:`).MatchString(sample)
}

func indented(text string, by int) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(strings.Repeat(" ", by) + line)
	}
	return out.String()
}

// TestGuideNamesCodes: the guide shows no sample that nothing runs, and the text before a mistake names its code.
func TestGuideNamesCodes(t *testing.T) {
	t.Parallel()
	for _, name := range docs(t) {
		if !strings.HasPrefix(filepath.ToSlash(name), guideDir) {
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, b := range blocks(string(raw)) {
			if b.comment == "" && !strings.Contains(b.lang, " ") {
				t.Errorf("%s:%d: a block that nothing runs", name, b.line)
			}
			if kind, code, ok := strings.Cut(b.comment, ": "); ok && strings.HasPrefix(kind, "mistake") && !strings.Contains(string(raw)[at:b.from-len(b.comment)-20], code) {
				t.Errorf("%s:%d: the text before does not name %s", name, b.line, code)
			}
			at = b.to
		}
	}
}
