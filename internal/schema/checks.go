package schema

import (
	"maps"

	"github.com/kvitto/kvitto/rules/checks"
)

// checkFile is the schema of checks.yaml.
func checkFile() object {
	defs := commonDefs()
	maps.Copy(defs, conditionDefs(0))
	patterns := object{}
	for _, name := range checks.Members() {
		patterns[name] = ref("names")
	}
	check := closed([]string{"id"},
		prop{"id", "Its name in the log, in tests and in explain. Letters, digits, - and _.", object{"type": []string{"string", "number"}, "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"}},
		prop{"when", "It holds where this holds.", ref("conditions")},
		prop{"unless", "It does not hold where this holds.", ref("conditions")},
		prop{"missing", "Members of the address or the customer of which one is not there.", oneOrMore(word(checks.Members()...))},
		prop{"matches", "Members and what they must look like, all of them; * stands for anything.",
			object{"type": "object", "properties": patterns, "additionalProperties": false, "minProperties": 1}},
		prop{"min_age", "Years; who is younger, or gives no date of birth, is stopped.", ref("count")},
		prop{"on", "The callbacks on which it is asked; validation, when the buyer presses buy, if nothing is said.", oneOrMore(word(checks.Callbacks()...))},
		prop{"reject", "What the buyer is told.", closed([]string{"text"}, prop{"error", "approval_failed if nothing is said.", rejectKind()},
			prop{"text", "One or two sentences.", ref("text")})},
		prop{"redirect", "Where the buyer is sent.", object{"type": "string", "pattern": "^https://"}})
	check["oneOf"] = []object{{"required": []string{"reject"}}, {"required": []string{"redirect"}}}
	return withDefs(closed([]string{"version", "checks"},
		prop{"version", "", ref("version")},
		prop{"checks", "Orders that the shop does not take. The first check that holds decides.", object{"type": "array", "items": check}}), defs)
}
