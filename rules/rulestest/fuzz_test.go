package rulestest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// FuzzTestFile: whatever stands in a test file, each fault has a place in a file and a sentence, there is a result if and
// only if there is no error, counts add up, and a second run says the same.
func FuzzTestFile(f *testing.F) {
	for _, pattern := range []string{"testdata/shop/*.test.yaml", "../../configs/*/*/*.test.yaml", "testdata/golden/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("%s: no seeds: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			text := string(data)
			if strings.HasSuffix(file, ".txtar") {
				text = string(txtar.Parse(data).Files[0].Data)
			}
			for _, seed := range seeds(text) {
				f.Add(seed)
			}
		}
	}
	s := shop(f)
	f.Fuzz(func(t *testing.T, text string) {
		fsys, r := withFile(text), new(diag.Report)
		res := rulestest.Run(fsys, "t.test.yaml", s, r)
		for _, x := range r.Findings() {
			if x.File == "" || x.Line < 1 || x.Col < 1 || x.Code == "" || x.Message == "" {
				t.Errorf("finding without a place or a sentence: %+v", x)
			}
			if x.File == "t.test.yaml" && x.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1 {
				t.Errorf("finding outside the file: %+v", x)
			}
		}
		if (res == nil) != r.Failed() {
			t.Fatalf("result %v, failed %v", res, r.Failed())
		}
		if res == nil {
			return
		}
		counts(t, res)
		r2 := new(diag.Report)
		again := rulestest.Run(fsys, "t.test.yaml", s, r2)
		if textOf(t, res) != textOf(t, again) || short(t, r) != short(t, r2) {
			t.Error("a second run says something else")
		}
		renews(t, s, text, res)
	})
}

// renews: new numbers make a file that can be run and for which there are no newer ones.
func renews(t *testing.T, s rulestest.Subject, text string, res *rulestest.Result) {
	t.Helper()
	now, n := res.Renew([]byte(text))
	if n == 0 {
		if string(now) != text {
			t.Errorf("nothing is renewed, yet the text is another one: %q", now)
		}
		return
	}
	if strings.Count(string(now), "\n") != strings.Count(text, "\n") {
		t.Errorf("the number of lines changes: %q", now)
	}
	r := new(diag.Report)
	again := rulestest.Run(withFile(string(now)), "t.test.yaml", s, r)
	if again == nil {
		t.Fatalf("it cannot be run any more: %s\n%s", short(t, r), now)
	}
	if newer, n := again.Renew(now); n != 0 {
		t.Errorf("%d numbers are renewed again:\n%s\n%s", n, now, newer)
	}
}

// seeds makes a small file of each case: small ones are what a fuzzer gets far with.
func seeds(text string) []string {
	head, rest, _ := strings.Cut(text, "\ncases:\n")
	var out []string
	for c := range strings.SplitSeq(rest, "  - name:") {
		if strings.TrimSpace(c) != "" {
			out = append(out, head+"\ncases:\n  - name:"+c)
		}
	}
	return out
}

func counts(t *testing.T, res *rulestest.Result) {
	t.Helper()
	checks, failures, failed := 0, 0, 0
	for _, c := range res.Cases {
		checks, failures = checks+c.Checks, failures+len(c.Failures)
		if len(c.Failures) > 0 {
			failed++
		}
		if len(c.Failures) > c.Checks {
			t.Errorf("%q: %d failures of %d checks", c.Name, len(c.Failures), c.Checks)
		}
	}
	if res.Checks != checks || res.ChecksPassed != checks-failures || res.Failed != failed || res.Passed+res.Failed != len(res.Cases) {
		t.Errorf("counts do not add up: %+v", res)
	}
}

// FuzzAsked: whatever is asked on a command line is answered or told at its flag.
func FuzzAsked(f *testing.F) {
	f.Add("SE 621 57", "4 kg, 700.00", "2026-11-23T10:00", "SEK", "bulky")
	f.Add("US-NY 10001", "3 items, 10 x 20 x 30 cm", "", "USD", "")
	f.Add("XX", "", "yesterday", "kr", ",")
	s := shop(f)
	f.Fuzz(func(t *testing.T, to, cart, now, currency, tag string) {
		r := new(diag.Report)
		x := rulestest.Explain(s, rulestest.Asked{To: to, Cart: cart, Now: now, Currency: currency, Tags: []string{tag}}, noon(), r)
		for _, p := range r.Findings() {
			if !strings.HasPrefix(p.File, "--") || p.Line < 1 || p.Col < 1 {
				t.Errorf("finding without a flag: %+v", p)
			}
		}
		if (x == nil) != r.Failed() {
			t.Fatalf("explained %v, failed %v", x != nil, r.Failed())
		}
		if x == nil {
			return
		}
		var text, js strings.Builder
		if err := x.Text(&text); err != nil {
			t.Error(err)
		}
		if err := x.JSON(&js); err != nil {
			t.Error(err)
		}
	})
}
