package checks

import "slices"

// Keys lists every key that a checks file knows, without the condition words: what the guide has to show.
func Keys() []string { return slices.Concat(fileKeys(), checkKeys(), []string{"error", "text"}) }
