package table_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/rules/table"
)

// TestSegmentAt: going from segment to segment by key comes by what Segments yields, and every key of a postcode is in the
// segment that Locate finds.
func TestSegmentAt(t *testing.T) {
	t.Parallel()
	z := soundZones(t, `
zones:
  sweden: {SE: all, except: gotland}
  gotland: {SE: [620 to 624]}
  north: {SE: [980 to 984, 62100 to 62199]}
  highlands: {GB: [IV, KW15 to KW17]}
`, nil)
	for _, country := range []string{"SE", "GB"} {
		var want, got []table.Segment
		for s := range z.Segments(country, "") {
			want = append(want, s)
		}
		for key := uint64(0); ; {
			s, ok := z.SegmentAt(country, "", key)
			if !ok {
				break
			}
			key = s.Hi + 1
			s.From, s.To = z.Code(country, s.Lo), z.Code(country, s.Hi)
			if n := len(got); n > 0 && got[n-1].Certain == s.Certain && got[n-1].Possible == s.Possible {
				got[n-1].To, got[n-1].Hi = s.To, s.Hi
				continue
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(want) < 4 {
			t.Errorf("%s (-want +got):\n%s", country, diff)
		}
	}
	for _, code := range []string{"621 57", "100 05", "98499", "SE-625 00"} {
		lo, hi, ok := z.Keys("SE", code)
		s, found := z.SegmentAt("SE", "", lo)
		if w := z.Locate("SE", "", code); !ok || !found || lo != hi || s.Certain != w.Certain || s.Hi < hi {
			t.Errorf("%s: keys %d to %d, %v; segment %+v, located %+v", code, lo, hi, ok, s, w)
		}
	}
	for _, none := range [][2]string{{"SE", ""}, {"SE", "62"}, {"NO", "0150"}} {
		if _, _, ok := z.Keys(none[0], none[1]); ok {
			t.Errorf("%v has keys", none)
		}
	}
	if _, ok := z.SegmentAt("NO", "", 0); ok || z.Code("NO", 0) != "" {
		t.Error("a country that no zone names has segments")
	}
}
