package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/table"
)

// Proof is what came of pricing every row twice.
type Proof struct {
	Rows, Equal int
	Questions   int
	Differences []Difference // at most maxDifferences; those of Rows-Equal rows
}

// maxDifferences is how many are named.
const maxDifferences = 50

// Difference is a question that the source and the rulebook answer in different ways.
type Difference struct {
	Place    diag.Place // of the row
	Question string
	Source   string // the answer of the source
	Rulebook string
}

// goods are equal pieces of a made-up cart.
type goods struct {
	tag                  string
	pieces, total, grams int64 // of all pieces, in minor units and grams
}

// question is a made-up order.
type question struct {
	address
	goods  [2]goods // a second one without pieces is not there
	coupon string
	day    string // 2026-01-31; "": that of the import
}

func (q *question) parts() []goods {
	if q.goods[1].pieces == 0 {
		return q.goods[:1]
	}
	return q.goods[:]
}

func (q *question) total() (n int64) {
	for _, g := range q.parts() {
		n += g.total
	}
	return n
}

func (q *question) grams() (n int64) {
	for _, g := range q.parts() {
		n += g.grams
	}
	return n
}

func (q *question) pieces() (n int64) {
	for _, g := range q.parts() {
		n += g.pieces
	}
	return n
}

// cartOf is a cart in which one measure counts n.
func cartOf(m measure, n int64) question {
	g := goods{pieces: 1, total: 10_000, grams: 1000}
	switch m {
	case byTotal:
		g.total = n
	case byItems:
		g.pieces, g.total, g.grams = n, 1000*n, 100*n
	default:
		g.grams = n
	}
	return question{goods: [2]goods{g}}
}

// value is what a measure counts.
func (q *question) value(m measure) int64 {
	switch m {
	case byTotal:
		return q.total()
	case byItems:
		return q.pieces()
	default:
		return q.grams()
	}
}

// askedRow is a row of the source and how it is asked: each cart at each address that holds, and at its own addresses.
type askedRow struct {
	at    diag.Place
	kind  string // rows of one kind share a test case
	own   []address
	holds func(address) bool
	carts []question
}

// edges are the carts on both sides of both ends of a stretch of a measure, as far as an order can be so large.
func edges(m measure, low, high int64) []question {
	ns := []int64{low - 1, low}
	if high == open {
		ns = append(ns, low+1, low+5_000)
	} else {
		ns = append(ns, high, high+1)
	}
	var carts []question
	for _, n := range ns {
		if n < 0 || n == 0 && m == byItems || n > 100_000_000 || n > 10_000 && m == byItems {
			continue
		}
		carts = append(carts, cartOf(m, n))
	}
	return carts
}

// String writes a question as people say it: "SE 11351, 5 kg, 100.00, 1 piece".
func (q *question) text(currency string) string {
	where := area{country: q.country, region: q.region}.key()
	text := strings.TrimSpace(where + " " + q.postcode)
	for _, g := range q.parts() {
		text += fmt.Sprintf(", %d x %s", g.pieces, cmpText(g.tag, "goods"))
		text += fmt.Sprintf(" of %s and %s", grams(g.grams), major(g.total, currency))
	}
	if q.day != "" {
		text += " on " + q.day
	}
	if q.coupon != "" {
		text += ", coupon " + q.coupon
	}
	return text
}

func cmpText(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// prover asks both sides, each question once.
type prover struct {
	d      *draft
	book   *authoring.Book
	places []address
	now    time.Time
	known  map[question]verdict
	proof  Proof
}

// verdict is what came of a question.
type verdict struct {
	equal          bool
	source, result map[string]int64
	failed         error
}

// prove asks about every row.
func (d *draft) prove(ctx context.Context, book *authoring.Book) Proof {
	p := &prover{d: d, book: book, known: map[question]verdict{}, places: addressesOf(book), now: d.options.Now}
	for i := range d.asked {
		if ctx.Err() != nil {
			break
		}
		p.row(ctx, &d.asked[i])
	}
	p.proof.Rows, p.proof.Questions = len(d.asked), len(p.known)
	return p.proof
}

// addressesOf is one address of each kind that a rulebook tells apart.
func addressesOf(book *authoring.Book) []address {
	var list []address
	for _, p := range authoring.Places(book) {
		if p.Thin {
			continue
		}
		var q authoring.Question
		p.Address(&q)
		list = append(list, address{q.Country, strings.TrimPrefix(q.Region, q.Country+"-"), compact(q.Postcode)})
	}
	return list
}

// row asks about one row; it is equal where all its questions are.
func (p *prover) row(ctx context.Context, r *askedRow) {
	equal, told := true, false
	ask := func(ad address) {
		for _, q := range r.carts {
			q.address = ad
			v := p.ask(ctx, &q)
			if v.equal {
				continue
			}
			equal = false
			if !told && len(p.proof.Differences) < maxDifferences {
				told = true
				p.proof.Differences = append(p.proof.Differences, Difference{Place: r.at, Question: q.text(p.d.currency()),
					Source: p.d.answer(v.source, nil), Rulebook: p.d.answer(v.result, v.failed)})
			}
		}
	}
	for _, ad := range r.own {
		ask(ad)
	}
	for _, ad := range p.places {
		if r.holds != nil && r.holds(ad) {
			ask(ad)
		}
	}
	if equal {
		p.proof.Equal++
	}
}

// answer writes prices: "standard 49.00, express 99.00".
func (d *draft) answer(prices map[string]int64, err error) string {
	if err != nil {
		return err.Error()
	}
	if len(prices) == 0 {
		return "nothing"
	}
	var parts []string
	for _, id := range slices.Sorted(maps.Keys(prices)) {
		if d.book.tax != nil {
			parts = append(parts, fmt.Sprintf("%s %d", id, prices[id]))
			continue
		}
		parts = append(parts, id+" "+major(prices[id], d.currency()))
	}
	return strings.Join(parts, ", ")
}

// ask asks both sides.
func (p *prover) ask(ctx context.Context, q *question) verdict {
	if v, ok := p.known[*q]; ok {
		return v
	}
	v := verdict{source: p.d.price(q)}
	if p.d.book.tax != nil {
		v.result, v.failed = p.taxed(ctx, q)
	} else {
		v.result, v.failed = p.priced(ctx, q)
	}
	v.equal = v.failed == nil && maps.Equal(v.source, v.result)
	p.known[*q] = v
	return v
}

// priced asks the engine for the prices of the options.
func (p *prover) priced(ctx context.Context, q *question) (map[string]int64, error) {
	a := p.book.Ask(ctx, p.order(q))
	if a.Err != nil {
		return nil, a.Err
	}
	prices := make(map[string]int64, len(a.Options))
	for i := range a.Options {
		prices[a.Options[i].ID] = int64(a.Options[i].Price)
	}
	return prices, nil
}

// order is a question in the words of the engine.
func (p *prover) order(q *question) *authoring.Question {
	o := &authoring.Question{Country: q.country, Postcode: q.postcode, Currency: p.d.currency(), Coupon: q.coupon, Now: p.now}
	if q.region != "" {
		o.Region = q.region
	}
	if q.day != "" {
		if t, err := time.ParseInLocation(time.DateOnly, q.day, p.book.Rules.Shipping.Location()); err == nil {
			o.Now = t.Add(12 * time.Hour)
		}
	}
	for _, g := range q.parts() {
		o.Goods = append(o.Goods, authoring.Goods{Pieces: g.pieces, Grams: g.grams, Total: order.Amount(g.total),
			Mark: table.Sample{Tag: g.tag}, Kind: order.Physical})
	}
	return o
}

// taxed asks the engine for the rate of the goods, or for the sales tax.
func (p *prover) taxed(ctx context.Context, q *question) (map[string]int64, error) {
	a := p.book.Ask(ctx, p.order(q))
	switch {
	case a.Err != nil:
		return nil, a.Err
	case len(a.Lines) == 0:
		return nil, fmt.Errorf("no answer: %v", a.Decision)
	case !p.d.book.tax.sales:
		return map[string]int64{"rate": int64(a.Lines[0].TaxRate)}, nil
	}
	var sum order.Amount
	for i := range a.Lines {
		if a.Lines[i].Kind() == order.SalesTax {
			sum += a.Lines[i].TotalAmount
		}
	}
	return map[string]int64{"tax": int64(sum)}, nil
}
