package shipping_test

import (
	"testing"
)

// TestDelivery works out the days that {delivery} stands for.
func TestDelivery(t *testing.T) {
	t.Parallel()
	const shop = "{days: 1 to 3, cutoff: \"14:00\", ships: mon to fri, calendar: xmas}"
	tests := []struct {
		name, delivery, now, want, start, end string
	}{
		{"before the cut-off", shop, "2026-11-23 13:59", "24–26 nov", "2026-11-24", "2026-11-26"},
		{"at the cut-off", shop, "2026-11-23 14:00", "25–27 nov", "2026-11-25", "2026-11-27"},
		{"over a weekend", shop, "2026-11-26 10:00", "27 nov–1 dec", "2026-11-27", "2026-12-01"},
		{"Friday after the cut-off ships on Monday", shop, "2026-11-27 15:00", "1–3 dec", "2026-12-01", "2026-12-03"},
		{"Saturday ships on Monday, whatever the hour", shop, "2026-11-28 23:00", "1–3 dec", "2026-12-01", "2026-12-03"},
		{"closed days count neither for shipping nor for delivery", shop, "2026-12-23 15:00", "29 dec–1 jan", "", ""},
		{"the day before closed days", shop, "2026-12-23 09:00", "28–30 dec", "2026-12-28", "2026-12-30"},
		{"behind the calendar nothing is promised", shop, "2027-01-04 09:00", "", "", ""},
		{"same day", "{days: 0}", "2026-11-23 10:00", "23 nov", "2026-11-23", "2026-11-23"},
		{"one day, every day", "{days: 1}", "2026-11-28 10:00", "29 nov", "2026-11-29", "2026-11-29"},
		{"some days", "{days: 1 to 2, ships: [mon, wed]}", "2026-11-23 10:00", "25–30 nov", "2026-11-25", "2026-11-30"},
		{"over the year's end", "{days: 2 to 5, ships: mon to fri}", "2026-12-29 10:00", "31 dec–5 jan", "2026-12-31", "2027-01-05"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			table := load(t, oneOption("price: 1.00\ndescription: \"Framme {delivery}.\"\npromo: Snabbt\ndelivery: "+tt.delivery))
			got := offer(t, table, ask{now: tt.now}).Options[0]
			switch {
			case tt.start == "":
				if got.Description != "" || got.Details != nil {
					t.Errorf("got %q, %+v; want no promise", got.Description, got.Details)
				}
				return
			case got.Description != "Framme "+tt.want+".":
				t.Errorf("got %q, want %q", got.Description, tt.want)
			}
			slot := got.Details.Timeslot
			if slot.Start != tt.start || slot.End != tt.end || slot.ID != tt.start+"/"+tt.end {
				t.Errorf("got %+v, want %s to %s", *slot, tt.start, tt.end)
			}
			if got.Promo != "Snabbt" {
				t.Errorf("promo: got %q", got.Promo)
			}
		})
	}
}

// TestDeliveryTexts writes days as each language does.
func TestDeliveryTexts(t *testing.T) {
	t.Parallel()
	table := load(t, `version: 1
currency: SEK
time_zone: Europe/Stockholm
languages: [sv, nb, da, fi, en, de, nl, fr, es, pl, no]
options:
  - id: a
    name: {sv: "Paket {delivery}", nb: "N {delivery}", da: "D {delivery}", fi: "F {delivery}", en: "E {delivery}", de: "T {delivery}", nl: "H {delivery}", fr: "F {delivery}", es: "S {delivery}", pl: "P {delivery}"}
    description: {sv: "Framme {delivery}"}
    price: 1.00
    delivery: {days: 1 to 3, ships: mon to fri}
`)
	tests := []struct {
		lang, now, name, description string
	}{
		{"sv", "2026-11-23 10:00", "Paket 24–26 nov", "Framme 24–26 nov"},
		{"sv", "2026-03-30 10:00", "Paket 31 mars–2 april", "Framme 31 mars–2 april"},
		{"nb", "2026-11-23 10:00", "N 24.–26. nov.", "Framme 24–26 nov"},
		{"no", "2026-12-07 10:00", "N 8.–10. des.", "Framme 8–10 dec"},
		{"da", "2026-05-04 10:00", "D 5.–7. maj", "Framme 5–7 maj"},
		{"fi", "2026-11-23 10:00", "F 24.–26.11.", "Framme 24–26 nov"},
		{"fi", "2026-11-27 10:00", "F 30.11.–2.12.", "Framme 30 nov–2 dec"},
		{"en", "2026-11-23 10:00", "E 24–26 Nov", "Framme 24–26 nov"},
		{"de", "2026-03-09 10:00", "T 10.–12. März", "Framme 10–12 mars"},
		{"nl", "2026-03-09 10:00", "H 10–12 mrt", "Framme 10–12 mars"},
		{"fr", "2026-08-03 10:00", "F 4–6 août", "Framme 4–6 aug"},
		{"es", "2026-08-03 10:00", "S 4–6 ago", "Framme 4–6 aug"},
		{"pl", "2026-08-03 10:00", "P 2026-08-04–2026-08-06", "Framme 4–6 aug"},
		{"it", "2026-08-03 10:00", "Paket 4–6 aug", "Framme 4–6 aug"},
	}
	for _, tt := range tests {
		got := offer(t, table, ask{lang: tt.lang, now: tt.now}).Options[0]
		if got.Name != tt.name || got.Description != tt.description {
			t.Errorf("%s %s: got %q, %q; want %q, %q", tt.lang, tt.now, got.Name, got.Description, tt.name, tt.description)
		}
	}
}

// TestNameWithoutPromise frees a name of the mark where no days can be told.
func TestNameWithoutPromise(t *testing.T) {
	t.Parallel()
	table := load(t, oneOption("price: 1.00\npromo: \"{delivery}\"\ndelivery: {days: 1, calendar: xmas}")+
		"  - {id: b, name: \"Ombud, {delivery}\", price: 1.00, delivery: {days: 1, calendar: xmas}}\n"+
		"  - {id: c, name: \"{delivery}\", price: 1.00, delivery: {days: 1, calendar: xmas}}\n")
	got := offer(t, table, ask{now: "2027-02-01 10:00"})
	if got.Options[0].Promo != "" || got.Options[1].Name != "Ombud" || got.Options[2].Name != "c" {
		t.Errorf("got %q, %q, %q", got.Options[0].Promo, got.Options[1].Name, got.Options[2].Name)
	}
}
