package shipping_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
)

const storesCSV = `id,name,street,postcode,city,country,zone
sthlm,Drottninggatan,Drottninggatan 21,111 51,Stockholm,SE,mainland
visby,Adelsgatan,Adelsgatan 3,621 57,Visby,SE,gotland
depot,Lagret,,,,,
`

// TestOwnPoints offers the points whose zone holds the address, at the same price.
func TestOwnPoints(t *testing.T) {
	t.Parallel()
	all := oneOption("price: 10.00\npickup_points: {csv: stores.csv}")
	zoned := strings.Join(strings.SplitAfter(storesCSV, "\n")[:3], "")
	tests := []struct {
		name, csv, to, want string
	}{
		{"mainland", storesCSV, "SE 113 51", "a:sthlm 1000, a:depot 1000"},
		{"island", storesCSV, "SE 621 57", "a:visby 1000, a:depot 1000"},
		{"postcode unknown: the certain one", storesCSV, "SE", "a:depot 1000"},
		{"postcode unknown: the possible ones", zoned, "SE", "a:sthlm 1000, a:visby 1000"},
		{"no point fits", zoned, "DK 2100", "-"},
		{"a single point has the option's id", "id,name\nx,X\n", "SE 113 51", "a 1000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := short(offer(t, load(t, all, "stores.csv", tt.csv), ask{to: tt.to})); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestOnePossiblePoint is not certain, so another option comes first.
func TestOnePossiblePoint(t *testing.T) {
	t.Parallel()
	yaml := oneOption("price: 10.00\npickup_points: {csv: stores.csv}") + "  - {id: b, name: B, to: sweden, price: 1.00}\n"
	table := load(t, yaml, "stores.csv", "id,name,zone\nvisby,V,gotland\n")
	for to, want := range map[string]string{"SE": "b 100", "SE 621 57": "a 1000, b 100", "SE 113 51": "b 100"} {
		got := offer(t, table, ask{to: to})
		if short(got) != want || got.NeedsCode != (to == "SE") {
			t.Errorf("%s: got %s, needs a postcode: %v; want %s", to, short(got), got.NeedsCode, want)
		}
	}
}

func TestPointDetails(t *testing.T) {
	t.Parallel()
	table := load(t, oneOption("price: 1.00\ncarrier: PostNord\ndelivery_class: box\nproduct: {name: MyPack, id: mp}\nmethod: PickUpStore\n"+
		"tms_reference: t1\ntax_class: books\npickup_points: {csv: stores.csv}"), "stores.csv", storesCSV)
	got := offer(t, table, ask{}).Options[0]
	want := rules.Offer{
		ID: "a:sthlm", Name: "A: Drottninggatan", Method: "PickUpStore", TMSReference: "t1", TaxClass: "books", Price: 100,
		Details: &order.DeliveryDetails{
			Carrier: "PostNord", Class: "box", Product: &order.CarrierProduct{Name: "MyPack", Identifier: "mp"},
			PickupLocation: &order.PickupLocation{ID: "sthlm", Name: "Drottninggatan", Address: &order.Address{
				StreetAddress: "Drottninggatan 21", PostalCode: "111 51", City: "Stockholm", Country: "SE"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestPluginPoints asks what a plug-in found, and what happens where it did not answer.
func TestPluginPoints(t *testing.T) {
	t.Parallel()
	near := []rules.PickupPoint{{ID: "1", Name: "Ica"}, {ID: "", Name: "no id"}, {ID: "2", Name: "Coop"}, {ID: "3", Name: "Hemköp"}}
	found := rules.Facts{Pickup: map[string][]rules.PickupPoint{"postnord": near}}
	none := rules.Facts{Pickup: map[string][]rules.PickupPoint{"postnord": {}}}
	down := rules.Facts{Unavailable: map[string]bool{"postnord": true}}
	tests := []struct {
		name, keys string
		ask        ask
		want       string
	}{
		{"the nearest, unusable ones left out", "{plugin: postnord, nearest: 3}", ask{facts: found}, "a:1 100, a:2 100"},
		{"one", "{plugin: postnord, nearest: 1}", ask{facts: found}, "a 100"},
		{"none near a known address", "{plugin: postnord, if_unavailable: offer anyway}", ask{facts: none}, "-"},
		{"none where the address is not known", "{plugin: postnord, if_unavailable: offer anyway}", ask{facts: none, to: "SE"}, "a 100"},
		{"down: hidden where nothing is said", "{plugin: postnord}", ask{facts: down}, "-"},
		{"down: hide", "{plugin: postnord, if_unavailable: hide}", ask{}, "-"},
		{"down: offer anyway", "{plugin: postnord, if_unavailable: offer anyway}", ask{facts: down}, "a 100"},
		{"down: own points", "{plugin: postnord, if_unavailable: {csv: stores.csv}}", ask{facts: down}, "a:sthlm 100, a:depot 100"},
		{"answered: own points are not needed", "{plugin: postnord, nearest: 1, if_unavailable: {csv: stores.csv}}", ask{facts: found}, "a 100"},
		{"not registered: offered anyway", "{plugin: bring, if_unavailable: offer anyway}", ask{}, "a 100"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := load(t, oneOption("price: 1.00\npickup_points: "+tt.keys), "stores.csv", storesCSV)
			if got := short(offer(t, table, tt.ask)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestChosenPointStays lets a validation pass whose plug-in has gone down since the buyer chose.
func TestChosenPointStays(t *testing.T) {
	t.Parallel()
	table := load(t, oneOption("price: 1.00\npickup_points: {plugin: postnord, if_unavailable: offer anyway}"))
	tests := []struct {
		callback rules.Callback
		selected string
		want     string
	}{
		{rules.Validation, "a:77", "a:77 100"},
		{rules.Validation, "b:77", "a 100"},
		{rules.Validation, "", "a 100"},
		{rules.AddressUpdate, "a:77", "a 100"},
	}
	for _, tt := range tests {
		q := ask{}.query(t)
		q.Callback, q.Selected = tt.callback, tt.selected
		out, err := table.Offer(t.Context(), q)
		if err != nil || short(out) != tt.want {
			t.Errorf("%s %q: got %s, %v; want %s", tt.callback, tt.selected, short(out), err, tt.want)
		}
	}
}

// TestManyPoints stops at what an answer holds.
func TestManyPoints(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("id,name\n")
	for i := range 1200 {
		fmt.Fprintf(&b, "p%d,P\n", i)
	}
	table := load(t, "preselect: z\n"+oneOption("price: 1.00\npickup_points: {csv: stores.csv}")+"  - {id: z, name: Z, price: 2.00}\n", "stores.csv", b.String())
	got := offer(t, table, ask{})
	if len(got.Options) != 1000 || got.Options[999].ID != "a:p999" || got.PreselectID != "z" {
		t.Errorf("got %d options, the last is %q, preselected %q", len(got.Options), got.Options[len(got.Options)-1].ID, got.PreselectID)
	}
}
