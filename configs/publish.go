package configs

import (
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Publish is who may publish rulebooks to the running service, and where they are kept. The zero value is nobody.
type Publish struct {
	Dir    string        // of what was published; "": publishing is off
	Poll   time.Duration // how often is looked for what others have published, 100 ms to 1 min
	People []Person
}

// Person may publish.
type Person struct {
	Name  string
	Token Token
}

// Where published rulebooks are kept, from the folder of the configuration, and how often those of others are looked for.
const (
	defaultPublish = "var/rules"
	defaultPoll    = 4 * time.Second
)

var personName = regexp.MustCompile(`^[\pL\pN][\pL\pN ._@-]{0,62}$`)

// publish reads who may publish. It comes after the merchants, whose tokens and folders are looked at.
func (l *loader) publish(n *diag.Node, c *Config) Publish {
	if n == nil || n.Kind != diag.Map {
		return Publish{}
	}
	dir := n.Get("dir")
	name := l.text(dir, defaultPublish)
	if name == "" {
		l.fault(CodePath, dir, "the folder has no name").Help = "write dir: " + defaultPublish + ", a folder for what was published"
		return Publish{}
	}
	p := Publish{Dir: l.host.resolve(name), Poll: l.duration(n.Get("poll"), 100*time.Millisecond, time.Minute, defaultPoll)}
	at := dir
	if at == nil {
		at = n
	}
	for i := range c.Merchants {
		if m := &c.Merchants[i]; m.Rules != "" && (within(p.Dir, m.Rules) || within(m.Rules, p.Dir)) {
			l.fault(CodeDuplicate, at, "published rulebooks and the `rules` of %q would lie in each other", m.ID).Help =
				"give what was published a folder of its own, as in dir: " + defaultPublish
			break
		}
	}
	people := diag.Need(n, "`publish`", "people", l.r)
	if people != nil && len(people.Items) == 0 && (people.Kind == diag.List || people.Null) {
		l.fault(CodeNeeds, people, "`people` names nobody who may publish").Help = "write people: [{name: anna, token: {env: KVITTO_ANNA_TOKEN}}]; " + makeToken
	}
	p.People = l.people(people)
	return p
}

// within reports whether a folder is another, or lies in it.
func within(dir, outer string) bool {
	rel, err := filepath.Rel(outer, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func (l *loader) people(n *diag.Node) []Person {
	if n == nil {
		return nil
	}
	names := map[string]diag.Place{}
	tokens := map[[32]byte]diag.Place{}
	var out []Person
	for _, item := range n.Items {
		if item.Kind != diag.Map {
			continue
		}
		name := diag.Need(item, "a person", "name", l.r)
		token := diag.Need(item, "a person", "token", l.r)
		if given(name) {
			if !personName.MatchString(name.Text) {
				l.fault(CodeName, name, "%q is not a name of a person", name.Text).Help = "it is written into the history: 1 to 63 letters, digits, spaces and . _ @ -"
				continue
			}
			if first, twice := names[name.Text]; twice {
				l.twice(name, first, "the person %q stands twice", name.Text)
			}
			names[name.Text] = name.Place
		}
		if t, ok := l.personToken(token, tokens); ok && given(name) {
			out = append(out, Person{Name: name.Text, Token: t})
		}
	}
	return out
}

// personToken reads a token that belongs to one person and nothing else: it says who published.
func (l *loader) personToken(n *diag.Node, seen map[[32]byte]diag.Place) (Token, bool) {
	if n == nil || n.Null || !l.reference(n, "a token", "env", "file", "sha256") {
		return Token{}, false
	}
	until := l.until(n.Get("until"))
	t, ok := l.token(n)
	if !ok {
		return Token{}, false
	}
	if first, twice := seen[t.Hash]; twice {
		l.twice(n, first, "another person has this token too, so nobody could tell who published")
		return Token{}, false
	}
	if other, taken := l.holders[t.Hash]; taken {
		l.twice(n, other.at, "this token opens something else too").Help = "give each person a token of their own; " + makeToken
		return Token{}, false
	}
	seen[t.Hash] = n.Place
	t.Until = until
	return t, true
}
