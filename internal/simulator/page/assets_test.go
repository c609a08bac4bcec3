package page_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/internal/simulator/page"
)

// TestHtmxIsTheRelease: the committed file is dist/htmx.min.js of htmx.org 2.0.11 in the npm registry, and its licence, the
// Zero-Clause BSD, lies beside it.
func TestHtmxIsTheRelease(t *testing.T) {
	t.Parallel()
	const want = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
	script, err := page.File("static/htmx.min.js")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(script); hex.EncodeToString(sum[:]) != want {
		t.Errorf("htmx.min.js: SHA-256 %x, want %s: replace it by a release, and this sum with it", sum, want)
	}
	if !strings.Contains(string(script), `version:"2.0.11"`) {
		t.Error("htmx.min.js does not say that it is 2.0.11")
	}
	licence, err := page.File("static/htmx.LICENSE.txt")
	if err != nil || !strings.HasPrefix(string(licence), "Zero-Clause BSD") {
		t.Errorf("the licence: %v %.40s", err, licence)
	}
}

// TestStyleAsksNobody: no style or picture comes from elsewhere.
func TestStyleAsksNobody(t *testing.T) {
	t.Parallel()
	style, err := page.File("static/kvitto.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"url(", "@import", "http:", "https:"} {
		if strings.Contains(string(style), word) {
			t.Errorf("kvitto.css has %q", word)
		}
	}
}

// TestStaticIsKept: a file's name changes with the file, so that browsers may keep it for good.
func TestStaticIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, http.NotFoundHandler(), nil)
	start := w.get(t, "/").body
	for _, ending := range []string{".css", ".js", ".svg"} {
		from := strings.Index(start, "/static/")
		for ; from >= 0; from = next(start, from) {
			if path, _, _ := strings.Cut(start[from:], `"`); strings.HasSuffix(path, ending) {
				res := w.get(t, path)
				if res.status != http.StatusOK || res.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || res.header.Get("Content-Type") == "" {
					t.Errorf("%s: status %d, %v", path, res.status, res.header)
				}
				break
			}
		}
		if from < 0 {
			t.Errorf("the start page loads no %s", ending)
		}
	}
	if res := w.get(t, "/static/kvitto.css"); res.status != http.StatusNotFound {
		t.Errorf("a name without its sum: status %d", res.status)
	}
}

// next is where the next file is named after one; -1: nowhere.
func next(s string, from int) int {
	i := strings.Index(s[from+1:], "/static/")
	if i < 0 {
		return -1
	}
	return from + 1 + i
}
