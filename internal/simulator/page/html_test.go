package page_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// audit tells what is wrong with a page: what its policy forbids, what a screen reader or a keyboard would stumble over.
func audit(page string) []string {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return []string{err.Error()}
	}
	a := &auditor{ids: map[string]int{}}
	a.walk(root, false)
	for id, n := range a.ids {
		if n > 1 {
			a.faults = append(a.faults, fmt.Sprintf("id %q stands %d times", id, n))
		}
	}
	for _, ref := range a.refs {
		if a.ids[ref] == 0 {
			a.faults = append(a.faults, fmt.Sprintf("something names the id %q, which is nowhere", ref))
		}
	}
	for _, c := range a.controls {
		if !slices.Contains(a.labelled, c) {
			a.faults = append(a.faults, fmt.Sprintf("the control %q has no label", c))
		}
	}
	if a.mains != 1 || a.h1s != 1 {
		a.faults = append(a.faults, fmt.Sprintf("%d <main>, %d <h1>, want one of each", a.mains, a.h1s))
	}
	slices.Sort(a.faults)
	return a.faults
}

type auditor struct {
	faults             []string
	ids                map[string]int
	refs               []string
	controls, labelled []string
	mains, h1s         int
	level              int // of the last heading
}

func (a *auditor) walk(n *html.Node, inForm bool) {
	if n.Type == html.ElementNode {
		a.element(n, inForm)
		inForm = inForm || n.Data == "form"
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		a.walk(c, inForm)
	}
}

func (a *auditor) fault(format string, args ...any) {
	a.faults = append(a.faults, fmt.Sprintf(format, args...))
}

func (a *auditor) element(n *html.Node, inForm bool) {
	at := attributes(n)
	for name, value := range at {
		switch {
		case strings.HasPrefix(name, "on"), name == "style", strings.HasPrefix(name, "hx-on"):
			a.fault("<%s %s=%q> is inline", n.Data, name, value)
		case slices.Contains([]string{"src", "href", "action", "hx-get", "hx-post"}, name) && !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "#"):
			a.fault("<%s %s=%q> leads elsewhere", n.Data, name, value)
		case slices.Contains([]string{"aria-labelledby", "aria-describedby", "for", "form"}, name):
			a.refs = append(a.refs, strings.Fields(value)...)
		case name == "id":
			a.ids[value]++
		case name == "hx-vals" || name == "hx-vars" || strings.Contains(value, "js:"):
			a.fault("<%s %s=%q> needs eval", n.Data, name, value)
		}
	}
	a.meaning(n, at, inForm)
}

// meaning looks at what an element says to who does not see it.
func (a *auditor) meaning(n *html.Node, at map[string]string, inForm bool) {
	switch n.Data {
	case "style":
		a.fault("<style> is inline")
	case "script":
		if n.FirstChild != nil || at["src"] == "" {
			a.fault("<script> is inline")
		}
	case "main":
		a.mains++
	case "h1", "h2", "h3", "h4":
		level := int(n.Data[1] - '0')
		if level == 1 {
			a.h1s++
		}
		if level > a.level+1 {
			a.fault("<%s> %q follows a heading of level %d", n.Data, words(n), a.level)
		}
		a.level = level
	case "input", "select", "textarea":
		if at["type"] == "hidden" {
			return
		}
		if !inForm && at["form"] == "" {
			a.fault("<%s name=%q> belongs to no form", n.Data, at["name"])
		}
		a.controls = append(a.controls, at["id"])
	case "label":
		a.labelled = append(a.labelled, at["for"])
	case "button", "a":
		if words(n) == "" && at["aria-label"] == "" {
			a.fault("<%s> says nothing", n.Data)
		}
	case "th":
		if at["scope"] == "" {
			a.fault("<th> %q has no scope", words(n))
		}
	case "svg":
		if at["aria-hidden"] != "true" {
			a.fault("<svg> is read out")
		}
	case "html":
		if at["lang"] == "" {
			a.fault("<html> names no language")
		}
	}
}

func attributes(n *html.Node) map[string]string {
	at := map[string]string{}
	for _, a := range n.Attr {
		at[a.Key] = a.Val
	}
	return at
}

// words is the text in an element.
func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return strings.TrimSpace(n.Data)
	}
	var parts []string
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		parts = append(parts, words(c))
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// TestAuditSees: the audit finds what it is there for.
func TestAuditSees(t *testing.T) {
	t.Parallel()
	const head = `<html lang="en"><main><h1>A</h1>`
	for fault, page := range map[string]string{
		"is inline":             head + `<p onclick="x()">`,
		"<p style=":             head + `<p style="color:red">`,
		"<style> is inline":     head + `<style>p{}</style>`,
		"<script> is inline":    head + `<script>x()</script>`,
		"leads elsewhere":       head + `<img src="https://a.example/x.png">`,
		"stands 2 times":        head + `<p id="a"></p><p id="a"></p>`,
		"has no label":          head + `<form><input id="a" name="a"></form>`,
		"belongs to no form":    head + `<label for="a">A</label><input id="a" name="a">`,
		"which is nowhere":      head + `<p aria-labelledby="a">`,
		"says nothing":          head + `<form><button></button></form>`,
		"has no scope":          head + `<table><tr><th>A</th></tr></table>`,
		"follows a heading":     head + `<h3>B</h3>`,
		"is read out":           head + `<svg></svg>`,
		"want one of each":      `<html lang="en"><main></main>`,
		"names no language":     `<main><h1>A</h1>`,
		"needs eval":            head + `<p hx-vals="js:{a: b()}">`,
		"<form hx-on:submit=":   head + `<form hx-on:submit="x()"></form>`,
		"<a href=\"javascript:": head + `<a href="javascript:x()">A</a>`,
	} {
		if got := strings.Join(audit(page), "\n"); !strings.Contains(got, fault) {
			t.Errorf("%s:\ngot %q, want %q", page, got, fault)
		}
	}
	if got := audit(head + `<form><label for="a">A</label><input id="a" name="a"></form>`); len(got) > 0 {
		t.Errorf("a page that is well: %q", got)
	}
}
