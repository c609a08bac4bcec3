package table

import (
	"time"

	"github.com/kvitto/kvitto/rules/diag"
)

// Scope is what the values of a file refer to. Its methods parse values and tell faults (E101 to E119) at the very word,
// with ok false; each accepts what rule-format 5.2 shows, the space before a unit left out or not. Numbers are exact: what
// cannot be held is refused, not rounded, but for weights and lengths finer than a microgram or a micrometre.
// A Scope belongs to one goroutine; what it makes is read-only.
type Scope struct {
	Currency  Currency
	Location  *time.Location
	Languages []string
	Report    *diag.Report
	Zones     *Zones   // for to, not_to, table heads
	Classes   *Classes // for class, only_class, no_class
	Extra     Words    // words that only some files may use, see FeeWords
	Uses      *Uses    // remembers what was named, may be nil
}
