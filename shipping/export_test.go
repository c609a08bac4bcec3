package shipping

import "github.com/kvitto/kvitto/rules/table"

// Keys lists every key that a shipping file and its options know, and the condition words: what the guide has to
// show.
func Keys() []string {
	keys := append(fileKeys(), optionKeys()...)
	keys = append(keys, surchargeKeys()...)
	return append(keys, (&table.Scope{}).WordNames()...)
}
