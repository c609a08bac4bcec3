package callbacks_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kvitto/kvitto/callbacks"
	"github.com/kvitto/kvitto/rules"
)

var update = flag.Bool("update", false, "write the answers and log lines of the stories")

// TestStories tells each story of testdata/stories: a request, what it meets, the answer byte for byte, the log line.
// Where a story brings shipping.yaml and tax.yaml these decide, else the shop of two options at 25 %.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			tell(t, file)
		})
	}
}

func tell(t *testing.T, file string) {
	story := readStory(t, file)
	s := newServer(t, withEngine(storyEngine(t, story), func(m *callbacks.Merchant) {
		m.ApproveOnDeadline = strings.Contains(part(story, "setup"), "default: approve")
		if d := storyDesk(part(story, "setup")); d != nil {
			taking(d)(m)
		}
	}))
	play(t, s, file, story)
}

func readStory(t *testing.T, file string) *txtar.Archive {
	t.Helper()
	story, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return story
}

// play sends the request of a story and compares answer and log line; it returns the path and what came back.
func play(t *testing.T, s *shop, file string, story *txtar.Archive) (path string, w *httptest.ResponseRecorder) {
	t.Helper()
	head, body, _ := strings.Cut(part(story, "request"), "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	path = strings.TrimPrefix(lines[0], "POST ")
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	for _, h := range lines[1:] {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w = httptest.NewRecorder()
	s.server.Handler().ServeHTTP(w, r)
	got := map[string]string{"answer": answerText(w), "log": s.log.String()}
	for _, name := range []string{"answer", "log"} {
		if *update {
			setPart(story, name, got[name])
		} else if diff := cmp.Diff(part(story, name), got[name]); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(story), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return path, w
}

// answerText is the answer as it travels, without the date; headers are sorted.
func answerText(w *httptest.ResponseRecorder) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s\n", w.Code, http.StatusText(w.Code))
	for _, name := range slices.Sorted(maps.Keys(w.Header())) {
		fmt.Fprintf(&b, "%s: %s\n", name, w.Header().Get(name))
	}
	b.WriteString("\n" + w.Body.String())
	return strings.TrimSuffix(b.String(), "\n") + "\n"
}

func part(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func setPart(a *txtar.Archive, name, text string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(text)
			return
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
}

// storyDesk is where the orders of a story stand; nil where nobody takes them.
func storyDesk(setup string) *desk {
	_, state, ok := strings.Cut(setup, "desk: ")
	state, _, _ = strings.Cut(state, "\n")
	switch {
	case !ok:
		return nil
	case state == "down":
		return &desk{err: fmt.Errorf("%w: dial tcp 192.0.2.1:6379: connection refused", callbacks.ErrStoreDown)}
	default:
		return &desk{standing: callbacks.Standing{State: callbacks.State(state), Reference1: "1001"}}
	}
}

// storyEngine is what the story meets.
func storyEngine(t *testing.T, story *txtar.Archive) *rules.Engine {
	t.Helper()
	if part(story, "shipping.yaml") != "" {
		fsys := fstest.MapFS{}
		for _, f := range story.Files {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
		return loaded(t, fsys)
	}
	impl := &tables{}
	var change []func(*rules.Options)
	for _, line := range strings.Split(strings.TrimSpace(part(story, "setup")), "\n") {
		switch line {
		case "", "default: approve", "desk: PENDING", "desk: ACKED", "desk: HANDED", "desk: PARKED", "desk: down":
		case "kept: PARCEL-*":
			change = append(change, func(o *rules.Options) { o.Policy.Kept = []string{"PARCEL-*"} })
		case "engine: fails":
			impl.tax = func(context.Context, *rules.Query) error { return errors.New("tax.yaml: no rate for 2026-11-22") }
		case "engine: late":
			impl.tax = func(context.Context, *rules.Query) error { return context.DeadlineExceeded }
		case "engine: one option without a name":
			impl.offers = func(context.Context, *rules.Query) (rules.Offers, error) {
				return rules.Offers{Options: []rules.Offer{{ID: "shop", Price: 4900}}}, nil
			}
		default:
			t.Fatalf("setup: %q is unknown", line)
		}
	}
	return newEngine(t, impl, change...)
}
