package order

// Upper returns code with the letters a to z in upper case; it allocates only where there are some.
func Upper(code string) string { return turn(code, 'a', 'z') }

// Lower returns code with the letters A to Z in lower case; it allocates only where there are some.
func Lower(code string) string { return turn(code, 'A', 'Z') }

// turn switches the case of the letters from first to last.
func turn(s string, first, last byte) string {
	for i := range len(s) {
		if first <= s[i] && s[i] <= last {
			b := []byte(s)
			for j := i; j < len(b); j++ {
				if first <= b[j] && b[j] <= last {
					b[j] ^= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}

// Language returns the primary subtag of the locale in lower case, such as sv for sv-SE and sv_SE. It is empty where
// the locale is missing or does not begin with two to eight letters.
func (o *Order) Language() string {
	n := 0
	for n < len(o.Locale) && o.Locale[n] != '-' && o.Locale[n] != '_' {
		c := o.Locale[n] | 0x20
		if n == 8 || c < 'a' || c > 'z' {
			return ""
		}
		n++
	}
	if n < 2 {
		return ""
	}
	return Lower(o.Locale[:n])
}
