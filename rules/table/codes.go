package table

// Code is a code of a finding and what it means, in one line.
type Code struct{ Code, Meaning string }

// Codes lists the faults of values, names and sheets that this package tells, in order. Codes are permanent: one may be
// retired, never given a new meaning. Postcodes and zones have theirs beside them (E212 to E216), the file itself in
// package diag.
func Codes() []Code {
	return []Code{
		{"E023", "a workbook cannot be read: a password, macros, another kind of file, too large"},
		{"E024", "a workbook has no sheet of that name, or several and none is named"},
		{"E101", "a weight, length, density or amount has no unit"},
		{"E102", "the unit is not known, or stands in the wrong place"},
		{"E103", "an amount has more decimals than its currency"},
		{"E104", "a value is negative, or zero where nothing can be zero"},
		{"E105", "not a date of the calendar, written 2026-01-31"},
		{"E106", "until is before from"},
		{"E107", "the currency is not known"},
		{"E108", "a number is written with a decimal comma"},
		{"E109", "the language is not among the file's languages"},
		{"E110", "a per cent is over 100"},
		{"E111", "a per cent has more decimals than the tax can carry"},
		{"E112", "a number has signs between its thousands"},
		{"E113", "not a time of the day or a day of the week"},
		{"E114", "a range is reversed, empty, or written with - instead of to"},
		{"E115", "a number is too large or has too many digits"},
		{"E116", "the same currency, name or day stands twice"},
		{"E117", "not one of the words that are possible here"},
		{"E118", "a cell of a workbook shows an error or no value"},
		{"E119", "the text is not written in the form that is wanted here"},
		{"E201", "the class is not declared"},
		{"E203", "the zone is not declared"},
		{"E207", "there are more than 64 classes in a file"},
		{"E208", "a class has neither tags nor sku nor category"},
		{"E301", "a row has more or fewer cells than the head"},
		{"E302", "a column is not known, has no name, or stands twice"},
		{"E303", "a price list has no column with prices"},
		{"E304", "a cell is not money"},
		{"E305", "a table has no head or no rows"},
		{"E306", "the quotes in a CSV file are wrong"},
		{"E307", "a table is not written as a block of lines"},
		{"W301", "a CSV file is not UTF-8 and was converted"},
		{"W302", "a cell of a workbook holds more decimals than it shows"},
		{"W501", "a zone that nothing uses"},
		{"W502", "a class that nothing uses"},
		{"W503", "a calendar that nothing uses"},
	}
}
