package rulebook_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

const (
	unusedHead = "version: 1\ncurrency: SEK\ntime_zone: Europe/Stockholm\nlanguages: [sv]\n"
	unusedTax  = "version: 1\nmode: vat\nhome: SE\ndata: vat-rates.yaml\ndestinations: {SE: charge, \"*\": none}\n"
)

// TestUnused: what is declared and named nowhere in the rulebook is told at its name (W501 to W503); each way of naming it counts.
func TestUnused(t *testing.T) {
	t.Parallel()
	const (
		zones    = "zones: {a: {SE: all}}\n"
		classes  = "classes: {a: {tags: a}}\n"
		calendar = "calendars: {a: {closed: [2026-12-24]}}\n"
		plain    = "options: [{id: x, name: X, price: 1.00}]\n"
		noZone   = "shipping.yaml:5:9 W501 nothing uses the zone `a` | addresses in it are treated like all others | " +
			"name a in an option, a price or a check, or take it away"
		noClass = "shipping.yaml:5:11 W502 nothing uses the class `a` | its goods are treated like all others | " +
			"name it in a condition, e.g. class: a, or take it away"
		noCalendar = "shipping.yaml:5:13 W503 nothing uses the calendar `a` | no delivery date keeps off its closed days | " +
			"write calendar: a under `delivery` of an option, or take it away"
	)
	option := func(keys string) string { return "options: [{id: x, name: X, price: 1.00, " + keys + "}]\n" }
	tests := []struct {
		name, shop string
		want       []string
		side       map[string]string
	}{
		{"zone", zones + plain, []string{noZone}, nil},
		{"zone in to", zones + option("to: a"), nil, nil},
		{"zone in not_to", zones + option("not_to: [a]"), nil, nil},
		{"zone in unless", zones + option("unless: {to: a}"), nil, nil},
		{"zone of an option that is off", zones + option("to: a, off: yes"), nil, nil},
		{"zone in defaults", zones + "defaults: {to: a}\n" + plain, nil, nil},
		{"zone in defaults that no option takes over", "zones: {b: {DK: all}, a: {SE: all}}\ndefaults: {to: a}\n" + option("to: b"),
			[]string{"shipping.yaml:5:23 W501 nothing uses the zone `a` | addresses in it are treated like all others | " +
				"name a in an option, a price or a check, or take it away"}, nil},
		{"zone in a surcharge", zones + option("surcharges: [{to: a, add: 1.00}]"), nil, nil},
		{"zone in free_from", zones + option("free_from: {to: a, min_total: 1.00}"), nil, nil},
		{"zone as a column", zones + "options:\n  - id: x\n    name: X\n    price:\n      table: |\n        min_items | a\n        1 | 1.00\n", nil, nil},
		{"zone in except of one that is used", "zones: {a: {SE: [62*]}, b: {SE: all, except: a}}\n" + option("to: b"), nil, nil},
		{"zone in except of one that is not used", "zones: {b: {SE: all, except: a}, a: {SE: [62*]}}\n" + plain,
			[]string{"shipping.yaml:5:9 W501 nothing uses the zone `b` | addresses in it are treated like all others | " +
				"name b in an option, a price or a check, or take it away"}, nil},
		{"zone of a pickup point", zones + option("pickup_points: {csv: s.csv}"), nil,
			map[string]string{"s.csv": "id,name,street,postcode,city,country,zone\n1,One,Road 1,11122,Town,SE,a\n"}},
		{"zone in a check", zones + plain, nil,
			map[string]string{"checks.yaml": "version: 1\nchecks: [{id: c, when: {to: a}, reject: {text: no}}]\n"}},
		{"zone of an included file", zones + "include: [more.yaml]\n", nil,
			map[string]string{"more.yaml": "options: [{id: x, name: X, to: a, price: 1.00}]\n"}},
		{"zone in an included file", "include: [more.yaml]\n" + plain,
			[]string{"more.yaml:1:9 W501 nothing uses the zone `a` | addresses in it are treated like all others | " +
				"name a in an option, a price or a check, or take it away"}, map[string]string{"more.yaml": zones}},
		{"zones of a file, told once", "zone_files: [z.csv]\n" + option("to: b"),
			[]string{"z.csv:2:8 W501 nothing uses the zone `a` | nor 2 more zones of this file | " +
				"name a in an option, a price or a check, or take it away"},
			map[string]string{"z.csv": "country,from,zone\nSE,62*,a\nSE,11*,b\nSE,12*,c\nSE,13*,a\nSE,14*,d\n"}},
		{"class", classes + plain, []string{noClass}, nil},
		{"class in when", classes + option("when: {class: a}"), nil, nil},
		{"class in no_class", classes + option("when: {no_class: a}"), nil, nil},
		{"class in a check", classes + plain, nil,
			map[string]string{"checks.yaml": "version: 1\nchecks: [{id: c, when: {only_class: [a]}, reject: {text: no}}]\n"}},
		{"classes by which prices are grouped", classes + option("price_per: class"), nil, nil},
		{"class that lines do not group by", classes + option("price_per: line"), []string{noClass}, nil},
		{"calendar", calendar + plain, []string{noCalendar}, nil},
		{"calendar in delivery", calendar + option("delivery: {days: 1, calendar: a}"), nil, nil},
		{"keys of the author", "zones: {x-a: [1]}\ncalendars: {x-a: 1}\nclasses: {x-a: 1}\n" + plain, nil, nil},
		{"nothing is told beside an error", zones + option("to: atlantis"),
			[]string{"shipping.yaml:6:45 E203 there is no zone `atlantis` | not declared under `zones` | declared are a"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{"shipping.yaml": {Data: []byte(unusedHead + tt.shop)}, "tax.yaml": {Data: []byte(unusedTax)}}
			for name, text := range tt.side {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			var r diag.Report
			rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, &r)
			if diff := cmp.Diff(tt.want, full(&r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// full writes each finding as place, code, message, label and help.
func full(r *diag.Report) []string {
	var list []string
	for _, f := range r.Findings() {
		list = append(list, f.File+":"+strconv.Itoa(f.Line)+":"+strconv.Itoa(f.Col)+" "+f.Code+" "+f.Message+" | "+f.Label+" | "+f.Help)
	}
	return list
}

// TestUnusedInTax: the same of tax.yaml, whose classes may also be named by the options.
func TestUnusedInTax(t *testing.T) {
	t.Parallel()
	const (
		class   = "classes: {a: {tags: a}}\n"
		noClass = "tax.yaml:6:11 W502 nothing uses the class `a` | its goods are taxed like those without a class | "
		noZone  = "tax.yaml:6:9 W501 nothing uses the zone `a` | addresses in it are taxed like all others | "
		zone    = "zones: {a: {SE: [11*]}}\n"
		sales   = "version: 1\nmode: sales_tax\ncollect_in: [US-OK]\nshipping_tax: {US-OK: none}\nrates: {US-OK: 5%}\n"
	)
	tests := []struct {
		name, option, tax string
		want              []string
	}{
		{"class", "", unusedTax + class, []string{noClass + "give a a rate under `rates`, or take it away"}},
		{"class with a rate", "", unusedTax + class + "rates: {SE: {a: 12%}}\n", nil},
		{"class with a rate in an area", "", unusedTax + class + zone + "areas: {a: {a: 12%, standard: 25%}}\n", nil},
		{"class of freight", "", unusedTax + class + "shipping_tax: a\n", nil},
		{"class of freight to a country", "", unusedTax + class + "shipping_tax: {\"*\": split, SE: a}\n", nil},
		{"class of an option", ", tax_class: a", unusedTax + class, nil},
		{"zone", "", unusedTax + zone, []string{noZone + "name a under `areas`, or take it away"}},
		{"zone that is an area", "", unusedTax + zone + "areas: {a: none}\n", nil},
		{"class of sales tax", "", sales + class, []string{noClass + "name a under `exempt` or in a fee, or take it away"}},
		{"exempt class", "", sales + class + "exempt: [{class: a}]\n", nil},
		{"zone of sales tax", "", sales + "zones: {a: {US-OK: all}}\n", []string{noZone + "name a in a fee, or take it away"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			shop := unusedHead + "options: [{id: x, name: X, price: 1.00" + tt.option + "}]\n"
			fsys := fstest.MapFS{"shipping.yaml": {Data: []byte(shop)}, "tax.yaml": {Data: []byte(tt.tax)}}
			var r diag.Report
			rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, &r)
			if diff := cmp.Diff(tt.want, full(&r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNothingShippedIsUnused: the rulebooks that come with the program have no such findings.
func TestNothingShippedIsUnused(t *testing.T) {
	t.Parallel()
	demo, err := fs.Sub(configs.FS(), "demo/rules")
	if err != nil {
		t.Fatal(err)
	}
	books := map[string]fs.FS{"demo": demo}
	found, err := filepath.Glob(filepath.Join(examples, "*", rulebook.ShippingFile))
	if err != nil || len(found) < 2 {
		t.Fatal(found, err)
	}
	for _, file := range found {
		books[file] = os.DirFS(filepath.Dir(file))
	}
	for name, fsys := range books {
		var r diag.Report
		if rulebook.LoadFS(fsys, rulebook.Options{Shipped: configs.FS()}, &r) == nil {
			t.Fatal(name, rendered(t, &r))
		}
		for _, f := range r.Findings() {
			if strings.HasPrefix(f.Code, "W50") {
				t.Errorf("%s: %s:%d: %s %s", name, f.File, f.Line, f.Code, f.Message)
			}
		}
	}
}
