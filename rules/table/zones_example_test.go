package table_test

import (
	"fmt"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

func ExampleCompileZones() {
	var r diag.Report
	root := diag.Parse("shipping.yaml", []byte(`
zones:
  sweden:   {SE: all}
  gotland:  {SE: [620 to 624]}
  mainland: {SE: all, except: gotland}
`), &r)
	z := table.CompileZones(table.ZonesSource{Zones: root.Get("zones")}, &r)
	gotland, _ := z.ID("gotland")

	visby := z.Locate("SE", "", "SE-621 57")
	fmt.Println(z.Has(visby.Certain, gotland))
	nobodyKnows := z.Locate("SE", "", "")
	fmt.Println(z.Has(nobodyKnows.Certain, gotland), z.Has(nobodyKnows.Possible, gotland))
	// Output:
	// true
	// false true
}

func ExampleZones_Segments() {
	var r diag.Report
	root := diag.Parse("shipping.yaml", []byte("zones: {far_north: {SE: [980 to 984]}, north: {SE: [90 to 98]}}"), &r)
	z := table.CompileZones(table.ZonesSource{Zones: root.Get("zones")}, &r)
	for s := range z.Segments("SE", "") {
		fmt.Print(s.From, " to ", s.To, ":")
		for id, name := range z.Names() {
			if z.Has(s.Certain, table.ZoneID(id)) {
				fmt.Print(" ", name)
			}
		}
		fmt.Println()
	}
	// Output:
	// 10000 to 89999:
	// 90000 to 97999: north
	// 98000 to 98499: far_north north
	// 98500 to 98999: north
	// 99000 to 99999:
}
