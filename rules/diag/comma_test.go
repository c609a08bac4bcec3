package diag_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

func TestCommaWithinANumber(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"{price: 79,00 NOK}", "E108 write 79.00 NOK"},
		{"{price: 8,5% of goods}", "E108 write 8.5% of goods"},
		{"{size: 35 x 25 x 3,5 cm}", "E108 write 35 x 25 x 3.5 cm"},
		{"{price: 1,499.00 EUR}", "E112 write 1499.00 EUR; if these are two amounts, put a space behind the comma"},
		{"{price: 1,499 EUR}", "E112 write 1499 EUR if the comma parts thousands, 1.499 EUR if not"},
		{"[599,00]", "E108 write 599.00"},
		{"[1,499.00 EUR]", "E112 write 1499.00 EUR; if these are two amounts, put a space behind the comma"},
		{"[1,500]", "E112 write 1500 if the comma parts thousands, 1.500 if not"},
		{"[49,4.90 EUR]", ""},
		{"[49.00,4.90 EUR]", ""},
		{"[49, 490 DKK]", ""},
		{"['1',500]", ""},
		{"{price: 79, 00: x}", ""},
	} {
		t.Run(tc.in, func(t *testing.T) {
			t.Parallel()
			var r diag.Report
			n := diag.Parse("f.yaml", []byte("a: "+tc.in+"\n"), &r).Get("a")
			if n.Kind == diag.Map && len(n.Keys) > 1 {
				diag.TellDecimalComma(n, 1, &r)
			}
			if n.Kind == diag.List && len(n.Items) > 1 {
				diag.TellListComma(n.Items[0], n.Items[1], &r)
			}
			got := ""
			for _, f := range r.Findings() {
				got += f.Code + " " + f.Help
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCommaHidesFollowers: what else is wrong with half a number is no finding of its own.
func TestCommaHidesFollowers(t *testing.T) {
	t.Parallel()
	var r diag.Report
	on := func(line, from, to int) diag.Place { return diag.Place{File: "f", Line: line, Col: from, EndCol: to} }
	r.Errorf("E101", on(1, 5, 6), "`2` has no unit")
	r.Errorf("E108", on(1, 5, 9), "`2,5` is written with a decimal comma")
	r.Errorf("E101", on(1, 3, 4), "before it")
	r.Errorf("E101", on(2, 5, 6), "on another line")
	r.Warnf("W310", on(1, 5, 6), "a warning")
	if diff := cmp.Diff([]string{"1:3 E101", "1:5 E108", "1:5 W310", "2:5 E101"}, places(&r)); diff != "" {
		t.Error(diff)
	}
}

func TestSilence(t *testing.T) {
	t.Parallel()
	var r diag.Report
	on := diag.Place{File: "f", Line: 1, Col: 1}
	r.Errorf("E203", on, "before")
	r.Silence("E203")
	r.Errorf("E203", on, "after").Help = "can still be written to"
	if diff := cmp.Diff([]string{"1:1 E203"}, places(&r)); diff != "" {
		t.Error(diff)
	}
	var quiet diag.Report
	quiet.Silence("E203")
	quiet.Errorf("E203", on, "not kept")
	if !quiet.Failed() || len(quiet.Findings()) != 0 {
		t.Error("what is not kept still fails")
	}
}
