package configs_test

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// FuzzLoad: every fault has a place, in the file or in a variable; nothing is loaded exactly where there is an error; what
// is loaded has usable values.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var env []byte
		for _, part := range a.Files {
			if part.Name == "env" {
				env = part.Data
			}
			if part.Name == "kvitto.yaml" {
				f.Add(part.Data, string(env))
			}
		}
	}
	f.Add([]byte(everything), "TOKEN="+goodToken+"\nREDIS=x\nKVITTO_MERCHANTS_0_TEXTS_A_B=c")
	id := regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	f.Fuzz(func(t *testing.T, data []byte, env string) {
		var r diag.Report
		c := configs.LoadFS(tree(string(data), everythingFiles()), "kvitto.yaml", strings.Split(env, "\n"), &r)
		if (c == nil) != r.Failed() {
			t.Errorf("loaded %v, failed %v", c != nil, r.Failed())
		}
		for _, f := range r.Findings() {
			if f.File != "kvitto.yaml" && !strings.HasPrefix(f.File, "$KVITTO_") || f.Line < 1 || f.Col < 1 || f.Code == "" || f.Message == "" {
				t.Errorf("%+v", f)
			}
		}
		if err := r.Render(&bytes.Buffer{}, false); err != nil {
			t.Error(err)
		}
		if c == nil {
			return
		}
		seen := map[string]bool{}
		for i := range c.Merchants {
			m := &c.Merchants[i]
			if !id.MatchString(m.ID) || seen[m.ID] || m.Rules == "" || len(m.Tokens) == 0 || m.UpdateDeadline <= 0 ||
				m.ValidationTimeout <= 0 || len(m.OrderIDParameters) == 0 {
				t.Errorf("%+v", m)
			}
			seen[m.ID] = true
			if why := unusable(c, m); why != "" {
				t.Errorf("%s: %+v", why, m)
			}
		}
		if len(c.Merchants) == 0 || c.Limits.Body <= 0 || c.Limits.InFlight < c.Limits.Body || c.Texts["fault"]["en"] == "" {
			t.Errorf("%+v", c)
		}
	})
}

// unusable says what of a merchant could not be taken over as it is written; "" for nothing.
func unusable(c *configs.Config, m *configs.Merchant) string {
	places := 0
	for _, set := range []bool{m.Sink.SpoolDir != "", m.Sink.Webhook != nil, m.Sink.Stream, m.Sink.Plugin != ""} {
		if set {
			places++
		}
	}
	p := m.Provider
	switch {
	case places > 1:
		return "more than one sink"
	case m.Mode == "full" && p == nil:
		return "full without a provider"
	case m.Mode == "full" && places == 0:
		return "full without a sink"
	case m.Mode == "full" && c.Store.Redis != nil && len(c.Confirm.Seal) == 0:
		return "bodies in clear in Redis"
	case p != nil && (p.PerSecond < 1 || p.PerSecond > 200 || p.BaseURL == ""):
		return "provider"
	case m.Webhook != nil && (len(m.Webhook.Secrets) < 1 || len(m.Webhook.Secrets) > 2):
		return "secrets of the signed webhook"
	case m.Sink.Webhook != nil && (len(m.Sink.Webhook.Secrets) < 1 || len(m.Sink.Webhook.Secrets) > 2 || m.Sink.Webhook.URL == ""):
		return "a sink that cannot be called"
	case m.Sink.Thin && m.Sink.PersonalIDs:
		return "a thin payload with persons"
	case m.ExpectPush != 0 && (m.ExpectPush < 5*time.Minute || m.ExpectPush > 6*time.Hour):
		return "expect_push"
	case c.Audit.Required && c.Audit.File == "":
		return "an audit that is required and off"
	}
	return ""
}
