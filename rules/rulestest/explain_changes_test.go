package rulestest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// TestChangesText: what would become of an option, in a sentence.
func TestChangesText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		want   string
		change rulestest.Change
	}{
		{"w it would cost 79.00, 20.00 more", rulestest.Change{Was: true, Offered: true, Before: 5900, Price: 7900}},
		{"w it would cost 0.00, 59.00 less", rulestest.Change{Was: true, Offered: true, Before: 5900}},
		{"w it would not be offered", rulestest.Change{Was: true, Before: 5900}},
		{"w it would be offered, for 19.00", rulestest.Change{Offered: true, Price: 1900}},
		{"w its tax would be 12 % instead of 25 %", rulestest.Change{Was: true, Offered: true, Before: 5900, Price: 5900, Rate: 1200, OldRate: 2500}},
		{"w it cost 49.00, 10.00 less", rulestest.Change{Past: true, Was: true, Offered: true, Before: 5900, Price: 4900}},
		{"w it was not offered", rulestest.Change{Past: true, Was: true, Before: 5900}},
		{"w it was offered, for 19.00", rulestest.Change{Past: true, Offered: true, Price: 1900}},
		{"w its tax was 12 % instead of 25 %", rulestest.Change{Past: true, Was: true, Offered: true, Rate: 1200, OldRate: 2500}},
	}
	for _, tt := range tests {
		x := rulestest.Explain(shop(t), rulestest.Asked{To: "SE 621 57", Cart: "4 kg, 100.00"}, noon(), new(diag.Report))
		tt.change.Option, tt.change.When = "ombud", "w"
		x.Changes, x.All = []rulestest.Change{tt.change}, true
		var s strings.Builder
		if err := x.Text(&s); err != nil {
			t.Fatal(err)
		}
		if want := "Nearest change\n  ombud   " + tt.want + "\n"; !strings.Contains(s.String(), want) {
			t.Errorf("no %q in:\n%s", want, &s)
		}
	}
}

// TestChangesFew: of many changes a few are told, those of the option that is paid for all of them and past taxes never; a machine
// gets all.
func TestChangesFew(t *testing.T) {
	t.Parallel()
	x := rulestest.Explain(shop(t), rulestest.Asked{To: "SE 621 57", Cart: "4 kg, 100.00"}, noon(), new(diag.Report))
	for _, id := range []string{"other", x.Paid, "third"} {
		for i := range 7 {
			x.Changes = append(x.Changes, rulestest.Change{Option: id, By: rulestest.ByWeight, Up: i%2 == 0, When: fmt.Sprintf("w%d", i), Offered: true, Price: 100})
		}
	}
	x.Changes = append(x.Changes, rulestest.Change{Option: x.Paid, When: "tax", Past: true, Was: true, Offered: true})
	var s strings.Builder
	if err := x.Text(&s); err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(s.String(), "Nearest change\n")
	if got := strings.Count(text, "it would be offered"); got != 10 || strings.Count(text, "w6") != 1 || strings.Contains(text, "its tax") || !strings.Contains(text, "12 more with --changes") {
		t.Errorf("%d are told:\n%s", got, text)
	}
	var raw bytes.Buffer
	if err := x.JSON(&raw); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Changes []struct{ Option, By, Direction, When, Text string }
	}
	if err := json.Unmarshal(raw.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	want := struct{ Option, By, Direction, When, Text string }{"other", "weight", "down", "w1", "w1 it would be offered, for 1.00"}
	if len(doc.Changes) != 22 || cmp.Diff(want, doc.Changes[1]) != "" {
		t.Errorf("%d changes; the second %+v, want %+v", len(doc.Changes), doc.Changes[1], want)
	}
}
