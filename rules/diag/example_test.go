package diag_test

import (
	"fmt"
	"os"

	"github.com/kvitto/kvitto/rules/diag"
)

func ExampleParse() {
	var r diag.Report
	n := diag.Parse("shipping.yaml", []byte("home: NO\nprice: 49.00\nzones: {dresden: 01067}\n"), &r)
	zone := n.Get("zones").Get("dresden")
	fmt.Println(n.Get("home").Text, n.Get("price").Text, zone.Text)
	fmt.Printf("%s is on line %d, column %d\n", zone.Path, zone.Place.Line, zone.Place.Col)
	// Output:
	// NO 49.00 01067
	// zones.dresden is on line 3, column 18
}

func ExampleFields() {
	var r diag.Report
	n := diag.Parse("shipping.yaml", []byte("- {id: brev, pric: 19.00}\n"), &r)
	diag.Fields(n.Items[0], "an option", []string{"id", "name", "price"}, &r)
	if err := r.Short(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// shipping.yaml:1:14: unknown key `pric` in an option; did you mean `price`? [E004]
}

func ExampleReport_Render() {
	var r diag.Report
	n := diag.Parse("shipping.yaml", []byte("- {to: gotlnad, add: 20.00}\n"), &r)
	f := r.Errorf("E203", n.Items[0].Get("to").Place, "there is no zone `gotlnad`")
	f.Label = "not declared under `zones`"
	f.Help = "a zone with a similar name is declared on line 14"
	f.Fix = diag.Suggest("gotlnad", []string{"gotland", "bornholm"})
	f.Notes = []string{"as it stands, no address would ever pay these 20.00 SEK"}
	if err := r.Render(os.Stdout, false); err != nil {
		fmt.Println(err)
	}
	// Output:
	// error[E203]: there is no zone `gotlnad`
	//  --> shipping.yaml:1:8
	//   |
	// 1 | - {to: gotlnad, add: 20.00}
	//   |        ^^^^^^^ not declared under `zones`
	//   |
	// help: a zone with a similar name is declared on line 14
	//   |
	// 1 | - {to: gotland, add: 20.00}
	//   |        ~~~~~~~
	//   = note: as it stands, no address would ever pay these 20.00 SEK
	//
	// 1 finding: 1 error
}
