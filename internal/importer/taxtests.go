package importer

import (
	"bytes"
	"fmt"
)

// maxTaxCases is how many cases a generated test of taxes has.
const maxTaxCases = 60

// taxTests writes a case for each rate of the day of the import, as far as the test stays short.
func (d *draft) taxTests() []byte {
	var w bytes.Buffer
	fmt.Fprintf(&w, "# What %s says on the day of the import.\n", oneLine(d.source))
	fmt.Fprintf(&w, "version: 1\nrules: [shipping.yaml, tax.yaml]\nnow: %s 12:00\ncases:\n", d.options.Now.Format("2006-01-02"))
	seen := map[string]bool{}
	for i := range d.asked {
		r := &d.asked[i]
		for _, q := range r.carts {
			if len(r.own) == 0 || q.day != d.options.Now.Format("2006-01-02") || len(seen) == maxTaxCases {
				continue
			}
			q.address, q.goods[0].total = r.own[0], 10_000
			name := fmt.Sprintf("%s, %s", toText(q.address), cmpText(q.goods[0].tag, standard))
			text, ok := d.taxExpected(&q)
			if !ok || seen[name] {
				continue
			}
			seen[name] = true
			tags := ""
			if t := q.goods[0].tag; t != "" {
				tags = ", tags: [" + plain(t) + "]"
			}
			fmt.Fprintf(&w, "  - name: %s\n    to: %s\n    cart: {items: [{sku: GOODS, price: %s, weight: 1 kg%s}]}\n    choose: %s\n    expect: {%s}\n",
				plain(name), toText(q.address), major(q.goods[0].total, d.currency()), tags, d.book.options[0].id, text)
		}
	}
	if len(seen) == 0 {
		return nil
	}
	return w.Bytes()
}

// taxExpected writes what the source says about a cart.
func (d *draft) taxExpected(q *question) (string, bool) {
	answer := d.price(q)
	if answer == nil {
		return "", false
	}
	total := q.total()
	if d.book.tax.sales {
		return "sales_tax: " + major(answer["tax"], d.currency()), true
	}
	whole := 10_000 + answer["rate"]
	return "goods_tax: " + major((2*total*answer["rate"]+whole)/(2*whole), d.currency()), true
}
