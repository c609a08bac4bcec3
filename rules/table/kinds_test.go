package table_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// TestKinds: whatever the address, Kinds has yielded one that lies the same way to the zones.
func TestKinds(t *testing.T) {
	t.Parallel()
	var r diag.Report
	n := diag.Parse("z.yaml", []byte("gb: {GB: [SE1 4, SE1 7 to SE1 9, IV]}\nislands: {SE: [620 to 624]}\nsweden: {SE: all}\n"+
		"main: {SE: all, except: islands}\nwest: {US-CA: all}\nmanhattan: {US-NY: [100*]}\nusa: {US: all}\naland: {AX: all, FI: [22*]}\n"), &r)
	z := table.CompileZones(table.ZonesSource{Zones: n}, &r)
	if r.Failed() {
		t.Fatal(r.Findings())
	}
	type lie struct {
		country, region   string
		certain, possible table.SetID
		known             bool
	}
	kinds := map[lie]bool{}
	for _, c := range z.Countries() {
		for k := range z.Kinds(c) {
			kinds[lie{c, k.Region, k.Where.Certain, k.Where.Possible, k.Where.Known}] = true
			if w := z.Locate(c, k.Region, k.Postcode); k.Where.Certain == k.Where.Possible && w.Certain != k.Where.Certain {
				t.Errorf("%+v: the sample lies elsewhere: %+v", k, w)
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		country := rapid.SampledFrom(z.Countries()).Draw(rt, "country")
		region := rapid.SampledFrom([]string{"", "CA", "NY", "TX"}).Draw(rt, "region")
		code := rapid.SampledFrom([]string{"", "62010", "11122", "SE1", "SE1 4AB", "SE1 8AB", "SE1 1AA", "IV1 1AA", "10001", "90210", "90210-1234", "22100", "x"}).Draw(rt, "code")
		w := z.Locate(country, region, code)
		if country != "US" {
			region = ""
		}
		if region == "TX" {
			region = table.OtherRegion
		}
		if !kinds[lie{country, region, w.Certain, w.Possible, w.Known}] {
			rt.Fatalf("%s %s %q lies in no kind: %+v", country, region, code, w)
		}
	})
	for range z.Kinds("SE") {
		break
	}
	for k := range z.Kinds("NO") {
		t.Error("a country that no zone names has a kind", k)
	}
	if (*table.Zones)(nil).Kinds("SE") == nil {
		t.Error("no zones, no sequence")
	}
}
