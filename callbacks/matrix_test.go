package callbacks_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// row is a bad input of the matrix: what is done to a good update and a good order, and what comes of it.
type row struct {
	name   string
	change func(body string) string
	class  string // of the log; empty: 200
	header []string
	// order is the class of the whole order on validation where it differs; "200" for 200.
	order string
}

func body(b string) func(string) string { return func(string) string { return b } }

func replace(old, new string) func(string) string {
	return func(b string) string { return strings.Replace(b, old, new, 1) }
}

// with adds members to the order.
func with(members string) func(string) string {
	return func(b string) string { return b[:len(b)-1] + "," + members + "}" }
}

// each changes the body by several steps.
func each(steps ...func(string) string) func(string) string {
	return func(b string) string {
		for _, f := range steps {
			b = f(b)
		}
		return b
	}
}

func deep(n int) string { return `"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) }

func headerRows() []row {
	zipped := func(b string) string {
		var buf bytes.Buffer
		w := gzip.NewWriter(&buf)
		_, _ = w.Write([]byte(b)) // into memory
		_ = w.Close()
		return buf.String()
	}
	same := func(b string) string { return b }
	return []row{
		{"row 54: gzip", zipped, "content_encoding", []string{"Content-Encoding", "gzip"}, ""},
		{"row 54: br", same, "content_encoding", []string{"Content-Encoding", "br"}, ""},
		{"row 54: zstd", same, "content_encoding", []string{"Content-Encoding", "zstd"}, ""},
		{"row 54: deflate", same, "content_encoding", []string{"Content-Encoding", "deflate"}, ""},
		{"row 54: not coded, and it says so", same, "", []string{"Content-Encoding", "identity"}, ""},
		{"row 54: coded twice", same, "content_encoding", []string{"Content-Encoding", "identity, gzip"}, ""},
		{"row 55: text", same, "content_type", []string{"Content-Type", "text/plain"}, ""},
		{"row 55: form", same, "content_type", []string{"Content-Type", "application/x-www-form-urlencoded"}, ""},
		{"row 55: multipart", same, "content_type", []string{"Content-Type", "multipart/form-data; boundary=x"}, ""},
		{"row 55: xml", same, "content_type", []string{"Content-Type", "application/xml"}, ""},
		{"row 55: broken", same, "content_type", []string{"Content-Type", "application/json; charset"}, ""},
		{"row 55: in capitals", same, "", []string{"Content-Type", "Application/JSON"}, ""},
		{"row 56: UTF-16", same, "charset", []string{"Content-Type", "application/json; charset=utf-16"}, ""},
		{"row 56: Latin-1", same, "charset", []string{"Content-Type", "application/json; charset=iso-8859-1"}, ""},
		{"row 56: UTF-8", same, "", []string{"Content-Type", `application/json;charset="UTF-8"`}, ""},
	}
}

func shapeRows() []row {
	return []row{
		{"row 44: not JSON", body("hello"), "syntax", nil, ""},
		{"row 44: half JSON", func(b string) string { return b[:len(b)/2] }, "syntax", nil, ""},
		{"row 44: BOM", func(b string) string { return "\ufeff" + b }, "encoding", nil, ""},
		{"row 45: null", body("null"), "null", nil, ""},
		{"row 45: array", body("[]"), "type", nil, ""},
		{"row 45: string", body(`"x"`), "type", nil, ""},
		{"row 45: number", body("1"), "type", nil, ""},
		{"row 46: second value", func(b string) string { return b + "{}" }, "syntax", nil, ""},
		{"row 46: garbage behind", func(b string) string { return b + "x" }, "syntax", nil, ""},
		{"row 46: space behind", func(b string) string { return b + " \r\n" }, "", nil, ""},
		{"row 47: member twice", with(`"order_amount":1`), "duplicate", nil, ""},
		{"row 47: member twice, escaped", with(`"order_\u0061mount":1`), "duplicate", nil, ""},
		{"row 47: unknown member twice", with(`"x":{"y":1,"y":2}`), "duplicate", nil, ""},
		{"row 48: capitals", with(`"ORDER_AMOUNT":1`), "", nil, ""},
		{"row 48: look-alikes", with(`"order_line\u017f":[],"\u212aey":1`), "", nil, ""},
		{"row 49: unknown members", with(`"payment_type_allows_increase":false,"x":{"y":[1,null]}`), "", nil, ""},
		{"row 49: 500 of them", with(many(500)), "", nil, ""},
		{"row 50: depth 17", with(deep(17)), "depth", nil, ""},
		{"row 50: depth 10001", with(deep(10_001)), "depth", nil, ""},
		{"row 50: depth 400000", with(deep(400_000)), "depth", nil, ""},
		{"row 51: 1 MB of {} as lines", replace(`"order_lines":[`, `"order_lines":[`+strings.Repeat("{},", 300_000)), "missing", nil, ""},
		{"row 52: 1 MB of [] elsewhere", with(`"x":[` + strings.Repeat("[],", 300_000) + `1]`), "count", nil, ""},
		{"row 52: 1 MB of 0 elsewhere", with(`"x":[` + strings.Repeat("0,", 400_000) + `1]`), "count", nil, ""},
		{"row 57: invalid UTF-8", with("\"x\":\"\xff\""), "encoding", nil, ""},
		{"row 57: lone surrogate", with(`"x":"\ud800"`), "encoding", nil, ""},
		{"row 58: NUL in a name", replace(`"Mug"`, `"M\u0000ug"`), "control", nil, ""},
		{"row 58: bell in a name", replace(`"Mug"`, `"M\u0007ug"`), "control", nil, ""},
		{"row 59: number as string", replace(`"quantity":1`, `"quantity":"1"`), "type", nil, ""},
		{"row 59: string as number", replace(`"Mug"`, `1`), "type", nil, ""},
		{"row 59: boolean", replace(`"quantity":1`, `"quantity":true`), "type", nil, ""},
		{"row 59: object", replace(`"quantity":1`, `"quantity":{}`), "type", nil, ""},
		{"row 60: 1.0", replace(`"quantity":1`, `"quantity":1.0`), "range", nil, ""},
		{"row 60: 1e2", replace(`"quantity":1`, `"quantity":1e0`), "range", nil, ""},
		{"row 60: NaN", replace(`"quantity":1`, `"quantity":NaN`), "syntax", nil, ""},
		{"row 60: 1E400", replace(`"quantity":1`, `"quantity":1E400`), "range", nil, ""},
		{"row 60: 400 digits", replace(`"quantity":1`, `"quantity":`+strings.Repeat("9", 400)), "range", nil, ""},
		{"row 60: hexadecimal", replace(`"quantity":1`, `"quantity":0x10`), "syntax", nil, ""},
		{"row 60: leading zero", replace(`"quantity":1`, `"quantity":01`), "syntax", nil, ""},
		{"row 60: minus zero", replace(`"quantity":1`, `"total_discount_amount":-0,"quantity":1`), "", nil, ""},
		{"row 61: 2^63", replace(`"quantity":1`, `"quantity":9223372036854775808`), "range", nil, ""},
		{"row 62: 100000 members", with(many(60_000)), "count", nil, ""},
		{"row 62: a long member name", with(`"` + strings.Repeat("k", 500_000) + `":1`), "length", nil, ""},
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"u%d":0`, i)
	}
	return b.String()
}

// lines changes the first line of the order.
func line(old, new string) func(string) string {
	return func(b string) string { return strings.Replace(b, lineJSON, strings.Replace(lineJSON, old, new, 1), 1) }
}

// repeat puts n copies of the line in its place, and sums that match.
func repeat(n int) func(string) string {
	return func(b string) string {
		b = strings.Replace(b, lineJSON, strings.TrimSuffix(strings.Repeat(lineJSON+",", n), ","), 1)
		freight, tax := 0, 0
		if strings.Contains(b, `"shipping_fee"`) {
			freight, tax = 4900, 980
		}
		_, rest, _ := strings.Cut(b, `"purchase_currency"`)
		head := fmt.Sprintf(`{"purchase_country":"se","order_amount":%d,"order_tax_amount":%d,`, 12500*n+freight, 2500*n+tax)
		return head + `"purchase_currency"` + rest
	}
}

func contentRows() []row {
	return []row{
		{"row 63: negative quantity", line(`"quantity":1`, `"quantity":-1`), "range", nil, ""},
		{"row 63: quantity 0", each(line(`"quantity":1`, `"quantity":0`), line2(0, 0)), "", nil, "order_sums"},
		{"row 64: beyond int64", line(`"quantity":1`, `"quantity":9000000000000000000`), "range", nil, ""},
		{"row 65: 10^12 pieces", each(line(`"quantity":1`, `"quantity":1000000000000`)), "range", nil, ""},
		{"row 66: unit price", line(`"unit_price":12500`, `"unit_price":100000001`), "range", nil, ""},
		{"row 66: line total", line(`"total_amount":12500`, `"total_amount":100000001`), "range", nil, ""},
		{"row 67: negative price", line(`"unit_price":12500`, `"unit_price":-12500`), "sign", nil, ""},
		{"row 67: positive discount", line(`"physical"`, `"discount"`), "sign", nil, ""},
		{"row 68: discount over its line", line(`"quantity":1`, `"total_discount_amount":12501,"quantity":1`), "discount", nil, ""},
		{"row 69: rate -1", line(`"tax_rate":2500`, `"tax_rate":-1`), "range", nil, ""},
		{"row 69: rate 10001", line(`"tax_rate":2500`, `"tax_rate":10001`), "range", nil, ""},
		{"row 69: rate 2500.5", line(`"tax_rate":2500`, `"tax_rate":2500.5`), "range", nil, ""},
		{"row 70: line total", line(`"total_amount":12500`, `"total_amount":12499`), "line_sums", nil, ""},
		{"row 71: tax off by 1", each(line(`"total_tax_amount":2500`, `"total_tax_amount":2501`),
			replace(`"order_tax_amount":2500`, `"order_tax_amount":2501`), replace(`"order_tax_amount":3480`, `"order_tax_amount":3481`)),
			"", nil, ""},
		{"row 71: tax off by 2", line(`"total_tax_amount":2500`, `"total_tax_amount":2502`), "line_sums", nil, ""},
		{"row 72: order amount", each(replace(`"order_amount":12500`, `"order_amount":1`), replace(`"order_amount":17400`, `"order_amount":1`)),
			"", nil, "order_sums"},
		{"row 72: order tax", each(replace(`"order_tax_amount":2500`, `"order_tax_amount":1`),
			replace(`"order_tax_amount":3480`, `"order_tax_amount":1`)), "", nil, "order_sums"},
		{"row 73: negative order amount", each(replace(`"order_amount":1`, `"order_amount":-1`)), "range", nil, ""},
		{"row 73: discounts beyond the goods", each(replace(`"order_amount":1`, `"order_amount":0,"x":1`), replace(lineJSON, lineJSON+
			`,{"type":"discount","name":"All","quantity":1,"unit_price":-90000,"tax_rate":2500,"total_amount":-90000,"total_tax_amount":-18000}`)),
			"negative_order", nil, "order_sums"},
		{"row 74: null lines", replace(`"order_lines":[`+lineJSON, `"order_lines":null,"x":[1`), "null", nil, ""},
		{"row 74: lines as object", replace(`"order_lines":[`+lineJSON, `"order_lines":{},"x":[1`), "type", nil, ""},
		{"row 74: no lines", each(replace(lineJSON+",", ""), replace(lineJSON, ""), replace(`"order_amount":12500`, `"order_amount":0`),
			replace(`"order_tax_amount":2500`, `"order_tax_amount":0`)), "", nil, "order_sums"},
		{"row 75: 999 lines", repeat(999), "", nil, "200"},
		{"row 75: 1000 lines, and ours would be one more", repeat(1000), "too_many_lines", nil, "count"},
		{"row 75: 1001 lines", repeat(1001), "count", nil, ""},
		{"row 75: 10000 lines", repeat(4000), "count", nil, ""},
		{"row 77: unknown type", line(`"physical"`, `"package"`), "", nil, "200"},
		{"row 77: empty type", line(`"physical"`, `""`), "", nil, "200"},
		{"row 78: empty name", line(`"Mug"`, `""`), "length", nil, ""},
		{"row 78: name of 255", line(`"Mug"`, `"`+strings.Repeat("å", 255)+`"`), "", nil, "200"},
		{"row 78: name of 256", line(`"Mug"`, `"`+strings.Repeat("å", 256)+`"`), "length", nil, ""},
		{"row 78: name of 500 KB", line(`"Mug"`, `"`+strings.Repeat("n", 500_000)+`"`), "length", nil, ""},
		{"row 79: sek", replace(`"SEK"`, `"sek"`), "", nil, "200"},
		{"row 79: SEKK", replace(`"SEK"`, `"SEKK"`), "currency", nil, ""},
		{"row 79: XXX", replace(`"SEK"`, `"XXX"`), "currency", nil, ""},
		{"row 79: BTC", replace(`"SEK"`, `"BTC"`), "currency", nil, ""},
		{"row 79: empty", replace(`"SEK"`, `""`), "currency", nil, ""},
		{"row 83: odd text", line(`"Mug"`, `"\ud83c\udf81 \u202e\u200b `+strings.Repeat("\u0301", 200)+`"`), "", nil, "200"},
		{"row 84: sv_SE", replace(`"en-SE"`, `"sv_SE"`), "", nil, "200"},
		{"row 84: xx-YY", replace(`"en-SE"`, `"xx-YY"`), "", nil, "200"},
		{"row 86: 10000 tags", with(`"tags":[` + strings.Repeat(`"a",`, 9_999) + `"a"]`), "count", nil, ""},
		{"row 87: merchant data of 6000", with(`"merchant_data":"` + strings.Repeat("m", 6000) + `"`), "", nil, "200"},
		{"row 87: merchant data of 6001", with(`"merchant_data":"` + strings.Repeat("m", 6001) + `"`), "length", nil, ""},
		{"row 88: opaque merchant data", with(`"merchant_data":"{\"a\":1}<b>{{.}}${jndi:ldap://x}"`), "", nil, "200"},
		{"row 89: merchant urls elsewhere", with(`"merchant_urls":{"push":"https://evil.example/"}`), "", nil, "200"},
		{"row 90: attachment", with(`"attachment":{"content_type":"x","body":"` + strings.Repeat("[", 400_000) + `"}`), "", nil, ""},
		{"row 91: national id and birth date", with(`"customer":{"date_of_birth":"1970-01-01","national_identification_number":"19700101-1234"}`),
			"", nil, "200"},
		{"row 94: prototype", with(`"__proto__":{"a":1},"constructor":null`), "", nil, "200"},
	}
}

// line2 sets the totals of the first line.
func line2(total, tax int) func(string) string {
	return func(b string) string {
		return replaceAll(b, `"total_amount":12500,"total_tax_amount":2500`, fmt.Sprintf(`"total_amount":%d,"total_tax_amount":%d`, total, tax))
	}
}

func replaceAll(b, old, new string) string { return strings.ReplaceAll(b, old, new) }

func TestBadInput(t *testing.T) {
	t.Parallel()
	for _, r := range slices.Concat(headerRows(), shapeRows(), contentRows()) {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, cb := range []string{"address-update", "country-change", "shipping-option-update"} {
				s := newShop(t)
				s.wantRow(cb, r.change(cartJSON("")), r.class, r.header)
			}
			class := r.class
			if r.order != "" {
				class = strings.TrimSuffix(r.order, "200")
			}
			newShop(t).wantRow("validation", r.change(orderJSON("")), class, r.header)
		})
	}
}

// wantRow posts a body and asks for the class of its refusal, or 200.
func (s *shop) wantRow(cb, body, class string, header []string) {
	s.t.Helper()
	got := s.post(base+"/"+cb+query, body, header...)
	line := s.log.lines()[0]
	have := field(line, "class")
	switch {
	case class == "":
		if got.status != 200 {
			s.t.Errorf("%s: got %v and %s, want 200", cb, got, line)
		}
	case got.status != 400 || got.body != fault:
		s.t.Errorf("%s: got %v, want 400 %s", cb, got, fault)
	case have != class:
		s.t.Errorf("%s: got class %q, want %q", cb, have, class)
	}
	s.served()
}
