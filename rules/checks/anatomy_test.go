package checks_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/checks"
	"github.com/kvitto/kvitto/rules/diag"
)

// sampleTable is the checks file that comes with the program.
func sampleTable(t *testing.T) *checks.Table {
	t.Helper()
	data, err := os.ReadFile("../../configs/examples/checks/checks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := new(diag.Report)
	table := compile(t, string(data), r)
	if table == nil {
		t.Fatal(render(t, r))
	}
	return table
}

// TestAnatomy: what a check says besides its conditions, in words and in the order of its keys.
func TestAnatomy(t *testing.T) {
	t.Parallel()
	all := sampleTable(t).Anatomy([]string{"sv", "en"})
	says := map[string][]checks.Saying{}
	for _, c := range all {
		says[c.ID] = c.Says
	}
	want := []checks.Saying{{Key: "matches street_address", Text: "box * or *postbox* or p.o. box*"}, {Key: "on", Text: "validation, address_update"},
		{Key: "error", Text: "address_error"}, {Key: "text in sv", Text: "Vi skickar inte till boxadresser. Ange en gatuadress."},
		{Key: "text in en", Text: "We do not ship to boxes. Please give a street."}}
	if d := cmp.Diff(want, says["no-boxes"]); d != "" {
		t.Errorf("no-boxes (-want +got):\n%s", d)
	}
	want = []checks.Saying{{Key: "on", Text: "validation"}, {Key: "redirect", Text: "https://shop.example/weekend"}}
	if d := cmp.Diff(want, says["weekend"]); d != "" {
		t.Errorf("weekend (-want +got):\n%s", d)
	}
	if a := all[3]; len(a.Conditions) != 1 || len(a.Zones) != 1 {
		t.Errorf("conditions of weekend: %+v", a)
	}
	if a := all[2]; len(a.Conditions) != 1 || a.Says[0] != (checks.Saying{Key: "missing", Text: "phone"}) {
		t.Errorf("phone: %+v", a)
	}
	if a := all[1]; a.Says[0] != (checks.Saying{Key: "min_age", Text: "20"}) {
		t.Errorf("adults: %+v", a)
	}
}
