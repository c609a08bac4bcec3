package table

import (
	"io/fs"

	"github.com/kvitto/kvitto/rules/diag"
)

// Codes of findings about postcodes and zones.
const (
	codeZoneUnknown    = "E203"
	codeZoneTooMany    = "E210"
	codeZoneEmpty      = "E211"
	codeZoneIncomplete = "E212"
	codeZoneRange      = "E213"
	codeZonePostcode   = "E214"
	codeZoneItself     = "E215"
	codeZoneCountry    = "E216"
)

// ZoneCodes lists the faults of postcodes and zones, by code; those of a zone file's rows are among Codes (E301 …).
func ZoneCodes() []Code {
	return []Code{
		{codeZoneUnknown, "the zone is not declared"},
		{codeZoneTooMany, "too many zones, or too many ways in which they overlap"},
		{codeZoneEmpty, "a zone names no place"},
		{codeZoneIncomplete, "a postcode is not complete"},
		{codeZoneRange, "the ends of a range are reversed, of different shape, or parted by something other than to"},
		{codeZonePostcode, "a postcode that cannot be in that country"},
		{codeZoneItself, "a zone is built from itself"},
		{codeZoneCountry, "the country or region is not known"},
	}
}

// MaxZones is the most zones of a file.
const MaxZones = 4096

// ZoneID is the number of a zone in its file, in order of declaration: YAML first, then the zone files.
type ZoneID int32

// Zones are all zones of a rulebook file, compiled to disjoint segments. It is read-only and safe for concurrent use;
// a nil *Zones has no zones.
type Zones struct {
	names     []string
	places    []diag.Place
	byName    map[string]ZoneID
	countries []*countryIndex // by code
	byCountry [26 * 26]uint16 // index into countries, plus one
	excepted  map[ZoneID]bool // zones that another one leaves out
	written   int             // how many zones stand under zones; those behind them are of zone files only
	sets      setTable
}

// ZonesSource is what zones are built from.
type ZonesSource struct {
	Zones     *diag.Node                 // the map under zones, may be nil
	ZoneFiles *diag.Node                 // the list under zone_files, may be nil
	FS        fs.FS                      // for the side files
	Countries func(name string) []string // members of EU at the horizon; nil: EU is unknown
}

// CompileZones builds them; faults are E203, E210 to E216, E301, E302, E305, E306, E308. It never returns nil: what is sound
// is compiled, so that further faults can be found.
func CompileZones(src ZonesSource, r *diag.Report) *Zones {
	b := newZoneBuilder(src, r)
	b.readMap(src.Zones)
	b.readFiles(src.ZoneFiles)
	b.checkEmpty()
	return b.build()
}

// ID returns the zone with a name.
func (z *Zones) ID(name string) (ZoneID, bool) {
	if z == nil {
		return 0, false
	}
	id, ok := z.byName[name]
	return id, ok
}

// Name returns the name of a zone.
func (z *Zones) Name(id ZoneID) string { return z.names[id] }

// Names returns all names in order of declaration.
func (z *Zones) Names() []string {
	if z == nil {
		return nil
	}
	return z.names
}

// Place is where a zone was first named: its key under zones, or a row of a zone file.
func (z *Zones) Place(id ZoneID) diag.Place { return z.places[id] }

// Where is the answer of a look-up: sets of zones, as interned numbers.
type Where struct {
	Certain  SetID // zones that the address is in whatever the postcode and region turn out to be
	Possible SetID // zones that it may be in; equal to Certain where both are known
	Known    bool  // the postcode was given and is possible in the country
	Country  bool  // the country (or region) occurs in some zone
	Odd      bool  // a postcode was given that cannot exist in that country; Certain and Possible are as if it were unknown
}

// SetID is an interned set of zones; equal sets have equal ids. 0 is the empty set.
type SetID int32

// Has reports whether a set holds a zone.
func (z *Zones) Has(set SetID, zone ZoneID) bool {
	return z != nil && z.sets.has(set, zone)
}

// Sets returns how many sets there are; SetIDs run from 0.
func (z *Zones) Sets() int {
	if z == nil {
		return 1
	}
	return z.sets.n
}

// UsesPostcodes reports whether any pattern of a country needs a postcode.
func (z *Zones) UsesPostcodes(country string) bool {
	c := z.country(country)
	return c != nil && len(c.starts) > 1
}
