package shipping

import (
	"strings"

	"github.com/kvitto/kvitto/rules/table"
)

// phrase says a condition word as in a sentence, e.g. "up to 5 kg".
func phrase(t *table.Term) string {
	switch t.Word {
	case table.WordMaxWeight, table.WordMaxTotal:
		return "up to " + t.Value()
	case table.WordMaxItems:
		return "up to " + pieces(t)
	case table.WordMinWeight, table.WordMinTotal:
		return "from " + t.Value()
	case table.WordMinItems:
		return "from " + pieces(t)
	default:
		return strings.ReplaceAll(t.Word.String(), "_", " ") + " " + t.Value()
	}
}

func pieces(t *table.Term) string {
	if t.Limit == 1 {
		return "1 item"
	}
	return t.Value() + " items"
}

// phrases says a condition; "" for one without words.
func phrases(c *table.Condition) string {
	terms := c.Terms()
	parts := make([]string, len(terms))
	for i := range terms {
		parts[i] = phrase(&terms[i])
	}
	return strings.Join(parts, ", ")
}
