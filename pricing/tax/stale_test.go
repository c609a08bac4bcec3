package tax_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/diag"
)

func TestWarn(t *testing.T) {
	t.Parallel()
	const data = `version: 1
kind: vat-rates
checked: 2026-01-01
countries:
  SE: {eu: yes, standard: {2024-01-01: 25}, confidence: low, uncertain: "ask somebody"}
  DK: {eu: yes, standard: {2024-01-01: 25}, confidence: low}
  CH:
    standard: {2024-01-01: 8.1}
    planned: ["2028-01-01: standard 8.5", "some day", "2028-99-01: never"]
areas:
  port: {state: SE, vat: outside, postcodes: {SE: [11*]}, confidence: low}
  quay: {state: SE, vat: state, postcodes: {SE: [12*]}, confidence: low}
`
	const low = " has low confidence | not confirmed by any source seen | check it, and set it under `rates` or `areas` if it is wrong | "
	const entries = "d.yaml:5:3 W420 `SE` is in use and its entry" + low + "\nd.yaml:11:3 W420 `port` is in use and its entry" + low
	table, r := load("version: 1\nmode: vat\nhome: SE\ndata: d.yaml\ndestinations: {SE: charge, DK: none, CH: charge}\n", map[string]string{"d.yaml": data})
	if table == nil {
		t.Fatal(brief(r))
	}
	tests := []struct{ name, now, want string }{
		{"180 days", "2026-06-30 12:00", entries},
		{"181 days", "2026-07-01 12:00", "d.yaml:3:10 W422 the rates were checked on 2026-01-01, 181 days ago | older than 180 days | " +
			"update the program, or check the rates in use and write the day of that | \n" + entries},
		{"61 days before", "2027-11-01 12:00", "d.yaml:3:10 W422 the rates were checked on 2026-01-01, 669 days ago | older than 180 days | " +
			"update the program, or check the rates in use and write the day of that | \n" + entries},
		{"60 days before", "2027-11-02 12:00", "d.yaml:3:10 W422 the rates were checked on 2026-01-01, 670 days ago | older than 180 days | " +
			"update the program, or check the rates in use and write the day of that | \n" +
			"d.yaml:5:3 W420 `SE` is in use and its entry" + low + "\n" +
			"d.yaml:9:15 W425 a change of `CH` is expected on 2028-01-01, in 60 days | standard 8.5 | " +
			"the file does not apply it; set it under `rates` by date once it is certain | \n" +
			"d.yaml:11:3 W420 `port` is in use and its entry" + low},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := &diag.Report{}
			table.Warn(at(t, tt.now), r)
			if diff := cmp.Diff(tt.want, brief(r)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestShippedData is quiet for the shop of the example today, and has no low confidence where most shops sell.
func TestShippedData(t *testing.T) {
	t.Parallel()
	r := &diag.Report{}
	sound(t, header+"destinations: {EU: charge, NO: charge, CH: none, '*': none}\n").Warn(at(t, "2026-11-24 12:00"), r)
	want := []string{"W420 no-jan-mayen"}
	var got []string
	for _, f := range r.Findings() {
		got = append(got, f.Code+" "+f.Message[1:len("no-jan-mayen")+1])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
