package diag

import "io/fs"

// Kind of a node.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota
	List
	Map
)

// Node is a YAML value with its place. Scalars are raw text: NO, 01067 and 49.00 stay what was written.
type Node struct {
	Kind   Kind
	Text   string // of a Scalar: as written, quotes removed
	Quoted bool   // a Scalar in quotes
	Block  bool   // a Scalar written as a | block; see BlockLines
	Items  []*Node
	Keys   []*Node // of a Map, in file order; same length as Values
	Values []*Node
	Place  Place
	Path   string // JSON path from the root of the file
	lines  []BlockLine
}

// BlockLine is a line of a | block with its own place; Col is that of its first character.
type BlockLine struct {
	Text  string
	Place Place
}

// BlockLines returns the lines of a Block scalar.
func (n *Node) BlockLines() []BlockLine { return n.lines }

// Get returns the value of a key of a Map, nil where it is not there or n is nil.
func (n *Node) Get(key string) *Node { return nil }

// Limits of files.
const (
	MaxYAML = 16 << 20  // bytes of a YAML file
	MaxCSV  = 128 << 20 // bytes of a CSV side file
)

// ReadFile reads a regular file of at most max bytes; it refuses devices, FIFOs, links out of fsys, and what is not
// UTF-8 (a BOM is dropped). ok is false where a finding was added (E001…E009). at is where the name was written.
func ReadFile(fsys fs.FS, name string, max int64, at Place, r *Report) (data []byte, ok bool) {
	return nil, false
}

// Parse parses one YAML document strictly: duplicate keys, tabs, aliases, anchors, tags other than none, a second document are findings.
// It returns nil where nothing usable was found.
func Parse(name string, data []byte, r *Report) *Node { return nil }

// Fields checks that n is a Map whose keys are all among known (keys that begin with x- pass) and tells unknown ones with a
// suggestion and the list of what is allowed. what names the thing, e.g. "an option".
func Fields(n *Node, what string, known []string, r *Report) bool { return false }

// Errorf adds an error and returns it, so that Help and Label can be set.
func (r *Report) Errorf(code string, at Place, format string, args ...any) *Finding { return nil }

// Warnf adds a warning.
func (r *Report) Warnf(code string, at Place, format string, args ...any) *Finding { return nil }

// Findings returns what was found, sorted by file, line, column, code; equal ones once.
func (r *Report) Findings() []Finding { return nil }

// Failed reports whether there is an error among them.
func (r *Report) Failed() bool { return false }

// Suggest returns the name in names that is nearest to got within two edits, or "".
func Suggest(got string, names []string) string { return "" }
