package diag

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"sort"
)

// MaxFindings is how many findings a Report keeps; further ones are counted.
const MaxFindings = 1000

// Report collects findings. The zero value is ready. Not for concurrent use.
type Report struct {
	findings []*Finding
	sources  map[string][]byte // for source lines under a finding
	roots    map[string]*Node  // for the JSON path of a finding
	silent   []string          // codes that are counted as errors and not kept
	failed   bool
	dropped  int
	allowed  int // warnings taken away by Allow
}

// Errorf adds an error and returns it, so that Help and Label can be set.
func (r *Report) Errorf(code string, at Place, format string, args ...any) *Finding {
	return r.add(Error, code, at, format, args)
}

// Warnf adds a warning.
func (r *Report) Warnf(code string, at Place, format string, args ...any) *Finding {
	return r.add(Warning, code, at, format, args)
}

func (r *Report) add(s Severity, code string, at Place, format string, args []any) *Finding {
	f := &Finding{Place: at, Code: code, Severity: s, Message: fmt.Sprintf(format, args...)}
	if s == Error {
		r.failed = true
	}
	r.keep(f)
	return f
}

func (r *Report) keep(f *Finding) {
	switch {
	case slices.Contains(r.silent, f.Code):
	case len(r.findings) < MaxFindings:
		r.findings = append(r.findings, f)
	default:
		r.dropped++
	}
}

// Silence keeps findings of these codes out from now on; they still count as failures. It is called where a file that may
// declare names could not be read, so that the one cause is not buried under every use of these names.
func (r *Report) Silence(codes ...string) { r.silent = append(r.silent, codes...) }

// Failed reports whether there is an error among them.
func (r *Report) Failed() bool { return r.failed }

// Dropped returns how many findings were told beyond MaxFindings and not kept.
func (r *Report) Dropped() int { return r.dropped }

// Allow takes away the warnings for which ok reports true; errors stay.
func (r *Report) Allow(ok func(*Finding) bool) {
	before := len(r.findings)
	r.findings = slices.DeleteFunc(r.findings, func(f *Finding) bool { return f.Severity == Warning && ok(f) })
	r.allowed += before - len(r.findings)
}

// Allowed returns how many warnings Allow took away.
func (r *Report) Allowed() int { return r.allowed }

// AddSource keeps the text of a file, for the source lines that Render shows. ReadFile and Parse do it themselves.
// data must not be changed afterwards.
func (r *Report) AddSource(name string, data []byte) {
	if r.sources == nil {
		r.sources = map[string][]byte{}
	}
	r.sources[name] = data
}

// Add takes over what another report holds: its findings, and the texts that Render shows under them. Findings without
// a place get at, those without a code get code. The other report is not to be used afterwards.
func (r *Report) Add(other *Report, at Place, code string) {
	for name, data := range other.sources {
		r.AddSource(name, data)
	}
	for name, root := range other.roots {
		r.addRoot(name, root)
	}
	for _, f := range other.findings {
		if f.Place == (Place{}) {
			f.Place = at
		}
		if f.Code == "" {
			f.Code = code
		}
		r.keep(f)
	}
	r.dropped += other.dropped
	r.allowed += other.allowed
	r.failed = r.failed || other.failed
}

func (r *Report) addRoot(name string, n *Node) {
	if r.roots == nil {
		r.roots = map[string]*Node{}
	}
	r.roots[name] = n
}

// Findings returns what was found, sorted by file, line, column, code; equal ones once.
func (r *Report) Findings() []Finding {
	paths := map[string][]*Node{}
	out := make([]Finding, len(r.findings))
	for i, f := range r.findings {
		out[i] = *f
		if f.Path == "" {
			out[i].Path = r.pathAt(f.Place, paths)
		}
	}
	out = withoutFollowers(out)
	slices.SortStableFunc(out, compareFindings)
	return slices.CompactFunc(out, func(a, b Finding) bool { return reflect.DeepEqual(a, b) })
}

// withoutFollowers leaves out what was told about a part of a number that a comma has cut: who writes 2,5 kg as 2.5 kg is
// rid of a 2 without a unit too.
func withoutFollowers(all []Finding) []Finding {
	var cut []Finding
	for _, f := range all {
		if f.Code == CodeDecimalComma || f.Code == codeGrouped {
			cut = append(cut, f)
		}
	}
	return slices.DeleteFunc(all, func(f Finding) bool {
		return aboutHalves(f.Code) && slices.ContainsFunc(cut, func(c Finding) bool {
			return c.File == f.File && c.Line == f.Line && c.Col <= f.Col && f.EndCol < c.EndCol
		})
	})
}

// aboutHalves reports whether a code can be told of half a number: no unit, nothing, an amount that stands twice.
func aboutHalves(code string) bool { return code == "E101" || code == "E104" || code == "E116" }

func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Col, b.Col),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Message, b.Message),
	)
}

// pathAt returns the path of the last node that begins at or before a place of a parsed file; flat caches the nodes of
// each file in the order in which they stand there.
func (r *Report) pathAt(at Place, flat map[string][]*Node) string {
	root := r.roots[at.File]
	if root == nil {
		return ""
	}
	nodes, ok := flat[at.File]
	if !ok {
		nodes = slices.DeleteFunc(flatten(root, nil), func(n *Node) bool { return n.Place.File != at.File })
		flat[at.File] = nodes
	}
	i := sort.Search(len(nodes), func(i int) bool {
		p := nodes[i].Place
		return p.Line > at.Line || p.Line == at.Line && p.Col > at.Col
	})
	if i == 0 {
		return root.Path
	}
	return nodes[i-1].Path
}

func flatten(n *Node, out []*Node) []*Node {
	out = append(out, n)
	for _, item := range n.Items {
		out = flatten(item, out)
	}
	for i, key := range n.Keys {
		out = flatten(n.Values[i], append(out, key))
	}
	return out
}
