package page

import "slices"

// sample is an address to try.
type sample struct {
	Label   string
	Members map[string]string // of the contract; without country
}

// country is one that the page offers.
type country struct{ Code, Name string }

func countries() []country {
	return []country{
		{"AT", "Austria"}, {"CA", "Canada"}, {"DK", "Denmark"}, {"FI", "Finland"}, {"FR", "France"}, {"DE", "Germany"}, {"NL", "Netherlands"},
		{"NO", "Norway"}, {"SE", "Sweden"}, {"CH", "Switzerland"}, {"GB", "United Kingdom"}, {"US", "United States"},
	}
}

// countriesWith are those of countries, and the buyer's own where it is none of them.
func countriesWith(code string) []country {
	list := countries()
	if code != "" && !slices.ContainsFunc(list, func(c country) bool { return c.Code == code }) {
		list = append(list, country{code, code})
	}
	return list
}

func countryName(code string) string {
	for _, c := range countries() {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

// place makes a sample of a person at an address.
func place(label, given, family, street, postcode, city, phone string) sample {
	return sample{label, map[string]string{"given_name": given, "family_name": family, "email": "buyer@example.com", "street_address": street,
		"postal_code": postcode, "city": city, "phone": phone}}
}

func (s sample) in(region string) sample {
	s.Members["region"] = region
	return s
}

// samples are the addresses to try in a country: an ordinary one first, then such that rules often treat apart.
func samples(code string) []sample {
	switch code {
	case "SE":
		return []sample{
			place("Stockholm", "Astrid", "Lind", "Hornsgatan 1", "118 26", "Stockholm", "+46701740615"),
			place("Visby, on Gotland", "Olof", "Berg", "Adelsgatan 12", "621 57", "Visby", "+46701740616"),
			place("Luleå, far north", "Ingrid", "Nyman", "Storgatan 5", "972 31", "Luleå", "+46701740617"),
		}
	case "NO":
		return []sample{
			place("Oslo", "Kari", "Hansen", "Storgata 9", "0155", "Oslo", "+4791234567"),
			place("Longyearbyen, on Svalbard", "Nils", "Dahl", "Vei 500 2", "9170", "Longyearbyen", "+4791234568"),
		}
	case "DK":
		return []sample{
			place("Copenhagen", "Mette", "Jensen", "Vesterbrogade 3", "1620", "København", "+4520123456"),
			place("Rønne, on Bornholm", "Lars", "Holm", "Store Torv 1", "3700", "Rønne", "+4520123457"),
		}
	case "FI":
		return []sample{
			place("Helsinki", "Aino", "Korhonen", "Mannerheimintie 5", "00100", "Helsinki", "+358401234567"),
			place("Mariehamn, on Åland", "Emil", "Sund", "Torggatan 2", "22100", "Mariehamn", "+358401234568"),
		}
	case "DE":
		return []sample{
			place("Berlin", "Jonas", "Weber", "Torstraße 10", "10119", "Berlin", "+4915112345678"),
			place("Westerland, on Sylt", "Frauke", "Petersen", "Strandstraße 4", "25980", "Sylt", "+4915112345679"),
			place("Heligoland", "Uwe", "Krüss", "Lung Wai 1", "27498", "Helgoland", "+4915112345670"),
		}
	case "AT":
		return []sample{
			place("Vienna", "Anna", "Gruber", "Ring 3", "1010", "Wien", "+436601234567"),
			place("Mittelberg, in an enclave", "Max", "Fritz", "Walserstraße 8", "6993", "Mittelberg", "+436601234568"),
		}
	}
	return moreSamples(code)
}

func moreSamples(code string) []sample {
	switch code {
	case "CH":
		return []sample{
			place("Zürich", "Lea", "Keller", "Bahnhofstrasse 2", "8001", "Zürich", "+41791234567"),
			place("Büsingen, a German enclave", "Urs", "Güntert", "Hauptstrasse 1", "8238", "Büsingen", "+41791234568"),
		}
	case "NL":
		return []sample{
			place("Amsterdam", "Sanne", "de Vries", "Damrak 1", "1012 JS", "Amsterdam", "+31612345678"),
			place("West-Terschelling", "Jan", "Smit", "Torenstraat 5", "8881 BH", "West-Terschelling", "+31612345679"),
		}
	case "GB":
		return []sample{
			place("London", "Emily", "Clarke", "Fleet Street 12", "EC4Y 1AA", "London", "+447400123456"),
			place("Stornoway, in the Hebrides", "Ewan", "MacLeod", "Point Street 3", "HS1 2XF", "Stornoway", "+447400123457"),
			place("Belfast", "Orla", "Kelly", "High Street 7", "BT1 2AB", "Belfast", "+447400123458"),
		}
	case "US":
		return []sample{
			place("Chicago, no tax", "Mary", "Jones", "200 E Randolph St", "60601", "Chicago", "+13125550100").in("IL"),
			place("New York", "David", "Rossi", "350 5th Ave", "10001", "New York", "+12125550101").in("NY"),
			place("Anchorage, Alaska", "June", "Hart", "600 W 4th Ave", "99501", "Anchorage", "+19075550102").in("AK"),
			place("Denver, retail fee", "Ann", "Cole", "1437 Bannock St", "80202", "Denver", "+13035550103").in("CO"),
		}
	case "CA":
		return []sample{
			place("Toronto", "Claire", "Roy", "100 Queen St W", "M5H 2N2", "Toronto", "+14165550104").in("ON"),
			place("Iqaluit", "Jack", "Anawak", "Ring Road 1", "X0A 0H0", "Iqaluit", "+18675550105").in("NU"),
		}
	case "FR":
		return []sample{place("Paris", "Camille", "Martin", "Rue de Rivoli 4", "75001", "Paris", "+33612345678")}
	}
	return nil
}
