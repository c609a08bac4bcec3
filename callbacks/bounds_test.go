package callbacks_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

// allocated is how many bytes f allocates. The tests of this file do not run in parallel with any other.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestMemory bounds what a hostile body of 1 MiB may cost before it is refused: eight times its size.
func TestMemory(t *testing.T) {
	const size = 1 << 20
	lines := func(element string) string {
		b := `{"purchase_currency":"SEK","order_amount":0,"order_tax_amount":0,"order_lines":[`
		return b + strings.Repeat(element+",", (size-len(b)-len(element)-2)/(len(element)+1)) + element + "]}"
	}
	member := func(element string) string {
		return strings.Replace(lines(element), "order_lines", "shipping_options", 1)
	}
	unknown := func(element string) string { return strings.Replace(lines(element), "order_lines", "anything", 1) }
	deep := `{"x":` + strings.Repeat("[", size-5)
	for name, body := range map[string]string{
		"row 51: {} as lines":          lines("{}"),
		"row 51: whole lines":          lines(lineJSON),
		"row 52: [] as lines":          lines("[]"),
		"row 52: {} as options":        member("{}"),
		"row 52: [] elsewhere":         unknown("[]"),
		"row 52: 0 elsewhere":          unknown("0"),
		"row 52: empty text elsewhere": unknown(`""`),
		"row 52: 0 in order_lines.0":   strings.Replace(unknown("0"), `"anything"`, `"order_lines":[{"x":[1]}],"y"`, 1),
		"row 50: depth":                deep,
		"row 58: escapes":              `{"x":"` + strings.Repeat(`\u0041`, size/6-4) + `"}`,
		"row 62: member names":         `{` + many(size/12) + `}`,
	} {
		s := newServer(t)
		var got *reply
		cost := allocated(func() { got = s.call(base+"/validation", body) })
		if got.status != 400 {
			t.Errorf("%s: got %v, want 400", name, got)
		}
		if cost > 8*size {
			t.Errorf("%s: %d bytes cost %d, want at most 8 times as much", name, len(body), cost)
		}
	}
}

// TestSameWork compares what the wrong ways in cost: a path, a merchant and a token that are wrong allocate the same.
func TestSameWork(t *testing.T) {
	if raceOn {
		t.Skip("the race detector drops pooled memory at random, so allocations differ from run to run")
	}
	s := newServer(t)
	s.log.discard = true
	h := s.server.Handler()
	cost := func(path string) float64 {
		r := httptest.NewRequest(http.MethodPost, path, http.NoBody)
		w := &sink{header: http.Header{}}
		return testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) })
	}
	want := cost("/v1/demo/wrong-token-12345/validation")
	for _, path := range []string{"/v1/none/wrong-token-12345/validation", "/v1/demo/" + token + "/nothing", "/elsewhere",
		"/v1/demo%2f/wrong-token/validation"} {
		if got := cost(path); got != want {
			t.Errorf("%s: got %v allocations, want %v as for a wrong token", path, got, want)
		}
	}
}
