package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFlexible(t *testing.T) {
	t.Parallel()
	i := run(t, "flexible-shipping", "fs.json", `{"method_title":"Paket","method_free_shipping":"999","method_rules":[
	{"conditions":[{"condition_id":"weight","operator":"is","min":"","max":"5"}],"cost_per_order":"49","additional_costs":[],"special_action":"none"},
	{"conditions":[{"condition_id":"weight","min":"5.001","max":"30"},{"condition_id":"value","min":"100","max":""}],"cost_per_order":"59,50",
	 "additional_costs":[{"additional_cost":"2","per_value":"0.5","based_on":"weight"},{"additional_cost":"1","per_value":"1","based_on":"item"}],"special_action":"none"},
	{"conditions":[{"condition_id":"item","min":"20","max":""}],"cost_per_order":"","special_action":"cancel"}]}`, nil)
	i.sound(t)
	equal(t, "findings", "", i.short(t))
	_, got, _ := strings.Cut(i.file(t, "shipping.yaml"), "\noptions:\n")
	equal(t, "options", `
  - id: paket
    name: Paket
    price: 0.00
    when:
      - {max_weight: 5 kg}
      - {min_weight: 5.001 kg, max_weight: 30 kg, min_total: 100.00}
    unless:
      - {min_items: 20}
    surcharges:
      - {max_weight: 5 kg, add: 49.00}
      - {min_weight: 5.001 kg, max_weight: 30 kg, min_total: 100.00, add: 59.50}
      - {min_weight: 5.001 kg, max_weight: 30 kg, min_total: 100.00, each: 500 g, add: 2.00}
      - {min_weight: 5.001 kg, max_weight: 30 kg, min_total: 100.00, each: 1 item, add: 1.00}
    free_from: 999.00

`, got)
}

// TestFlexibleStops: rules that stop are a price list; several methods are several options.
func TestFlexibleStops(t *testing.T) {
	t.Parallel()
	i := run(t, "flexible-shipping", "fs.json", `{"methods":[{"method_title":"A","method_max_cost":"90","method_rules":[
{"conditions":[{"condition_id":"weight","max":"5"}],"cost_per_order":"49","special_action":"stop"},
{"conditions":[{"condition_id":"value","min":"1000"}],"special_action":"cancel"},
{"conditions":[{"condition_id":"none"}],"cost_per_order":"99","special_action":"none"}]},
{"method_title":"B","method_rules":[{"conditions":[],"cost_per_order":"10"}]}]}`, withoutVAT)
	i.sound(t)
	if got := squeeze(i.file(t, "shipping.yaml")); !strings.Contains(got, "max_price: 90.00 price: table: | max_weight | min_total | price 5 kg | any | 49.00 any | 1000.00 | - any | any | 99.00") {
		t.Errorf("shipping.yaml: %s", got)
	}
}

func TestFlexibleWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, rule, want string }{
		{"a class", `{"conditions":[{"condition_id":"shipping_class"}],"cost_per_order":"1"}`, "a rulebook cannot look at `shipping_class` (is) as the rule does [W904]"},
		{"not", `{"conditions":[{"condition_id":"weight","operator":"is_not","max":"1"}],"cost_per_order":"1"}`, "a rulebook cannot look at `weight` (is_not) as the rule does [W904]"},
		{"per value", `{"additional_costs":[{"additional_cost":"1","per_value":"10","based_on":"value"}],"conditions":[]}`, "a rulebook cannot add an amount for each part of the `value` [W904]"},
		{"a step of less", `{"additional_costs":[{"additional_cost":"1","per_value":"0.0001","based_on":"weight"}],"conditions":[]}`, "the step `0.0001` is not a whole number of grams or pieces [W904]"},
		{"no number", `{"conditions":[{"condition_id":"weight","max":"x"}]}`, "`x` is not a number [E902]"},
		{"no amount", `{"conditions":[],"cost_per_order":"x"}`, "`x` is not an amount [E902]"},
		{"no action", `{"conditions":[],"special_action":"jump"}`, "`jump` is not a special action [E902]"},
		{"reversed", `{"conditions":[{"condition_id":"weight","min":"5","max":"2"}]}`, "no weight is from the lower up to the upper limit [E902]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			i := run(t, "flexible-shipping", "fs.json", `[{"method_title":"A","method_rules":[{"conditions":[],"cost_per_order":"1"}]},{"method_title":"B","method_rules":[`+c.rule+`]}]`, withoutVAT)
			i.sound(t)
			if got := i.short(t); !strings.Contains(got, c.want) || strings.Count(got, "\n") != 1 {
				t.Errorf("findings:\n%s", got)
			}
		})
	}
	i := run(t, "flexible-shipping", "fs.json", `{"a":[1]}`, nil)
	equal(t, "findings", "fs.json:1:1: there are no rules in this file [E901]\n", i.short(t))
	i = run(t, "flexible-shipping", "fs.json", `[{"conditions":[],"cost_per_order":"1","special_action":"none"},{"conditions":[{"condition_id":"weight","max":"1"}],"cost_per_order":"1","special_action":"stop"},{"conditions":[]}]`, nil)
	if got := i.short(t); !strings.Contains(got, "has rules that add up and rules that stop") {
		t.Errorf("findings:\n%s", got)
	}
	i = run(t, "flexible-shipping", "fs.json", `{"method_calculation_method":"lowest","method_rules":[{"conditions":[]}]}`, nil)
	if got := i.short(t); !strings.Contains(got, "takes the `lowest` of its rules") {
		t.Errorf("findings:\n%s", got)
	}
}

// TestFlexibleProperty: random rules cost the same in the rulebook, or the method is left out.
func TestFlexibleProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		actions := rapid.SampledFrom([][]string{{"none"}, {"none", "cancel"}, {"stop", "cancel"}, {"none", "stop"}}).Draw(rt, "actions")
		var rules []string
		for range rapid.IntRange(1, 6).Draw(rt, "rules") {
			var conditions []string
			for _, what := range []string{"weight", "value", "item"} {
				if rapid.Bool().Draw(rt, what) {
					from := rapid.IntRange(0, 5).Draw(rt, "min")
					conditions = append(conditions, fmt.Sprintf(`{"condition_id":%q,"min":"%d","max":"%d"}`, what, from, from+rapid.IntRange(1, 200).Draw(rt, "max")))
				}
			}
			extra := ""
			if actions[0] == "none" && rapid.Bool().Draw(rt, "extra") {
				extra = fmt.Sprintf(`{"additional_cost":"%d","per_value":"%d","based_on":%q}`, rapid.IntRange(0, 9).Draw(rt, "add"), rapid.IntRange(1, 4).Draw(rt, "per"),
					rapid.SampledFrom([]string{"weight", "item"}).Draw(rt, "on"))
			}
			rules = append(rules, fmt.Sprintf(`{"conditions":[%s],"cost_per_order":"%d","additional_costs":[%s],"special_action":%q}`, strings.Join(conditions, ","),
				rapid.IntRange(0, 99).Draw(rt, "cost"), extra, rapid.SampledFrom(actions).Draw(rt, "action")))
		}
		text := "[" + strings.Join(rules, ",\n") + "]"
		i := run(t, "flexible-shipping", "fs.json", text, withoutVAT)
		if i.Result == nil {
			if !i.report.Failed() {
				rt.Fatal("nothing was imported and nothing told: ", text)
			}
			return
		}
		if fault := i.fault(t); fault != "" {
			rt.Fatal(text, fault)
		}
	})
}

func FuzzFlexible(f *testing.F) {
	f.Add(`[{"conditions":[{"condition_id":"weight","min":"1","max":"5"}],"cost_per_order":"49","additional_costs":[{"additional_cost":"2","per_value":"0.5","based_on":"weight"}]}]`)
	f.Add(`{"method_title":"A","method_free_shipping":"9","method_rules":[{"conditions":[{"condition_id":"value","max":"5"}],"cost_per_order":"4","special_action":"stop"},{"conditions":[]}]}`)
	f.Fuzz(func(t *testing.T, text string) { anySource(t, "flexible-shipping", "fs.json", text) })
}
