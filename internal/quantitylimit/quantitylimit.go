// Package quantitylimit is the plug-in kvitto.quantity_limit: an order may hold at most so many pieces of some
// articles. It is also the worked example of docs/plug-ins.md.
//
// Its one rule: pieces are counted over the whole order, so a quantity split over two lines is still one quantity.
package quantitylimit

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// Plugin registers kvitto.quantity_limit.
func Plugin() rules.Plugin {
	return rules.Plugin{
		Name: "kvitto.quantity_limit",
		Doc:  "Refuses orders with more pieces of an article than is allowed.",
		New:  func() any { return new(Limits) },
	}
}

// Limits is the plug-in. It is read-only once it is configured.
type Limits struct {
	rows  []limit
	langs []string // of texts, in file order
	texts []string // with {most} in them
}

// limit is one row: at most so many pieces of all articles that fit, together.
type limit struct {
	sku   string // without the *
	open  bool   // a * follows: anything that begins with sku
	most  int64
	place diag.Place
}

var (
	_ rules.Configurer = (*Limits)(nil)
	_ rules.Validator  = (*Limits)(nil)
)

// Configure reads limits (a list of sku and most) and text (a text, or one per language). Both are needed.
func (p *Limits) Configure(n *diag.Node, r *diag.Report) {
	if n == nil {
		r.Errorf(rules.CodePluginConfig, diag.Place{}, "kvitto.quantity_limit is not configured").Help = "give it limits and text"
		return
	}
	if !diag.WantMap(n, "the configuration of kvitto.quantity_limit", r) {
		return
	}
	diag.Fields(n, "kvitto.quantity_limit", []string{"limits", "text"}, r)
	if rows := diag.Need(n, "kvitto.quantity_limit", "limits", r); rows != nil && diag.WantList(rows, "limits", r) {
		for _, row := range rows.Items {
			p.addRow(row, r)
		}
	}
	if text := diag.Need(n, "kvitto.quantity_limit", "text", r); text != nil {
		p.setText(text, r)
	}
}

func (p *Limits) addRow(n *diag.Node, r *diag.Report) {
	if !diag.WantMap(n, "a limit", r) {
		return
	}
	diag.Fields(n, "a limit", []string{"sku", "most"}, r)
	sku, most := diag.Need(n, "a limit", "sku", r), diag.Need(n, "a limit", "most", r)
	if sku == nil || most == nil || !diag.WantText(sku, "sku", r) || !diag.WantText(most, "most", r) {
		return
	}
	row := limit{place: n.Place}
	row.sku, row.open = strings.CutSuffix(sku.Text, "*")
	if strings.Contains(row.sku, "*") || sku.Text == "" {
		r.Errorf(rules.CodePluginConfig, sku.Place, "%q is no article", sku.Text).Help = `write a whole article number, or its beginning and *, e.g. "LEGO-*"`
	}
	var err error
	if row.most, err = strconv.ParseInt(most.Text, 10, 32); err != nil || row.most < 0 {
		r.Errorf(rules.CodePluginConfig, most.Place, "%q is no number of pieces", most.Text).Help = "write a whole number, e.g. 2"
	}
	p.rows = append(p.rows, row)
}

func (p *Limits) setText(n *diag.Node, r *diag.Report) {
	if n.Kind == diag.Scalar {
		p.langs, p.texts = []string{""}, []string{n.Text}
	} else if diag.WantMap(n, "text", r) {
		for i, lang := range n.Keys {
			if diag.WantText(n.Values[i], "a text", r) {
				p.langs, p.texts = append(p.langs, lang.Text), append(p.texts, n.Values[i].Text)
			}
		}
	}
	if len(p.texts) == 0 {
		r.Errorf(rules.CodePluginConfig, n.Place, "text says nothing").Help = `write what the buyer is told, e.g. {en: "At most {most} per customer."}`
	}
}

// Validate counts the goods of the order; an article counts in the first row that fits it.
func (p *Limits) Validate(_ context.Context, q *rules.Query) (rules.Decision, error) {
	var room [8]int64
	left := room[:0]
	for i := range p.rows {
		left = append(left, p.rows[i].most)
	}
	for i := range q.Order.Lines {
		line := &q.Order.Lines[i]
		row := p.row(line.Reference)
		if row < 0 || !line.Goods() {
			continue
		}
		if line.Quantity > left[row] {
			return p.refuse(row, q.Language), nil
		}
		left[row] -= line.Quantity
	}
	return rules.Decision{}, nil
}

// row is the first row that fits an article; -1: none.
func (p *Limits) row(sku string) int {
	for i := range p.rows {
		if l := &p.rows[i]; sku == l.sku || l.open && strings.HasPrefix(sku, l.sku) {
			return i
		}
	}
	return -1
}

func (p *Limits) refuse(row int, lang string) rules.Decision {
	text := p.texts[0]
	for i := range p.langs {
		if p.langs[i] == lang {
			text = p.texts[i]
		}
	}
	l := &p.rows[row]
	return rules.Decision{
		Verdict: rules.Rejected,
		Reject: rules.Reject{
			Kind: rules.ApprovalFailed,
			Text: strings.ReplaceAll(text, "{most}", strconv.FormatInt(l.most, 10)),
		},
		Reasons: []rules.Reason{{
			Rule:   "kvitto.quantity_limit",
			File:   l.place.File,
			Line:   l.place.Line,
			Detail: fmt.Sprintf("more than %d pieces", l.most),
		}},
	}
}
