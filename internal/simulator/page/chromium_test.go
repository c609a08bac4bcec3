package page_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long a browser may take for one thing.
const patience = 30 * time.Second

// browser is a tab of a real one.
type browser struct {
	t    *testing.T
	ctx  context.Context
	base string
}

// open starts a browser for a test and opens a path. Without Chromium the test is skipped, unless
// KVITTO_REQUIRE_CHROMIUM=1 says that it has to be there.
func (w *world) browser(t *testing.T, more ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("KVITTO_REQUIRE_CHROMIUM") == "1" {
			t.Fatalf("KVITTO_REQUIRE_CHROMIUM=1, and there is no chromium: %v", err)
		}
		t.Skip("SKIPPED: there is no chromium, so no page was looked at in a browser")
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck, chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("lang", "en-US"), chromedp.WindowSize(1280, 1000)}
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, end := chromedp.NewContext(alloc)
	b := &browser{t: t, ctx: ctx, base: w.site.URL}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	watched := b.watch()
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Logf("chromium: %v", err)
		}
		end()
		endAlloc()
		<-watched
	})
	b.run(chromedp.Navigate(b.base + "/"))
	return b
}

// watch fails the test where a page throws, or does what its policy forbids. Statuses of answers are no fault.
func (b *browser) watch() (done chan struct{}) {
	messages := chromedp.Console(b.ctx)
	done = make(chan struct{})
	go func() {
		defer close(done)
		for m, err := range messages {
			if err != nil {
				return
			}
			if (m.IsException() || m.Type == "error") && m.Source != "network" {
				b.t.Errorf("the page's console: %s", m)
			}
		}
	}()
	return done
}

// run does things one after the other and fails the test with what the page shows where one does not come to pass.
func (b *browser) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for _, a := range actions {
		ctx, end := context.WithTimeout(b.ctx, patience)
		err := chromedp.Do(ctx, a)
		end()
		if err != nil {
			b.t.Fatalf("%v; the page shows:\n%s", err, b.text("main"))
		}
	}
}

// visits opens a path; an answer to a form that is still on its way may break the first attempt off.
func (b *browser) visits(path string) {
	b.t.Helper()
	var err error
	for range 5 {
		ctx, end := context.WithTimeout(b.ctx, patience)
		err = chromedp.Do(ctx, chromedp.Navigate(b.base+path))
		end()
		if err == nil || !strings.Contains(err.Error(), "ERR_ABORTED") {
			break
		}
	}
	if err != nil {
		b.t.Fatalf("%v; the page shows:\n%s", err, b.text("main"))
	}
}

// ask runs a script and returns what it comes to.
func ask[T any](b *browser, script string) T {
	b.t.Helper()
	v, err := try[T](b, script)
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

// try is ask where a page may be on its way.
func try[T any](b *browser, script string) (T, error) {
	ctx, end := context.WithTimeout(b.ctx, patience)
	defer end()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script))
}

// text is what an element shows; "" where there is none.
func (b *browser) text(selector string) string {
	text, err := try[string](b, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
	if err != nil {
		return "" // another page is on its way
	}
	return text
}

// press clicks what XPath names.
func (b *browser) press(xpath string) {
	b.t.Helper()
	b.run(chromedp.Click(xpath, chromedp.NodeVisible, chromedp.NodeEnabled))
}

// button is the XPath of a button by its text.
func button(text string) string {
	return `//main//button[contains(normalize-space(.), "` + text + `") or contains(@aria-label, "` + text + `")]`
}

// sees waits until an element shows a text.
func (b *browser) sees(selector, want string) {
	b.t.Helper()
	b.until(selector, "to show "+want, func(got string) bool { return strings.Contains(plain(got), want) })
}

// seesNot waits until an element does not show a text.
func (b *browser) seesNot(selector, unwanted string) {
	b.t.Helper()
	b.until(selector, "not to show "+unwanted, func(got string) bool { return !strings.Contains(plain(got), unwanted) })
}

func (b *browser) until(selector, what string, ok func(string) bool) {
	b.t.Helper()
	got := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if got = b.text(selector); ok(got) {
			return
		}
	}
	b.t.Fatalf("waited for %s %s; it shows:\n%s\nthe page:\n%s", selector, what, got, b.text("main"))
}

// plain is a text with ordinary spaces, one at a time.
func plain(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u202f", " ")), " ")
}

// reduced is a picture with the 256 colours that it has most of, each other one by the nearest: a page has few, but for the
// edges of its letters.
func reduced(picture image.Image) *image.Paletted {
	bounds := picture.Bounds()
	counts := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA) }
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			counts[at(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	palette := make(color.Palette, 0, 256)
	for _, c := range colours[:min(len(colours), 256)] {
		palette = append(palette, c)
	}
	nearest := map[color.RGBA]uint8{}
	for c := range counts {
		nearest[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	return out
}

// save writes a picture, pressed harder than the browser does.
func save(t *testing.T, dir, name string, raw []byte) {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, reduced(picture)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
