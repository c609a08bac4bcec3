package digest

import (
	"cmp"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// State is what a digest says about an order.
type State uint8

const (
	// Absent says that there is no digest, one of another version, or no key to check one with.
	Absent State = iota
	// Same says that the cart is the one that was quoted.
	Same
	// Changed says that it is not.
	Changed
	// Forged says that the digest was not signed with a key of this merchant.
	Forged
)

// Keys check digests: any of them may have signed, so that a secret or a token can be changed while orders are open.
type Keys []Key

// maxTold bounds the changes that are told.
const maxTold = 4

// Check compares an order with the digest in its merchant_data. The text says what changed, in words and numbers without
// any text of the order; it is empty where nothing did. kept is what Seal was given.
func (ks Keys) Check(merchantData, currency string, lines []order.Line, kept ...string) (State, string) {
	value, found := find(merchantData)
	if !found || len(ks) == 0 {
		return Absent, ""
	}
	v, rest, _ := strings.Cut(value, ".")
	mac, content, ok := strings.Cut(rest, ".")
	switch {
	case value != "" && v != version:
		return Absent, ""
	case !ok || !ks.signed(mac, content):
		return Forged, "the digest is not signed with a key of this merchant"
	}
	was, listed, _ := strings.Cut(content, ":")
	if now := order.Upper(currency); was != now {
		return Changed, "the currency was " + was + ", another one now"
	}
	now := recordsOf(lines, kept)
	if sums, ok := strings.CutPrefix(listed, "#"); ok {
		gross, net, _ := strings.Cut(sums, "/")
		if gross == sum(now, false) || net == sum(now, true) {
			return Same, ""
		}
		return Changed, fmt.Sprintf("the cart of now %d lines is not the one that was quoted", len(now))
	}
	sealed, ok := readList(listed)
	if !ok {
		return Forged, "the digest cannot be read"
	}
	if told := compare(sealed, now); len(told) > 0 {
		return Changed, tell(told)
	}
	return Same, ""
}

func (ks Keys) signed(mac, content string) bool {
	good := 0
	for _, k := range ks {
		good |= subtle.ConstantTimeCompare([]byte(mac), []byte(k.mac(content)))
	}
	return good == 1
}

// tell joins changes, the first few of them.
func tell(told []string) string {
	if len(told) <= maxTold {
		return strings.Join(told, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(told[:maxTold], "; "), len(told)-maxTold)
}

// compare tells what changed. Answers of ours move all lines of an order in one way, so each way is tried on all of them;
// where none fits, the one that leaves the least to tell is told.
func compare(sealed, now []record) []string {
	var least []string
	for i, way := range [...]way{withTax, withoutTax, anyWay} {
		told := way.compare(slices.Clone(sealed), slices.Clone(now))
		if len(told) == 0 {
			return nil
		}
		if i == 0 || len(told) < len(least) {
			least = told
		}
	}
	return least
}

// compare pairs lines: first those that are the same, whatever their place, then those of the same product, in order. What
// is left was added or taken away. Both slices are its own.
func (w way) compare(sealed, now []record) []string {
	left := w.pair(sealed, now)
	var told []string
	for i := range now {
		is := &now[i]
		if is.line == 0 {
			continue
		}
		was := take(left, is.id)
		if was == nil {
			told = append(told, fmt.Sprintf("line %d was added", is.line))
			continue
		}
		for _, change := range w.changes(was, is) {
			told = append(told, fmt.Sprintf("line %d: %s", is.line, change))
		}
	}
	var gone []string
	for _, rest := range left {
		for _, was := range rest {
			gone = append(gone, was.gone())
		}
	}
	slices.Sort(gone) // they have no place in the order
	return append(told, gone...)
}

// pair marks each line of now that is one of sealed with place 0, and returns the sealed ones that are left, by product. Of
// several cards with one reference the one that may pay least takes the one that pays most of what it may.
func (w way) pair(sealed, now []record) map[string][]*record {
	slices.SortStableFunc(sealed, func(a, b record) int { return cmp.Compare(a.most(), b.most()) })
	at := make(map[string][]int, len(now))
	for i := range now {
		at[now[i].id] = append(at[now[i].id], i)
	}
	for _, same := range at {
		slices.SortStableFunc(same, func(a, b int) int { return cmp.Compare(now[b].pays, now[a].pays) })
	}
	left := map[string][]*record{}
	for i := range sealed {
		was := &sealed[i]
		found := false
		for _, j := range at[was.id] {
			if is := &now[j]; is.line > 0 && len(w.changes(was, is)) == 0 {
				is.line, found = 0, true
				break
			}
		}
		if !found {
			left[was.id] = append(left[was.id], was)
		}
	}
	return left
}

// most is what a card may pay; 0 of another line, so that these stay in order.
func (r *record) most() order.Amount {
	if r.card {
		return r.unit
	}
	return 0
}

func take(left map[string][]*record, id string) *record {
	rest := left[id]
	if len(rest) == 0 {
		return nil
	}
	left[id] = rest[1:]
	return rest[0]
}

func (r *record) gone() string {
	if r.card {
		return "a gift card or credit line is gone"
	}
	return fmt.Sprintf("a line of %d at %d is gone", r.quantity, r.unit)
}

// changes are what differs between a line as sealed and as it is; nothing where an answer of ours could have made it so.
func (w way) changes(was, is *record) []string {
	var out []string
	if was.quantity != is.quantity {
		out = append(out, fmt.Sprintf("the quantity was %d, is %d", was.quantity, is.quantity))
	}
	switch {
	case was.card != is.card:
		return append(out, "it was a payment and is none, or the other way round")
	case was.card:
		if is.pays > was.unit {
			out = append(out, fmt.Sprintf("it pays %d, %d at most were quoted", is.pays, was.unit))
		}
		return out
	case is.kept:
		w = withTax
		if was.rate != is.rate {
			out = append(out, fmt.Sprintf("the rate was %d, is %d", was.rate, is.rate))
		}
	}
	if !w.moved(was.unit, was.rate, is.unit, is.rate) {
		out = append(out, fmt.Sprintf("the price was %d at %d, is %d at %d", was.unit, was.rate, is.unit, is.rate))
	}
	if !w.moved(was.off, was.rate, is.off, is.rate) && !w.cut(was, is) {
		out = append(out, fmt.Sprintf("the discount was %d at %d, is %d at %d", was.off, was.rate, is.off, is.rate))
	}
	return out
}
