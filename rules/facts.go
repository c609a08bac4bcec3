package rules

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kvitto/kvitto/order"
)

// Keys of Options.FactPointers.
const (
	factCoupon = "coupon"
	factGroup  = "group"
)

// ownFacts are the facts that an order holds by itself: its tags, the references of its discount lines as coupons,
// and what the configured pointers find in merchant_data. Anything else there is opaque and no fault.
func (e *Engine) ownFacts(o *order.Order) Facts {
	f := Facts{Tags: o.Tags}
	for i := range o.Lines {
		if l := &o.Lines[i]; l.Kind() == order.Discount && l.Reference != "" {
			f.Coupons = append(f.Coupons, l.Reference)
		}
	}
	if !strings.HasPrefix(strings.TrimLeft(o.MerchantData, " \t\r\n"), "{") {
		return f
	}
	if e.coupon != "" {
		f.Coupons = append(f.Coupons, textsAt(o.MerchantData, e.coupon)...)
	}
	if e.group != "" {
		if groups := textsAt(o.MerchantData, e.group); len(groups) > 0 {
			f.Group = groups[0]
		}
	}
	return f
}

// textsAt returns the string at p in a JSON text, or the strings of the list there; a number counts as it is written, since
// shops number their customer groups. Nothing where the text is not JSON, has nothing there or something else.
func textsAt(text string, p jsontext.Pointer) []string {
	dec := jsontext.NewDecoder(strings.NewReader(text))
	for {
		tok, err := dec.ReadToken()
		if err != nil {
			return nil
		}
		// An object's name has the pointer of its value; only the value is looked at.
		if kind, n := dec.StackIndex(dec.StackDepth()); kind == '{' && n%2 == 1 && tok.Kind() == '"' {
			continue
		}
		if dec.StackPointer() != p {
			continue
		}
		switch tok.Kind() {
		case '"', '0':
			return []string{tok.String()}
		case '[':
			return texts(dec)
		default:
			return nil
		}
	}
}

// texts reads the strings and numbers of a list that has been opened.
func texts(dec *jsontext.Decoder) []string {
	var list []string
	for k := dec.PeekKind(); k == '"' || k == '0'; k = dec.PeekKind() {
		tok, err := dec.ReadToken()
		if err != nil {
			return nil
		}
		list = append(list, tok.String())
	}
	return list
}

// gather asks all fact providers in order and merges what they say into q.Facts. A Decision that is not Accept is
// that of a provider that failed and may not be skipped.
func (e *Engine) gather(ctx context.Context, q *Query) (Decision, error) {
	for _, m := range e.members {
		if m.facts == nil {
			continue
		}
		f, err := ask(ctx, m, q, "", askFacts)
		if err == nil {
			q.Facts = q.Facts.with(m.Name, &f)
			continue
		}
		d, err := e.fallback(ctx, m, HookFacts, err)
		if err != nil || d.Verdict != Accept {
			return d, err
		}
		q.Facts.Unavailable = put(q.Facts.Unavailable, m.Name, true)
	}
	return Decision{}, nil
}

func askFacts(ctx context.Context, m *member, q *Query, _ string) (Facts, error) {
	f, err := m.facts.Facts(ctx, q)
	if err != nil {
		return Facts{}, err
	}
	for line := range f.LineTags {
		if line < 0 || line >= len(q.Order.Lines) {
			return Facts{}, fmt.Errorf("%w: facts about line %d of %d", ErrNonsense, line, len(q.Order.Lines))
		}
	}
	return f, nil
}

// with returns f and what the provider name added. A member that was cut off may still read the maps and slices of
// f, so they are replaced and never written to. Lists grow; a group and the points of a plug-in replace earlier ones.
func (f Facts) with(name string, add *Facts) Facts {
	if add.Group != "" {
		f.Group = add.Group
	}
	f.Coupons = join(f.Coupons, add.Coupons)
	f.Tags = join(f.Tags, add.Tags)
	if len(add.LineTags) > 0 {
		all := maps.Clone(add.LineTags)
		for line, tags := range f.LineTags {
			all[line] = join(tags, all[line])
		}
		f.LineTags = all
	}
	for plugin, points := range add.Pickup {
		if plugin == "" {
			plugin = name
		}
		f.Pickup = put(f.Pickup, plugin, points)
	}
	for plugin := range add.Unavailable {
		f.Unavailable = put(f.Unavailable, plugin, true)
	}
	return f
}

func join(a, b []string) []string {
	if len(b) == 0 {
		return a
	}
	return slices.Concat(a, b)
}

// put returns a copy of m that also holds v.
func put[V any](m map[string]V, key string, v V) map[string]V {
	c := make(map[string]V, len(m)+1)
	maps.Copy(c, m)
	c[key] = v
	return c
}
