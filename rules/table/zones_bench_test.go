package table_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// zoneRows writes a zone file of that many rows over Portugal's seven digits, every second code left out, 40 zones.
func zoneRows(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("country,from,to,zone\n")
	step := 9_000_000 / rows
	for i := range rows {
		from := 1_000_000 + i*step
		fmt.Fprintf(&b, "PT,%d,%d,z%d\n", from, from+max(step/2, 1)-1, i*7919%40)
	}
	return b.Bytes()
}

func benchZones(b *testing.B, rows int) *table.Zones {
	b.Helper()
	var r diag.Report
	n := diag.Parse("shipping.yaml", []byte("zone_files: [z.csv]\n"), &r)
	z := table.CompileZones(table.ZonesSource{ZoneFiles: n.Get("zone_files"),
		FS: fstest.MapFS{"z.csv": &fstest.MapFile{Data: zoneRows(rows)}}}, &r)
	if r.Failed() {
		b.Fatal(r.Findings()[0])
	}
	return z
}

func BenchmarkLocate(b *testing.B) {
	for _, rows := range []int{10, 10_000, 1_000_000} {
		z := benchZones(b, rows)
		rnd := rand.New(rand.NewPCG(1, 2))
		far := make([]string, 1<<16)
		for i := range far {
			far[i] = strconv.Itoa(1_000_000 + rnd.IntN(9_000_000))
		}
		for _, set := range []struct {
			name  string
			codes []string
		}{{"near", far[:64]}, {"far", far}} {
			b.Run(fmt.Sprintf("%s/%d", set.name, rows), func(b *testing.B) {
				b.ReportAllocs()
				known := 0
				for i := 0; b.Loop(); i++ {
					if z.Locate("PT", "", set.codes[i%len(set.codes)]).Known {
						known++
					}
				}
				if known != b.N {
					b.Errorf("%d of %d known", known, b.N)
				}
			})
		}
	}
}

func BenchmarkLoadZones(b *testing.B) {
	data := zoneRows(1_000_000)
	fsys := fstest.MapFS{"z.csv": &fstest.MapFile{Data: data}}
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	var kept uint64
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var r diag.Report
		n := diag.Parse("shipping.yaml", []byte("zone_files: [z.csv]\n"), &r)
		z := table.CompileZones(table.ZonesSource{ZoneFiles: n.Get("zone_files"), FS: fsys}, &r)
		r = diag.Report{}
		runtime.GC()
		runtime.ReadMemStats(&after)
		kept = after.HeapAlloc - before.HeapAlloc
		runtime.KeepAlive(z)
	}
	b.ReportMetric(float64(kept)/(1<<20), "MiB-kept")
}
