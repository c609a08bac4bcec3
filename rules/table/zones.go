package table

import (
	"io/fs"

	"github.com/kvitto/kvitto/rules/diag"
)

// ZoneID is the number of a zone in its file, in order of declaration.
type ZoneID int32

// Zones are all zones of a rulebook file, compiled to disjoint segments.
type Zones struct {
	names []string
}

// ZonesSource is what zones are built from.
type ZonesSource struct {
	Zones     *diag.Node                 // the map under zones, may be nil
	ZoneFiles *diag.Node                 // the list under zone_files, may be nil
	FS        fs.FS                      // for the side files
	Countries func(name string) []string // members of EU at the horizon; nil: EU is unknown
}

// CompileZones builds them; faults are E203, E212…E216, E301…E309.
func CompileZones(src ZonesSource, r *diag.Report) *Zones { return nil }

// ID returns the zone with a name.
func (z *Zones) ID(name string) (ZoneID, bool) { return 0, false }

// Name returns the name of a zone.
func (z *Zones) Name(id ZoneID) string { return z.names[id] }

// Names returns all names in order of declaration.
func (z *Zones) Names() []string { return z.names }

// Where is the answer of a look-up: sets of zones, as interned numbers.
type Where struct {
	Certain  SetID // zones that the address is in whatever the postcode turns out to be
	Possible SetID // zones that it may be in; equal to Certain where the postcode is known
	Known    bool  // the postcode was given and is possible in the country
	Country  bool  // the country (or region) occurs in some zone
	Odd      bool  // a postcode was given that cannot exist in that country
}

// SetID is an interned set of zones; equal sets have equal ids.
type SetID int32

// Locate looks an address up: one binary search, no allocation. country and region are upper case; region without the country mark.
func (z *Zones) Locate(country, region, postcode string) Where { return Where{} }

// Has reports whether a set holds a zone.
func (z *Zones) Has(set SetID, zone ZoneID) bool { return false }

// Sets returns how many sets there are; SetIDs run from 0.
func (z *Zones) Sets() int { return 0 }

// UsesPostcodes reports whether any pattern of a country needs a postcode.
func (z *Zones) UsesPostcodes(country string) bool { return false }
