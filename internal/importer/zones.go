package importer

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// noFiles is a file system without files.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// flawOf says what is wrong with an area as part of a zone; "" where it is sound.
func flawOf(a area) *diag.Finding {
	if a.country == "" {
		return nil
	}
	scalar := func(text string) *diag.Node { return &diag.Node{Kind: diag.Scalar, Text: text} }
	patterns := &diag.Node{Kind: diag.List, Items: []*diag.Node{scalar(a.pattern())}}
	zone := &diag.Node{Kind: diag.Map, Keys: []*diag.Node{scalar(a.key())}, Values: []*diag.Node{patterns}}
	if a.from == "" {
		zone.Values[0] = scalar("all")
	}
	var r diag.Report
	table.CompileZones(table.ZonesSource{Zones: &diag.Node{Kind: diag.Map, Keys: []*diag.Node{scalar("z")}, Values: []*diag.Node{zone}},
		FS: noFiles{}}, &r)
	if found := r.Findings(); len(found) > 0 {
		return &found[0]
	}
	return nil
}

// zone is a named set of areas.
type zone struct {
	name  string
	areas []area
	less  []string // zones that are left out of it
}

// zoneOf returns the name of the zone of some areas, a new one where there is none yet.
func (b *book) zoneOf(areas []area) string {
	slices.SortFunc(areas, area.compare)
	areas = slices.Compact(areas)
	for _, a := range areas {
		b.seeCountry(a.country)
	}
	var key strings.Builder
	for _, a := range areas {
		key.WriteString(a.String() + ";")
	}
	if name, ok := b.zoneByAreas[key.String()]; ok {
		return name
	}
	if b.zoneByAreas == nil {
		b.zoneByAreas = map[string]string{}
	}
	name := b.freeName(zoneName(areas))
	b.zoneByAreas[key.String()] = name
	b.zones = append(b.zones, zone{name: name, areas: areas})
	return name
}

// seeCountry notes the countries of the source in the order in which they come.
func (b *book) seeCountry(code string) {
	if code != "" && !slices.Contains(b.countries, code) {
		b.countries = append(b.countries, code)
	}
}

// freeName makes a name of a zone that no other has.
func (b *book) freeName(base string) string {
	if b.zoneNames == nil {
		b.zoneNames = map[string]int{"to": 1, "any": 1, "all": 1, "price": 1, "currency": 1}
	}
	for {
		b.zoneNames[base]++
		n := b.zoneNames[base]
		if n == 1 {
			return base
		}
		name := fmt.Sprintf("%s_%d", base, n)
		if b.zoneNames[name] == 0 {
			b.zoneNames[name] = 1
			return name
		}
	}
}

// zoneName is what a zone of some areas is best called.
func zoneName(areas []area) string {
	const most = 3
	var names []string
	codes := false
	for _, a := range areas {
		name := strings.ToLower(strings.ReplaceAll(a.key(), "-", "_"))
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		codes = codes || a.from != ""
	}
	base := fmt.Sprintf("places_%d", len(names))
	if len(names) <= most {
		base = strings.Join(names, "_")
	}
	if codes {
		base += "_codes"
	}
	return base
}
