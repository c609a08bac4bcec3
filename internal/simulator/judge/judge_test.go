package judge_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/internal/simulator/judge"
)

const goodLine = `{"type":"physical","name":"Lamp","quantity":2,"unit_price":10000,"tax_rate":2500,"total_amount":19000,"total_discount_amount":1000,"total_tax_amount":3800}`

// cart is an answer of one line and what is added to it.
func cart(line, more string) string {
	return `{"order_amount":19000,"order_tax_amount":3800,"purchase_currency":"SEK","order_lines":[` + line + `]` + more + `}`
}

func options(list string) string { return cart(goodLine, `,"shipping_options":[`+list+`]`) }

const goodOption = `{"id":"a","name":"A","price":4900,"tax_amount":980,"tax_rate":2500,"preselected":true,"shipping_method":"Home"}`

// pointers are the places of faults, one after the other.
func pointers(v *judge.Verdict) string {
	var list []string
	for _, f := range v.Faults {
		list = append(list, f.Pointer)
	}
	return strings.Join(list, " ")
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	us := `{"order_amount":1412,"order_tax_amount":112,"purchase_currency":"usd","order_lines":[
		{"name":"Tee","quantity":2,"unit_price":500,"tax_rate":0,"total_amount":1000,"total_tax_amount":0},
		{"type":"shipping_fee","name":"Ground","quantity":1,"unit_price":700,"tax_rate":0,"total_amount":700,"total_tax_amount":0},
		{"type":"discount","name":"Off","quantity":1,"unit_price":-100,"tax_rate":0,"total_amount":-100,"total_tax_amount":0},
		{"type":"sales_tax","name":"Tax","quantity":1,"unit_price":112,"tax_rate":0,"total_amount":112,"total_tax_amount":0},
		{"type":"store_credit","name":"Credit","quantity":1,"unit_price":-300,"tax_rate":0,"total_amount":-300,"total_tax_amount":0}]}`
	for _, c := range []struct{ name, body, faults string }{
		{"a right one", cart(goodLine, ""), ""},
		{"with options", options(goodOption), ""},
		{"no option at all", options(""), ""},
		{"the recorded order of the United States", us, ""},
		{"tax of the United States twice", strings.Replace(us, `"order_amount":1412`, `"order_amount":1524`, 1), "/order_amount"},
		{"a line with its own tax beside sales tax", strings.Replace(us, `"unit_price":700,"tax_rate":0`, `"unit_price":700,"tax_rate":1`, 1), "/order_lines/1"},
		{"tax within 1", strings.Replace(strings.Replace(cart(goodLine, ""), `"total_tax_amount":3800`, `"total_tax_amount":3801`, 1), `"order_tax_amount":3800`, `"order_tax_amount":3801`, 1), ""},
		{"tax off by 2", strings.Replace(strings.Replace(cart(goodLine, ""), `"total_tax_amount":3800`, `"total_tax_amount":3802`, 1), `"order_tax_amount":3800`, `"order_tax_amount":3802`, 1), "/order_lines/0/total_tax_amount"},
		{"the discount left out of the total", strings.Replace(cart(goodLine, ""), `"total_amount":19000`, `"total_amount":20000`, 1), "/order_lines/0/total_amount /order_lines/0/total_tax_amount /order_amount"},
		{"sums that do not add up", strings.Replace(cart(goodLine, ""), `"order_tax_amount":3800`, `"order_tax_amount":3799`, 1), "/order_tax_amount"},
		{"an order below zero", `{"order_amount":-1,"order_tax_amount":0,"purchase_currency":"SEK","order_lines":[{"type":"gift_card","name":"Card","quantity":1,"unit_price":-1,"tax_rate":0,"total_amount":-1,"total_tax_amount":0}]}`, "/order_amount"},
		{"members missing", `{"order_lines":[]}`, "/order_amount /order_tax_amount /purchase_currency"},
		{"an amount as text", strings.Replace(cart(goodLine, ""), `"order_amount":19000`, `"order_amount":"19000"`, 1), "/order_amount"},
		{"an amount with decimals", strings.Replace(cart(goodLine, ""), `"unit_price":10000`, `"unit_price":10000.0`, 1), "/order_lines/0/unit_price"},
		{"a line without a name", cart(strings.Replace(goodLine, `"name":"Lamp",`, "", 1), ""), "/order_lines/0/name"},
		{"a rate above 100 %", cart(strings.Replace(goodLine, `"tax_rate":2500`, `"tax_rate":10001`, 1), ""), "/order_lines/0/tax_rate"},
		{"a negative discount", cart(strings.Replace(goodLine, `"total_discount_amount":1000`, `"total_discount_amount":-1`, 1), ""), "/order_lines/0/total_discount_amount"},
		{"a positive gift card", strings.Replace(cart(goodLine, ""), `"physical"`, `"gift_card"`, 1), "/order_lines/0/unit_price /order_lines/0/total_amount"},
		{"lines that are no list", `{"order_amount":0,"order_tax_amount":0,"purchase_currency":"SEK","order_lines":{}}`, "/order_lines"},
		{"1,001 lines", cart(strings.Repeat(goodLine+",", 1000)+goodLine, ""), "/order_lines"},
		{"a line that is no object", cart("7", ""), "/order_lines/0"},
		{"a currency in words", strings.Replace(cart(goodLine, ""), `"SEK"`, `"kronor"`, 1), "/purchase_currency"},
		{"merchant_data echoed that is longer than an answer may have", cart(goodLine, `,"merchant_data":"`+strings.Repeat("x", 1025)+`"`), "/merchant_data"},
		{"other kinds", cart(goodLine, `,"locale":1,"tags":{},"attachment":[]`), "/attachment /locale /tags"},
		{"half an attachment", cart(goodLine, `,"attachment":{"body":"{}"}`), "/attachment/content_type"},
		{"a locale with an underscore", cart(goodLine, `,"locale":"sv_SE"`), "/locale"},
		{"options that are no list", cart(goodLine, `,"shipping_options":null`), "/shipping_options"},
		{"an option without an id", options(strings.Replace(goodOption, `"id":"a",`, "", 1)), "/shipping_options/0/id"},
		{"two options with one id", options(goodOption + "," + strings.Replace(goodOption, "true", "false", 1)), "/shipping_options/1/id"},
		{"two preselected", options(goodOption + "," + strings.Replace(goodOption, `"id":"a"`, `"id":"b"`, 1)), "/shipping_options/1/preselected"},
		{"an option with too much tax", options(strings.Replace(goodOption, "980", "982", 1)), "/shipping_options/0/tax_amount"},
		{"an option that is no object", options("[]"), "/shipping_options/0"},
		{"preselected in words", options(strings.Replace(goodOption, "true", `"yes"`, 1)), "/shipping_options/0/preselected"},
		{"no JSON", "<html>", ""},
		{"a name twice", `{"order_amount":0,"order_amount":1}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := judge.Update(&judge.Reply{Status: 200, Body: []byte(c.body)})
			if diff := cmp.Diff(c.faults, pointers(&v)); diff != "" {
				t.Errorf("-want +got:\n%s%v", diff, v.Faults)
			}
			want := judge.Applied
			if len(v.Faults) > 0 {
				want = judge.Unusable
			}
			if v.Outcome != want || v.Why == "" || v.Buyer == "" || (v.Answer != nil) != (want == judge.Applied) {
				t.Errorf("%+v", v)
			}
		})
	}
}

// TestWhatAnAnswerCannotSet: members that are not read back are told and ignored, and never taken over.
func TestWhatAnAnswerCannotSet(t *testing.T) {
	t.Parallel()
	v := judge.Update(&judge.Reply{Status: 200, Body: []byte(options(goodOption)[:len(options(goodOption))-1] + `,"billing_address":{},"order_id":"x"}`)})
	want := []string{"billing_address is not read back: the provider ignores it (1.4)", "order_id is not read back: the provider ignores it (1.4)"}
	if diff := cmp.Diff(want, v.Notes); diff != "" || v.Outcome != judge.Applied {
		t.Errorf("%s %s", v.Outcome, diff)
	}
	if v.Answer == nil || len(v.Answer.Members) != 5 {
		t.Errorf("taken over: %v", v.Answer)
	}
	odd := judge.Update(&judge.Reply{Status: 200, Body: []byte(strings.Replace(options(goodOption), "Home", "Drone", 1))})
	if len(odd.Notes) != 1 || !strings.Contains(odd.Notes[0], `"Drone" is not among the published values`) {
		t.Errorf("%q", odd.Notes)
	}
}

func TestOtherRepliesToUpdates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		reply judge.Reply
		want  judge.Outcome
		buyer string
	}{
		{"a refused address", judge.Reply{Status: 400, Body: []byte(`{"error_type":"unsupported_shipping_address","error_text":"Hit skickar vi inte."}`)}, judge.Refused, "Hit skickar vi inte."},
		{"the provider's own text", judge.Reply{Status: 400, Body: []byte(`{"error_type":"unsupported_shipping_address"}`)}, judge.Refused, "We cannot ship to this address."},
		{"no text where one is needed", judge.Reply{Status: 400, Body: []byte(`{"error_type":"approval_failed","error_text":" "}`)}, judge.Unusable, "Something went wrong. Please try again."},
		{"an unknown type", judge.Reply{Status: 400, Body: []byte(`{"error_type":"no","error_text":"x"}`)}, judge.Unusable, "Something went wrong. Please try again."},
		{"a type of another kind", judge.Reply{Status: 400, Body: []byte(`{"error_type":1,"error_text":2}`)}, judge.Unusable, "Something went wrong. Please try again."},
		{"a 400 of a proxy", judge.Reply{Status: 400, Body: []byte("Bad Request")}, judge.Unusable, "Something went wrong. Please try again."},
		{"303", judge.Reply{Status: 303, Location: "https://shop.example/us"}, judge.Redirected, "The buyer is taken to https://shop.example/us"},
		{"302 is taken too", judge.Reply{Status: 302, Location: "https://shop.example/us"}, judge.Redirected, "The buyer is taken to https://shop.example/us"},
		{"308 is no redirect here", judge.Reply{Status: 308, Location: "https://shop.example/us"}, judge.Unusable, "Something went wrong. Please try again."},
		{"303 to nowhere", judge.Reply{Status: 303}, judge.Unusable, "Something went wrong. Please try again."},
		{"303 to a path", judge.Reply{Status: 303, Location: "/us"}, judge.Unusable, "Something went wrong. Please try again."},
		{"500", judge.Reply{Status: 500}, judge.Unusable, "Something went wrong. Please try again."},
		{"204", judge.Reply{Status: 204}, judge.Unusable, "Something went wrong. Please try again."},
		{"late", judge.Reply{Failure: judge.Late}, judge.Silent, "Something went wrong. Please try again."},
		{"nobody there", judge.Reply{Failure: judge.Unreachable}, judge.Silent, "Something went wrong. Please try again."},
		{"cut off", judge.Reply{Status: 200, Failure: judge.CutOff}, judge.Unusable, "Something went wrong. Please try again."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := judge.Update(&c.reply)
			if v.Outcome != c.want || v.Buyer != c.buyer || v.Why == "" || v.GoesOn() || v.Answer != nil {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestValidations(t *testing.T) {
	t.Parallel()
	refusal := []byte(`{"error_type":"approval_failed","error_text":"Slut i lager."}`)
	for _, c := range []struct {
		name               string
		reply              judge.Reply
		unasked, requested judge.Outcome // without and with require_validate_callback_success
	}{
		{"200", judge.Reply{Status: 200}, judge.Approved, judge.Approved},
		{"200 with a body that nobody reads", judge.Reply{Status: 200, Body: []byte("ok"), Failure: judge.CutOff}, judge.Approved, judge.Approved},
		{"400", judge.Reply{Status: 400, Body: refusal}, judge.Denied, judge.Denied},
		{"400 that says nothing", judge.Reply{Status: 400}, judge.Denied, judge.Denied},
		{"303", judge.Reply{Status: 303, Location: "https://shop.example/stock"}, judge.Redirected, judge.Redirected},
		{"303 to nowhere", judge.Reply{Status: 303}, judge.Denied, judge.Denied},
		{"500", judge.Reply{Status: 500}, judge.Approved, judge.Denied},
		{"404", judge.Reply{Status: 404}, judge.Approved, judge.Denied},
		{"late", judge.Reply{Failure: judge.Late}, judge.Approved, judge.Denied},
		{"nobody there", judge.Reply{Failure: judge.Unreachable}, judge.Approved, judge.Denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for required, want := range map[bool]judge.Outcome{false: c.unasked, true: c.requested} {
				if v := judge.Validation(&c.reply, required); v.Outcome != want || v.Why == "" || v.GoesOn() != (want == judge.Approved) {
					t.Errorf("required %v: %+v", required, v)
				}
			}
		})
	}
	if v := judge.Validation(&judge.Reply{Status: 400, Body: refusal}, true); v.Buyer != "Slut i lager." || v.ErrorType != "approval_failed" {
		t.Errorf("what the buyer reads: %+v", v)
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	good := `{"purchase_country":"se","locale":"sv-SE",` + cart(goodLine, "")[1:]
	for _, c := range []struct{ name, body, faults string }{
		{"a right one", good, ""},
		{"nothing", "{}", "/purchase_country /purchase_currency /locale /order_amount /order_tax_amount /order_lines"},
		{"a country in words", strings.Replace(good, `"se"`, `"Sweden"`, 1), "/purchase_country"},
		{"a long reference", strings.Replace(good, "{", `{"merchant_reference1":"`+strings.Repeat("r", 256)+`",`, 1), "/merchant_reference1"},
		{"more merchant_data than an answer may have", strings.Replace(good, "{", `{"merchant_data":"`+strings.Repeat("r", 6000)+`",`, 1), ""},
		{"no object", "[]", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			faults := judge.Order([]byte(c.body))
			if diff := cmp.Diff(c.faults, pointers(&judge.Verdict{Faults: faults})); diff != "" {
				t.Errorf("-want +got:\n%s%v", diff, faults)
			}
			for _, f := range faults {
				if f.Found == "" || f.Want == "" || f.Rule == "" || !strings.Contains(f.String(), f.Want) {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// FuzzUpdate wants of any body: it is taken with all that is needed in it, or refused with a reason.
func FuzzUpdate(f *testing.F) {
	f.Add([]byte(cart(goodLine, "")))
	f.Add([]byte(options(goodOption)))
	f.Add([]byte(`{"order_amount":0,"order_tax_amount":0,"purchase_currency":"SEK","order_lines":[]}`))
	f.Add([]byte(`{"error_type":"address_error","error_text":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		v := judge.Update(&judge.Reply{Status: 200, Body: body})
		switch v.Outcome {
		case judge.Applied:
			for _, name := range []string{"order_amount", "order_tax_amount", "order_lines", "purchase_currency"} {
				if v.Answer.Members[name] == nil {
					t.Errorf("taken without %s", name)
				}
			}
		case judge.Unusable:
			if len(v.Faults) == 0 {
				t.Error("refused without a reason")
			}
		default:
			t.Errorf("outcome %q", v.Outcome)
		}
		if e := judge.Update(&judge.Reply{Status: 400, Body: body}); (e.Outcome == judge.Refused) != (len(e.Faults) == 0) {
			t.Errorf("%+v", e)
		}
	})
}
