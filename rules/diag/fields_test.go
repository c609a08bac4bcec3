package diag_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

func TestFieldsReadsOn(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := diag.Parse("f.yaml", []byte("pric: 1\nname: 2\nx-note: 3\n"), &r)
	if !diag.Fields(n, "an option", []string{"id", "name", "price"}, &r) {
		t.Error("an unknown key hides the others")
	}
	all := r.Findings()
	if len(all) != 1 || all[0].Message != "unknown key `pric` in an option; did you mean `price`?" || all[0].Fix != "price" ||
		all[0].Help != "allowed are id, name, price" || all[0].Path != "pric" {
		t.Errorf("%+v", all)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := diag.Parse("f.yaml", []byte("text: a\nlist: [a]\nmap: {a: 1}\nnull:\n"), &r)
	for _, key := range []string{"text", "list", "map", "null"} {
		v := n.Get(key)
		if got := diag.WantText(v, key, &r); got != (key == "text") {
			t.Errorf("WantText(%s) = %v", key, got)
		}
		if got := diag.WantList(v, key, &r); got != (key == "list") {
			t.Errorf("WantList(%s) = %v", key, got)
		}
		if got := diag.WantMap(v, key, &r); got != (key == "map") {
			t.Errorf("WantMap(%s) = %v", key, got)
		}
	}
	var got []string
	for _, f := range r.Findings() {
		got = append(got, at(f.Place)+" "+f.Message)
	}
	want := []string{
		"1:7 text is a list; found a text", "1:7 text is a map; found a text",
		"2:7 list is a map; found a list", "2:7 list is a text; found a list",
		"3:6 map is a list; found a map", "3:6 map is a text; found a map",
		"4:6 null has no value", "4:6 null is a list; found nothing", "4:6 null is a map; found nothing",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diag.WantMap(nil, "nothing", &r) || diag.Fields(nil, "nothing", nil, &r) {
		t.Error("nothing is a map")
	}
}

func TestNeed(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := diag.Parse("f.yaml", []byte("options:\n  - {id: a}\n  - {name: b}\n"), &r)
	for _, o := range n.Get("options").Items {
		diag.Need(o, "an option", "id", &r)
	}
	if diff := cmp.Diff([]string{"3:5 E016"}, places(&r)); diff != "" {
		t.Error(diff)
	}
	if diag.Need(nil, "an option", "id", &r) != nil || len(r.Findings()) != 1 {
		t.Error("a missing map lacks nothing")
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	names := []string{"gotland", "sweden", "price", "price_per", "to", "not_to", "id", "åland"}
	for _, tc := range []struct{ got, want string }{
		{"gotlnad", "gotland"},     // two neighbours swapped
		{"gotlan", "gotland"},      // one left out
		{"gotlaand", "gotland"},    // one added
		{"gothland", "gotland"},    // one added
		{"godlend", "gotland"},     // two changed
		{"GOTLAND", "gotland"},     // only case
		{"pric", "price"},          // not price_per
		{"prise_per", "price_per"}, // not price
		{"aland", "åland"},
		{"ot", "to"},
		{"ix", "id"},
		{"x", ""},
		{"xyz", ""},
		{"norway", ""},
		{"", ""},
		{"gotland", ""}, // known: nothing to suggest
	} {
		if got := diag.Suggest(tc.got, names); got != tc.want {
			t.Errorf("Suggest(%q) = %q, want %q", tc.got, got, tc.want)
		}
	}
}
