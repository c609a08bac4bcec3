package diag

// Kind of a node.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota
	List
	Map
)

// String returns the plain word for a kind: "a text", "a list", "a map".
func (k Kind) String() string {
	switch k {
	case List:
		return "a list"
	case Map:
		return "a map"
	default:
		return "a text"
	}
}

// Node is a YAML value with its place. Scalars are raw text: NO, 01067 and 49.00 stay what was written.
type Node struct {
	Kind   Kind
	Text   string // of a Scalar: as written, quotes removed
	Quoted bool   // a Scalar in quotes
	Block  bool   // a Scalar written as a | block; see BlockLines
	Null   bool   // a Scalar that is not there (`key:`), or a bare `null` or `~`; Text is ""
	Flow   bool   // a List in [ ] or a Map in { }
	Items  []*Node
	Keys   []*Node // of a Map, in file order; same length as Values
	Values []*Node
	Place  Place  // of a List or Map without brackets: its first entry
	Path   string // JSON path from the root of the file
	lines  []BlockLine
}

// BlockLine is a line of a | block with its own place; Col is that of its first character.
type BlockLine struct {
	Text  string
	Place Place
}

// BlockLines returns the lines of a Block scalar, without the block's indentation and without the empty last line.
func (n *Node) BlockLines() []BlockLine {
	if n == nil {
		return nil
	}
	return n.lines
}

// Get returns the value of a key of a Map, nil where it is not there or n is nil.
func (n *Node) Get(key string) *Node {
	_, v := n.Entry(key)
	return v
}

// Entry returns a key of a Map and its value, nil where it is not there or n is nil.
func (n *Node) Entry(key string) (k, v *Node) {
	if n == nil {
		return nil, nil
	}
	for i, k := range n.Keys {
		if k.Text == key {
			return k, n.Values[i]
		}
	}
	return nil, nil
}
