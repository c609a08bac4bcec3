package diag

import "strings"

// Suggest returns the name in names that is nearest to got within two edits (a letter added, left out, changed, or two
// neighbours swapped), or "". Short names take fewer edits: one from two letters, two from four. Names that differ only
// in case are nearest; of equally near ones the first is returned.
func Suggest(got string, names []string) string {
	a := []rune(strings.ToLower(got))
	limit := min(2, len(a)/2)
	best, bestDist := "", limit+1
	for _, name := range names {
		if name == got {
			continue
		}
		if d := distance(a, []rune(strings.ToLower(name)), bestDist); d < bestDist {
			best, bestDist = name, d
		}
	}
	return best
}

// distance is the Damerau-Levenshtein distance (optimal string alignment); it may return limit where it would be more.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	prev2, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
