package table

import "strings"

// Levels of a British code.
const (
	gbArea     = iota + 1 // SE
	gbDistrict            // SE1
	gbSector              // SE1 4
	gbUnit                // SE1 4AB
)

// Keys within a district (with its letter, if any), and within a sector.
const (
	gbSectorKeys   = 26 * 26
	gbDistrictKeys = 10 * gbSectorKeys
	gbNumberKeys   = 27 * gbDistrictKeys // W1 with W1A to W1Z
	gbAreaKeys     = 100 * gbNumberKeys
	gbTop          = 26*27*gbAreaKeys - 1
)

// gbCode is a British code or the beginning of one, down to level. Letters count from 1, so that 0 is none.
type gbCode struct {
	level         int
	first, second uint64 // area
	number        uint64 // district
	digits        int    // how many it was written with
	letter        uint64 // of the district, W1A
	sector        uint64
	unit          [2]uint64
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' }

// parseGB reads a code without separators; cut is where the first one stood, 0 or less for none. Without a separator
// what could be a district is one: SE14 is not SE1 4.
func parseGB(code []byte, cut int) (g gbCode, ok bool) {
	out, in := code, []byte(nil)
	switch n := len(code); {
	case n >= 5 && isDigit(code[n-3]) && isLetter(code[n-2]) && isLetter(code[n-1]):
		out, in = code[:n-3], code[n-3:]
	case cut > 0 && cut == n-1 && isDigit(code[n-1]):
		out, in = code[:n-1], code[n-1:]
	}
	if !g.outward(out) || (len(in) > 0 && g.level < gbDistrict) {
		return g, false
	}
	if len(in) > 0 {
		g.level, g.sector = gbSector, uint64(in[0]-'0')
	}
	if len(in) == 3 {
		g.level, g.unit = gbUnit, [2]uint64{uint64(in[1] - 'A'), uint64(in[2] - 'A')}
	}
	return g, true
}

// outward reads an area or a district.
func (g *gbCode) outward(b []byte) bool {
	i := 0
	for i < len(b) && i < 2 && isLetter(b[i]) {
		i++
	}
	if i == 0 {
		return false
	}
	g.level, g.first = gbArea, uint64(b[0]-'A')
	if i == 2 {
		g.second = uint64(b[1]-'A') + 1
	}
	for i < len(b) && g.digits < 2 && isDigit(b[i]) {
		g.number = g.number*10 + uint64(b[i]-'0')
		g.digits++
		i++
	}
	if g.digits > 0 {
		g.level = gbDistrict
	}
	if g.digits == 2 && g.number < 10 {
		return false
	}
	if i == len(b)-1 && g.digits > 0 && isLetter(b[i]) {
		g.letter = uint64(b[i]-'A') + 1
		i++
	}
	return i == len(b)
}

// span returns the keys of everything in g. With wide, a district without a letter holds those with one.
func (g *gbCode) span(wide bool) span {
	lo := (g.first*27 + g.second) * gbAreaKeys
	switch {
	case g.level == gbArea:
		return span{lo, lo + gbAreaKeys - 1}
	case g.level == gbDistrict && wide && g.letter == 0:
		lo += g.number * gbNumberKeys
		return span{lo, lo + gbNumberKeys - 1}
	}
	lo += g.number*gbNumberKeys + g.letter*gbDistrictKeys
	switch g.level {
	case gbDistrict:
		return span{lo, lo + gbDistrictKeys - 1}
	case gbSector:
		lo += g.sector * gbSectorKeys
		return span{lo, lo + gbSectorKeys - 1}
	default:
		lo += g.sector*gbSectorKeys + g.unit[0]*26 + g.unit[1]
		return span{lo, lo}
	}
}

// gbOf takes a key apart.
func gbOf(key uint64) gbCode {
	area := key / gbAreaKeys
	return gbCode{
		level: gbUnit, first: area / 27, second: area % 27,
		number: key / gbNumberKeys % 100, letter: key / gbDistrictKeys % 27,
		sector: key / gbSectorKeys % 10, unit: [2]uint64{key / 26 % 26, key % 26},
	}
}

// String writes a full code with its space.
func (g gbCode) String() string {
	b := make([]byte, 0, 8)
	b = append(b, 'A'+byte(g.first))
	if g.second > 0 {
		b = append(b, 'A'+byte(g.second-1))
	}
	if g.number >= 10 {
		b = append(b, '0'+byte(g.number/10))
	}
	b = append(b, '0'+byte(g.number%10))
	if g.letter > 0 {
		b = append(b, 'A'+byte(g.letter-1))
	}
	return string(append(b, ' ', '0'+byte(g.sector), 'A'+byte(g.unit[0]), 'A'+byte(g.unit[1])))
}

// area is the letters of g's area.
func (g *gbCode) area() string {
	b := []byte{'A' + byte(g.first)}
	if g.second > 0 {
		b = append(b, 'A'+byte(g.second-1))
	}
	return string(b)
}

// gbStarts returns the keys of all codes that begin with text, a pattern without its *. SE1* holds SE1 and SE10 to
// SE19, and so gives two intervals.
func gbStarts(code []byte, cut int) ([]span, bool) {
	if cut > 0 && cut < len(code) {
		return gbInwardStarts(code[:cut], code[cut:])
	}
	g := gbCode{}
	if !g.outward(code) {
		return nil, false
	}
	all := g.span(true)
	if g.level == gbArea && g.second == 0 {
		all.hi = all.lo + 27*gbAreaKeys - 1
	}
	spans := []span{all}
	if g.level == gbDistrict && g.digits == 1 && g.letter == 0 && g.number > 0 {
		area := (g.first*27 + g.second) * gbAreaKeys
		ten := area + g.number*10*gbNumberKeys
		spans = append(spans, span{ten, ten + 10*gbNumberKeys - 1})
	}
	return spans, true
}

// gbInwardStarts is gbStarts for a pattern that goes on after its space.
func gbInwardStarts(out, in []byte) ([]span, bool) {
	g := gbCode{}
	if !g.outward(out) || g.level != gbDistrict || len(in) > 2 || !isDigit(in[0]) {
		return nil, false
	}
	g.level, g.sector = gbSector, uint64(in[0]-'0')
	sp := g.span(false)
	if len(in) == 2 {
		if !isLetter(in[1]) {
			return nil, false
		}
		sp.lo += uint64(in[1]-'A') * 26
		sp.hi = sp.lo + 25
	}
	return []span{sp}, true
}

// gbAreas are the areas in use, with those of the islands, Gibraltar and the forces.
const gbAreas = " AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX " +
	"FK FY G GL GU GX GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP " +
	"NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC " +
	"WD WF WN WR WS WV XX YO ZE "

// inUse reports whether there is such an area.
func (g *gbCode) inUse() bool { return strings.Contains(gbAreas, " "+g.area()+" ") }
