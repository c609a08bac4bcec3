package order_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order"
)

// aLine is the smallest line.
const aLine = `{"name":"A","quantity":1,"unit_price":100,"total_amount":100}`

// merge puts members in place of those of own with their names, and behind them otherwise.
func merge(own, members []string) string {
	all := slices.Clone(own)
	for _, m := range members {
		name := m[:strings.Index(m, ":")+1]
		if i := slices.IndexFunc(own, func(o string) bool { return strings.HasPrefix(o, name) }); i >= 0 {
			all[i] = m
		} else {
			all = append(all, m)
		}
	}
	return "{" + strings.Join(all, ",") + "}"
}

// with is the smallest update body with these members added or in place of its own.
func with(members ...string) string {
	return merge([]string{`"order_amount":0`, `"order_tax_amount":0`, `"order_lines":[]`, `"purchase_currency":"SEK"`}, members)
}

// lineWith is a body with one line that has these members added or in place of its own.
func lineWith(members ...string) string {
	own := []string{`"name":"A"`, `"quantity":1`, `"unit_price":100`, `"total_amount":100`}
	return with(`"order_lines":[` + merge(own, members) + `]`)
}

func times(n int, s string) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }

// row is one input of reliability.md section 4; an empty class is an accepted body.
type row struct {
	name    string
	body    string
	class   order.FaultClass
	pointer string
}

func shapeRows() []row {
	return []row{
		{"row 44: nothing", "", order.FaultSyntax, ""},
		{"row 44: not JSON", "order_amount=1", order.FaultSyntax, ""},
		{"row 44: half of it", with()[:30], order.FaultSyntax, ""},
		{"row 44: byte order mark", "\ufeff" + with(), order.FaultEncoding, ""},
		{"row 45: null", "null", order.FaultNull, ""},
		{"row 45: list", "[]", order.FaultType, ""},
		{"row 45: string", `"x"`, order.FaultType, ""},
		{"row 45: number", "1", order.FaultType, ""},
		{"row 46: second value", with() + "{}", order.FaultSyntax, ""},
		{"row 46: garbage", with() + " x", order.FaultSyntax, ""},
		{"row 46: white space is none", " \r\n\t" + with() + "\n", "", ""},
		{"row 47: name twice", `{"order_amount":1,"order_amount":2}`, order.FaultDuplicate, "/order_amount"},
		{"row 47: once with escapes", `{"order_amount":1,"order_\u0061mount":2}`, order.FaultDuplicate, "/order_amount"},
		{"row 47: unknown name twice", with(`"x":{"a":1,"a":2}`), order.FaultDuplicate, "/x/a"},
		{"row 47: escaped name is known", `{"order_\u0061mount":1,"order_tax_amount":0,"order_lines":[],"purchase_currency":"SEK"}`, "", ""},
		{"row 48: other case", with(`"ORDER_AMOUNT":"x"`, `"order_ſum":1`, `"Kelvin":1`), "", ""},
		{"row 48: other case is not the member", `{"ORDER_AMOUNT":1,"order_tax_amount":0,"order_lines":[],"purchase_currency":"SEK"}`,
			order.FaultMissing, "/order_amount"},
		{"row 49: 500 unknown members", with(unknownMembers(500)...), "", ""},
		{"row 50: depth 16", with(`"x":` + strings.Repeat("[", 15) + strings.Repeat("]", 15)), "", ""},
		{"row 50: depth 17", with(`"x":` + strings.Repeat("[", 16) + strings.Repeat("]", 16)), order.FaultDepth, "/x" + strings.Repeat("/0", 15)},
		{"row 50: depth 17 of objects", with(`"x":` + strings.Repeat(`{"a":`, 16) + "1" + strings.Repeat("}", 16)), order.FaultDepth, "/x" + strings.Repeat("/a", 15)},
		{"row 50: depth 10001", with(`"x":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)), order.FaultDepth, "/x" + strings.Repeat("/0", 15)},
		{"row 50: depth 5,000,000", `{"x":` + strings.Repeat("[", 5_000_000), order.FaultDepth, "/x" + strings.Repeat("/0", 15)},
		{"row 51: empty objects as lines", with(`"order_lines":[` + times(1001, "{}") + `]`), order.FaultMissing, "/order_lines/0/name"},
		{"row 52: 1,001 elements", with(`"x":[` + times(1001, "0") + `]`), order.FaultCount, "/x"},
		{"row 52: 1,001 lists", with(`"x":[` + times(1001, "[]") + `]`), order.FaultCount, "/x"},
		{"row 52: 1,000 elements", with(`"x":[` + times(1000, "[]") + `]`), "", ""},
		{"row 52: many full lists", with(`"x":[` + times(300, "["+times(999, "0")+"]") + `]`), order.FaultCount, ""},
		{"row 62: 100,000 names", with(unknownMembers(100_000)...), order.FaultCount, ""},
		{"row 62: 100,000 names below", with(`"x":{` + strings.Join(unknownMembers(100_000), ",") + `}`), order.FaultCount, "/x"},
		{"row 62: a name of 1,024 characters", with(`"` + strings.Repeat("n", 1024) + `":1`), "", ""},
		{"row 62: a name of 1,025", with(`"` + strings.Repeat("n", 1025) + `":1`), order.FaultLength, ""},
		{"row 62: a name of 1,025 inside", with(`"x":{"y":[{"` + strings.Repeat("n", 1025) + `":1}]}`), order.FaultLength, "/x/y/0"},
		{"row 62: a megabyte of name in a line", lineWith(`"` + strings.Repeat("n", 1<<20) + `":1`), order.FaultLength, "/order_lines/0"},
		{"row 62: a value of 1,025 characters", with(`"x":{"y":"` + strings.Repeat("n", 1025) + `"}`), "", ""},
		{"row 62: a long name", with(`"` + strings.Repeat("n", 1<<20) + `":"\u0000"`), order.FaultLength, ""},
		{"row 94: names of other languages", with(`"__proto__":{"constructor":1}`, `"constructor":null`), "", ""},
	}
}

func unknownMembers(n int) []string {
	m := make([]string, n)
	for i := range m {
		m[i] = fmt.Sprintf(`"member_%d":null`, i)
	}
	return m
}

func valueRows() []row {
	return []row{
		{"row 57: not UTF-8", with("\"locale\":\"s\xff\""), order.FaultEncoding, "/locale"},
		{"row 57: not UTF-8 in an unknown member", with("\"x\":[\"\xc3\"]"), order.FaultEncoding, "/x/0"},
		{"row 57: first half", with(`"locale":"\ud800"`), order.FaultEncoding, "/locale"},
		{"row 57: second half", with(`"x":"\uDC00"`), order.FaultEncoding, "/x"},
		{"row 57: both halves", with(`"locale":"\ud83d\ude00"`), "", ""},
		{"row 58: NUL", lineWith(`"name":"a\u0000"`), order.FaultControl, "/order_lines/0/name"},
		{"row 58: escape", with(`"tags":["a","\u001b[0m"]`), order.FaultControl, "/tags/1"},
		{"row 58: delete, as it is", lineWith("\"reference\":\"a\x7f\""), order.FaultControl, "/order_lines/0/reference"},
		{"row 58: line break in a name", lineWith(`"name":"a\nb"`), order.FaultControl, "/order_lines/0/name"},
		{"row 58: in an unknown member", with(`"x":{"y":["\u0001"]}`), order.FaultControl, "/x/y/0"},
		{"row 58: in an unknown name", with(`"x\u0000":1`), order.FaultControl, ""},
		{"row 58: NUL in an address", with(`"shipping_address":{"city":"\u0000"}`), order.FaultControl, "/shipping_address/city"},
		{"row 58: pasted tab and line break in an address", with(`"shipping_address":{"street_address":"A\t1\r\nB"}`), "", ""},
		{"row 58: line breaks in free text", with(`"html_snippet":"<a>\n\t</a>"`, `"merchant_data":"{\n}"`, `"x":"a\nb"`), "", ""},
		{"row 58: a raw line break is not JSON", with("\"locale\":\"a\nb\""), order.FaultSyntax, "/locale"},
		{"row 59: number as string", with(`"order_amount":"1"`), order.FaultType, "/order_amount"},
		{"row 59: string as number", with(`"locale":1`), order.FaultType, "/locale"},
		{"row 59: boolean", with(`"order_amount":true`), order.FaultType, "/order_amount"},
		{"row 59: object", with(`"order_amount":{}`), order.FaultType, "/order_amount"},
		{"row 59: list as object", with(`"customer":[]`), order.FaultType, "/customer"},
		{"row 59: string as boolean", with(`"recurring":"true"`), order.FaultType, "/recurring"},
		{"row 59: line that is a number", with(`"order_lines":[` + aLine + `,1]`), order.FaultType, "/order_lines/1"},
		{"row 60: 1.0", lineWith(`"quantity":1.0`), order.FaultRange, "/order_lines/0/quantity"},
		{"row 60: 1e2", with(`"order_amount":1e2`), order.FaultRange, "/order_amount"},
		{"row 60: -0 is 0", with(`"order_amount":-0`), "", ""},
		{"row 60: NaN", with(`"order_amount":NaN`), order.FaultSyntax, "/order_amount"},
		{"row 60: Infinity", with(`"order_amount":Infinity`), order.FaultSyntax, "/order_amount"},
		{"row 60: 1E400", with(`"order_amount":1E400`), order.FaultRange, "/order_amount"},
		{"row 60: 400 digits", with(`"order_amount":` + strings.Repeat("9", 400)), order.FaultRange, "/order_amount"},
		{"row 60: 0x10", with(`"order_amount":0x10`), order.FaultSyntax, ""},
		{"row 60: 01", with(`"order_amount":01`), order.FaultSyntax, ""},
		{"row 60: any number where nobody looks", with(`"x":[1.50,1E400,-0.0]`), "", ""},
		{"row 61: 2^63", with(`"order_amount":9223372036854775808`), order.FaultRange, "/order_amount"},
		{"row 61: 2^63-1", with(`"order_amount":9223372036854775807`), "", ""},
		{"null in a required member", lineWith(`"name":null`), order.FaultNull, "/order_lines/0/name"},
		{"null in a number", with(`"shipping_options":[{"id":"a","name":"b","price":null}]`), order.FaultNull, "/shipping_options/0/price"},
		{"null in a number that need not be there", lineWith(`"tax_rate":null`), order.FaultNull, "/order_lines/0/tax_rate"},
		{"null in a list", with(`"tags":null`), order.FaultNull, "/tags"},
		{"null as element", with(`"tags":[null]`), order.FaultNull, "/tags/0"},
		{"null elsewhere", with(`"locale":null`, `"customer":null`, `"recurring":null`, `"x":null`), "", ""},
	}
}

func contentRows() []row {
	return []row{
		{"row 63: negative quantity", lineWith(`"quantity":-1`), order.FaultRange, "/order_lines/0/quantity"},
		{"row 63: quantity 0", lineWith(`"quantity":0`, `"total_amount":0`), "", ""},
		{"row 64: beyond 64 bits", lineWith(`"quantity":9223372036854775807`), order.FaultRange, "/order_lines/0/quantity"},
		{"row 64: wraps to the total", lineWith(`"quantity":4611686018427387906`, `"unit_price":4`, `"total_amount":8`), order.FaultRange, "/order_lines/0/quantity"},
		{"row 64: discount beyond 64 bits", lineWith(`"type":"discount"`, `"quantity":90000000000`, `"unit_price":-100000000`, `"total_amount":0`,
			`"total_discount_amount":9223372036854775807`), order.FaultRange, "/order_lines/0/quantity"},
		{"row 65: 10^12 times 1", lineWith(`"quantity":1000000000000`, `"unit_price":1`), order.FaultRange, "/order_lines/0/quantity"},
		{"row 66: price", lineWith(`"unit_price":100000001`), order.FaultRange, "/order_lines/0/unit_price"},
		{"row 66: total", lineWith(`"total_amount":100000001`), order.FaultRange, "/order_lines/0/total_amount"},
		{"row 66: the most", lineWith(`"unit_price":100000000`, `"total_amount":100000000`), "", ""},
		{"row 67: negative price", lineWith(`"type":"physical"`, `"unit_price":-1`), order.FaultSign, "/order_lines/0/unit_price"},
		{"row 67: negative total", lineWith(`"total_amount":-1`), order.FaultSign, "/order_lines/0/total_amount"},
		{"row 67: positive discount", lineWith(`"type":"discount"`), order.FaultSign, "/order_lines/0/unit_price"},
		{"row 67: positive total of a card", lineWith(`"type":"gift_card"`, `"unit_price":-100`), order.FaultSign, "/order_lines/0/total_amount"},
		{"row 68: discount larger than its line", lineWith(`"total_discount_amount":101`), order.FaultDiscount, "/order_lines/0/total_discount_amount"},
		{"row 68: as large", lineWith(`"total_discount_amount":100`, `"total_amount":0`), "", ""},
		{"row 69: rate -1", lineWith(`"tax_rate":-1`), order.FaultRange, "/order_lines/0/tax_rate"},
		{"row 69: rate 10001", lineWith(`"tax_rate":10001`), order.FaultRange, "/order_lines/0/tax_rate"},
		{"row 69: rate 2500.5", lineWith(`"tax_rate":2500.5`), order.FaultRange, "/order_lines/0/tax_rate"},
		{"row 70: a wrong total is the gate's business", lineWith(`"total_amount":99`), "", ""},
		{"row 71: a wrong tax is the gate's business", lineWith(`"tax_rate":0`, `"total_tax_amount":2`), "", ""},
		{"row 73: amount -1", with(`"order_amount":-1`), order.FaultRange, "/order_amount"},
		{"row 73: amount 0", with(`"order_amount":0`), "", ""},
		{"row 74: no lines", with(`"order_lines":[]`), "", ""},
		{"row 74: null", with(`"order_lines":null`), order.FaultNull, "/order_lines"},
		{"row 74: object", with(`"order_lines":{}`), order.FaultType, "/order_lines"},
		{"row 74: missing", `{"order_amount":0,"order_tax_amount":0,"purchase_currency":"SEK"}`, order.FaultMissing, "/order_lines"},
		{"row 75: 1,000 lines", with(`"order_lines":[` + times(1000, aLine) + `]`), "", ""},
		{"row 75: 1,001 lines", with(`"order_lines":[` + times(1001, aLine) + `]`), order.FaultCount, "/order_lines/1000"},
		{"row 75: 10,000 lines", with(`"order_lines":[` + times(10_000, aLine) + `]`), order.FaultCount, "/order_lines/1000"},
		{"row 77: unknown type", lineWith(`"type":"package"`, `"unit_price":-5`, `"total_amount":-5`), "", ""},
		{"row 77: empty type", lineWith(`"type":""`), "", ""},
		{"row 79: lower case", with(`"purchase_currency":"sek"`), "", ""},
		{"row 79: SEKK", with(`"purchase_currency":"SEKK"`), order.FaultCurrency, "/purchase_currency"},
		{"row 79: XXX", with(`"purchase_currency":"XXX"`), order.FaultCurrency, "/purchase_currency"},
		{"row 79: BTC", with(`"purchase_currency":"BTC"`), order.FaultCurrency, "/purchase_currency"},
		{"row 79: empty", with(`"purchase_currency":""`), order.FaultCurrency, "/purchase_currency"},
		{"row 80: no decimals", with(`"purchase_currency":"JPY"`), "", ""},
		{"row 80: three decimals", with(`"purchase_currency":"kwd"`), "", ""},
		{"row 84: locales", with(`"locale":"sv_SE"`), "", ""},
		{"row 84: a megabyte of locale", with(`"locale":"` + strings.Repeat("x", 1<<20) + `"`), "", ""},
		{"row 86: 10,000 tags", with(`"tags":[` + times(10_000, `"a"`) + `]`), order.FaultCount, "/tags/1000"},
		{"row 86: line break in a tag", with(`"tags":["a\nb"]`), order.FaultControl, "/tags/0"},
		{"row 87: merchant_data of 6,000", with(`"merchant_data":"` + strings.Repeat("ö", 6000) + `"`), "", ""},
		{"row 87: merchant_data of 6,001", with(`"merchant_data":"` + strings.Repeat("ö", 6001) + `"`), order.FaultLength, "/merchant_data"},
		{"row 88: opaque", with(`"merchant_data":"{{x}} ${jndi:ldap} <script> {\"a\":[}"`), "", ""},
		{"row 89: addresses of others", with(`"merchant_urls":{"push":"http://127.0.0.1/"}`), "", ""},
		{"row 90: attachment", with(`"attachment":{"content_type":"x","body":"` + strings.Repeat(`[`, 1<<20) + `"}`), "", ""},
		{"row 91: personal numbers", with(`"customer":{"date_of_birth":"1990-01-02","national_identification_number":"1"}`), "", ""},
	}
}

// lengthRows are row 78 and its like: each string of a line at its limit and one beyond.
func lengthRows() []row {
	rows := []row{
		{"row 78: no name", lineWith(`"name":""`), order.FaultLength, "/order_lines/0/name"},
		{"row 78: a megabyte of name", lineWith(`"name":"` + strings.Repeat("n", 1<<20) + `"`), order.FaultLength, "/order_lines/0/name"},
	}
	for _, m := range []struct {
		name string
		most int
	}{{"name", 255}, {"reference", 255}, {"quantity_unit", 8}, {"merchant_data", 1024}, {"product_url", 1024}, {"image_url", 1024}} {
		fits := lineWith(fmt.Sprintf(`%q:"%s"`, m.name, strings.Repeat("å", m.most)))
		over := lineWith(fmt.Sprintf(`%q:"%s"`, m.name, strings.Repeat("å", m.most+1)))
		rows = append(rows,
			row{fmt.Sprintf("row 78: %s of %d", m.name, m.most), fits, "", ""},
			row{fmt.Sprintf("row 78: %s of %d", m.name, m.most+1), over, order.FaultLength, "/order_lines/0/" + m.name})
	}
	return rows
}

func TestBadInputMatrix(t *testing.T) {
	t.Parallel()
	for _, rows := range [][]row{shapeRows(), valueRows(), contentRows(), lengthRows()} {
		for _, r := range rows {
			t.Run(r.name, func(t *testing.T) {
				t.Parallel()
				o, err := order.DecodeUpdate([]byte(r.body), order.DefaultLimits())
				if r.class == "" {
					if err != nil || o == nil {
						t.Fatalf("refused: %v", err)
					}
					return
				}
				var f *order.Fault
				if !errors.As(err, &f) || o != nil {
					t.Fatalf("got %v, want class %s at %q", err, r.class, r.pointer)
				}
				if f.Class != r.class || f.Pointer != r.pointer {
					t.Errorf("got class %s at %q (%s), want %s at %q", f.Class, f.Pointer, f.Problem, r.class, r.pointer)
				}
				if !strings.HasPrefix(f.Problem, "found ") || !strings.Contains(f.Problem, "; right is ") || len(f.Error()) > 400 {
					t.Errorf("not found and right: %q", f.Error())
				}
			})
		}
	}
}

// TestLimitsHoldWhileReading is row 51: plain decoding makes 548 MiB of this.
func TestLimitsHoldWhileReading(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	for name, body := range map[string]string{
		"row 51: a mebibyte of empty objects": with(`"order_lines":[` + times(1<<20/3, "{}") + `]`),
		"row 51: a mebibyte of small lines":   with(`"order_lines":[` + times(1<<20/len(aLine), aLine) + `]`),
		"row 52: a mebibyte of empty lists":   with(`"x":[` + times(1<<20/3, "[]") + `]`),
		"row 52: a mebibyte of zeros":         with(`"attachment":{"x":[` + times(1<<20/2, "0") + `]}`),
		"row 52: a mebibyte of empty strings": with(`"tags":[` + times(1<<20/3, `""`) + `]`),
		"row 62: a mebibyte of names":         with(`"x":{` + strings.Join(unknownMembers(1<<20/20), ",") + `}`),
	} {
		t.Run(name, func(t *testing.T) {
			in := []byte(body)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := order.DecodeUpdate(in, order.DefaultLimits())
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Error("accepted")
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
				t.Errorf("used %d bytes", used)
			}
		})
	}
}

func TestBodyAboveTheLimit(t *testing.T) {
	t.Parallel()
	body := []byte(with())
	if _, err := order.DecodeUpdate(body, order.Limits{Bytes: len(body)}); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	_, err := order.DecodeUpdate(body, order.Limits{Bytes: len(body) - 1})
	var f *order.Fault
	if !errors.As(err, &f) || f.Class != order.FaultSize || !strings.HasPrefix(f.Error(), "body: found ") {
		t.Errorf("row 53: one byte over: %v", err)
	}
}

// TestFaultsDoNotEcho puts a word into every string and name, and a fault next to it.
func TestFaultsDoNotEcho(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		with(`"purchase_currency":"canary"`),
		with(`"order_amount":"canary"`),
		lineWith(`"name":"canary\u0000"`),
		lineWith(`"quantity_unit":"canary canary"`),
		with(`"x":canary`),
		with(`"canary canary":"\u0000"`),
		with(`"locale":"canary`),
	} {
		if _, err := order.DecodeUpdate([]byte(body), order.DefaultLimits()); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", body, err)
		}
	}
}
