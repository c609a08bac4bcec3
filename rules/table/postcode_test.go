package table_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/rules/table"
)

// TestShapes tells for every kind of code which spellings are one and the same, and which cannot be.
func TestShapes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		country   string
		same, odd []string
	}{
		{"SE", []string{"11351", "113 51", "SE-113 51", "SE11351", "S-11351", "113-51", "１１３５１", "\u00a011351"}, []string{"1135", "113511", "01351", "1135A", "113,51"}},
		{"NO", []string{"0150", "N-0150", "NO 0150"}, []string{"150", "01500"}},
		{"FI", []string{"00100", "FI-00100", "FIN-00100"}, []string{"100", "0010"}},
		{"AX", []string{"22100", "AX-22100", "FI-22100"}, []string{"2210"}},
		{"DE", []string{"01067", "D-01067", "DE01067"}, []string{"1067", "A-1010"}},
		{"AT", []string{"1010", "A-1010"}, []string{"0101"}},
		{"LV", []string{"1010", "LV-1010"}, []string{"LV-101"}},
		{"LI", []string{"9490", "FL-9490"}, []string{"94900"}},
		{"PL", []string{"00-950", "00950"}, []string{"00-95"}},
		{"BR", []string{"01310-100", "01310100"}, []string{"01310"}},
		{"JP", []string{"604-8571", "6048571", "６０４－８５７１"}, []string{"604-857"}},
		{"US", []string{"12345-6789", "123456789", "12345 6789"}, []string{"1234", "12345-67", "K1A 0B1"}},
		{"CA", []string{"K1A 0B1", "k1a0b1", "K1A-0B1"}, []string{"K1A 0B", "11A 0B1"}},
		{"NL", []string{"1011 AB", "1011ab", "NL-1011 AB"}, []string{"0111 AB", "1011 A", "1011 ABC"}},
		{"IE", []string{"D6W XY00", "D6WXY00"}, []string{"D6W", "D6X XY00", "DD6 XY00"}[1:]},
		{"MT", []string{"VLT 1117", "vlt1117", "MT-VLT 1117"}, []string{"VL 1117"}},
		{"GB", []string{"SW1A 1AA", "sw1a1aa", "SW1 A1AA", "GB-SW1A 1AA"}, []string{"SW", "1AA", "SW1A 1A", "SW1A 1AAA", "SWW1 1AA", "GIR 0AA", "SW01 1AA"}},
		{"JE", []string{"JE2 3AB", "JE23AB"}, []string{"JE"}},
		{"HK", []string{"999077", "HK-999077"}, []string{"9990771234567", "99/90"}},
		{"AR", []string{"C1425ABC", "c1425 abc"}, []string{"C1425ABC123456"}},
		{"TW", []string{"100", "1 00"}, []string{"10", "1000"}},
	}
	for _, tt := range tests {
		t.Run(tt.country, func(t *testing.T) {
			t.Parallel()
			z := soundZones(t, fmt.Sprintf("zones: {one: {%s: [%q]}, rest: {%s: all, except: one}}", tt.country, tt.same[0], tt.country), nil)
			for _, code := range tt.same {
				if w := z.Locate(tt.country, "", code); !w.Known || members(z, w.Certain) != "one" {
					t.Errorf("%q is not %q: %+v", code, tt.same[0], w)
				}
			}
			for _, code := range tt.odd {
				if w := z.Locate(tt.country, "", code); w.Known || !w.Odd || members(z, w.Certain) != "" || members(z, w.Possible) != "one rest" {
					t.Errorf("%q is not odd: %+v", code, w)
				}
			}
		})
	}
}

// TestStars is about what begins with a text, in Britain above all.
func TestStars(t *testing.T) {
	t.Parallel()
	tests := []struct{ country, pattern, in, out string }{
		{"GB", "BT*", "BT1 1AA,BT94 9ZZ", "B1 1AA,BA1 1AA"},
		{"GB", "B*", "B1 1AA,BA1 1AA,BT1 1AA", "AB1 1AA,CB1 1AA"},
		{"GB", "SE1*", "SE1 4AB,SE10 8AA,SE19 1AA,SE1P 4AA", "SE2 1AA,SE20 1AA,S1 1AA"},
		{"GB", "SE14*", "SE14 5AB", "SE1 4AB,SE15 1AA"},
		{"GB", "SE1 4*", "SE1 4AB,SE1 4ZZ", "SE1 5AB,SE14 4AB"},
		{"GB", "SE1 4A*", "SE1 4AB", "SE1 4BA"},
		{"GB", "W1A*", "W1A 1AA", "W1B 1AA,W1 1AA"},
		{"GB", "GX11*", "GX11 1AA", "GX12 1AA"},
		{"GB", "W1", "W1A 1AA,W1W 1AA,W1 1AA", "W10 1AA,WC1A 1AA"},
		{"GB", "W1A", "W1A 1AA", "W1B 1AA"},
		{"GB", "E", "E1 1AA,E20 1AA,E1W 1AA", "EC1A 1AA,EN1 1AA"},
		{"GB", "BL1 to BL99", "BL1 1AA,BL9 1AA,BL10 1AA,BL99 9ZZ", "BL0 1AA,BB1 1AA"},
		{"GB", "EC1 to EC4", "EC1A 1AA,EC4Y 1AA", "EC5A 1AA,E1 1AA"},
		{"GB", "IV to KY", "IV1 1AA,KA1 1AA,KY99 9ZZ", "IP1 1AA,L1 1AA"},
		{"GB", "SE1 4AB to SE1 4DD", "SE1 4AB,SE1 4BZ,SE1 4DD", "SE1 4AA,SE1 4DE"},
		{"GB", "SE1 4 to SE1 6", "SE1 4AA,SE1 6ZZ", "SE1 3ZZ,SE1 7AA"},
		{"NL", "1011 A*", "1011 AB,1011 AZ", "1011 BA"},
		{"NL", "1011 AA to 1012 BB", "1011 AA,1011 ZZ,1012 BB", "1010 ZZ,1012 BC"},
		{"CA", "M5V", "M5V 3L9", "M5W 3L9"},
		{"CA", "M*", "M5V 3L9,M1A 1A1", "L5V 3L9"},
		{"IE", "D01 to D06", "D01 AAAA,D06 X000", "D6W XY00,D07 AAAA,C15 AAAA"},
		{"PT", "9000-0* to 9", "", ""},
		{"US", "12345", "12345-0000,12345-9999", "12346-0000"},
		{"US", "0*", "00501-0001,09999-9999", "10001-0001"},
		{"HK", "A1", "A1", "A12,A"},
		{"HK", "A1*", "A1,A12,A1ZZZZZZZZ", "A,A2,B1"},
		{"HK", "A1 to B2", "A1,A9,AZ,B1ZZ,B2Z", "A0,A,B3"},
		{"DE", "D-01067", "01067", "01068"},
		{"TW", "100", "100", "101"},
		{"PL", "00-950 to 00-999", "00950,00-999", "00-949,01-000"},
	}
	for _, tt := range tests {
		t.Run(tt.country+" "+tt.pattern, func(t *testing.T) {
			t.Parallel()
			z, findings := compileZones(fmt.Sprintf("zones: {one: {%s: %q}}", tt.country, tt.pattern), nil)
			if tt.in == "" {
				if len(findings) != 1 {
					t.Errorf("got %s", brief(findings))
				}
				return
			}
			if len(findings) > 0 {
				t.Fatal(brief(findings))
			}
			for _, code := range strings.Split(tt.in, ",") {
				if w := z.Locate(tt.country, "", code); !z.Has(w.Certain, 0) || !w.Known {
					t.Errorf("%s is not in it: %+v", code, w)
				}
			}
			for _, code := range strings.Split(tt.out, ",") {
				if w := z.Locate(tt.country, "", code); z.Has(w.Possible, 0) || !w.Known {
					t.Errorf("%s is in it: %+v", code, w)
				}
			}
		})
	}
}

// britishCode is a code in its parts.
type britishCode struct {
	area    string
	number  int
	letter  string
	sector  int
	inward  string
	written string
}

func drawBritish(t *rapid.T) britishCode {
	c := britishCode{
		area:   rapid.SampledFrom([]string{"E", "EC", "SE", "S", "W", "WC", "IV", "KW", "B", "BT"}).Draw(t, "area"),
		number: rapid.IntRange(0, 99).Draw(t, "number"), letter: rapid.SampledFrom([]string{"", "", "A", "W"}).Draw(t, "letter"),
		sector: rapid.IntRange(0, 9).Draw(t, "sector"), inward: rapid.StringMatching(`[A-Z]{2}`).Draw(t, "unit"),
	}
	c.written = fmt.Sprintf("%s%d%s%s%d%s", c.area, c.number, c.letter, rapid.SampledFrom([]string{"", " "}).Draw(t, "space"), c.sector, c.inward)
	return c
}

// TestBritishPatterns compares patterns with what they say about the parts of a code.
func TestBritishPatterns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, c := drawBritish(t), drawBritish(t)
		if rapid.Bool().Draw(t, "near") {
			c = p
			c.written = fmt.Sprintf("%s%d%s %d%s", c.area, c.number, c.letter, c.sector, c.inward)
		}
		last := p.number + rapid.IntRange(0, 99-p.number).Draw(t, "last")
		district := c.area == p.area && c.number == p.number && (p.letter == "" || c.letter == p.letter)
		exact := district && c.letter == p.letter
		patterns := []struct {
			text string
			want bool
		}{
			{p.area, c.area == p.area},
			{fmt.Sprintf("%s%d%s", p.area, p.number, p.letter), district},
			{fmt.Sprintf("%s%d%s %d", p.area, p.number, p.letter, p.sector), exact && c.sector == p.sector},
			{fmt.Sprintf("%s%d%s %d%s", p.area, p.number, p.letter, p.sector, p.inward), exact && c.sector == p.sector && c.inward == p.inward},
			{fmt.Sprintf("%s%d to %s%d", p.area, p.number, p.area, last), c.area == p.area && c.number >= p.number && c.number <= last},
			{fmt.Sprintf("%s%d*", p.area, p.number), strings.HasPrefix(fmt.Sprintf("%s%d%s", c.area, c.number, c.letter), fmt.Sprintf("%s%d", p.area, p.number))},
		}
		for _, tt := range patterns {
			z, findings := compileZones("zones: {one: {GB: ["+tt.text+"]}}", nil)
			if len(findings) > 0 {
				t.Fatal(brief(findings))
			}
			if w := z.Locate("GB", "", c.written); !w.Known || z.Has(w.Certain, 0) != tt.want {
				t.Fatalf("%s in %s: got %v, want %v", c.written, tt.text, !tt.want, tt.want)
			}
		}
	})
}

func TestKnownRegion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		country, region string
		want            bool
	}{{"US", "CA", true}, {"US", "XX", false}, {"US", "C", false}, {"US", "", false}, {"AU", "NSW", true}, {"SE", "AB", true}, {"SE", "ABCD", false},
		{"SE", "a", false}, {"GB", "ENG", true}, {"US", "CA CO", false}} {
		if got := table.KnownRegion(tt.country, tt.region); got != tt.want {
			t.Errorf("%s-%s: got %v", tt.country, tt.region, got)
		}
	}
	for _, code := range []string{"", "S", "se", "SWE", "ZZ", "A ", " A", "EU", "UK"} {
		if table.KnownCountry(code) {
			t.Errorf("%q is no country", code)
		}
	}
	for _, code := range []string{"NO", "XI", "IC", "EA", "AX", "AC", "ZW"} {
		if !table.KnownCountry(code) {
			t.Errorf("%q is one", code)
		}
	}
}
