package diag

// Codes of findings about a file as a whole, whatever it holds. They are permanent: a code may be retired, never given
// a new meaning.
const (
	CodeNotYAML      = "E001"
	CodeTab          = "E002"
	CodeDuplicate    = "E003"
	CodeUnknownKey   = "E004"
	CodeShape        = "E005"
	CodeAlias        = "E006"
	CodeTag          = "E007"
	CodeDocuments    = "E008"
	CodeTooLarge     = "E009"
	CodeNoFile       = "E010"
	CodeNotRegular   = "E011"
	CodeOutside      = "E012"
	CodeNotUTF8      = "E013"
	CodeEmpty        = "E014"
	CodeTooDeep      = "E015"
	CodeMissingKey   = "E016"
	CodeDecimalComma = "E108"
	codeGrouped      = "E112"
)

// CodeInfo is a code of a finding and what it means, in one line.
type CodeInfo struct{ Code, Meaning string }

// Codes returns the codes that this package tells, in order. Other rooms list their own in the same way.
func Codes() []CodeInfo {
	return []CodeInfo{
		{CodeNotYAML, "the file cannot be read as YAML"},
		{CodeTab, "a tab is used for indentation"},
		{CodeDuplicate, "a key stands twice in the same map"},
		{CodeUnknownKey, "a key is not known in this place"},
		{CodeShape, "a text, a list or a map stands where another of them belongs"},
		{CodeAlias, "an anchor, an alias or a merge key is used"},
		{CodeTag, "a tag such as !!binary is used"},
		{CodeDocuments, "the file holds more than one YAML document"},
		{CodeTooLarge, "the file is too large or has too many entries"},
		{CodeNoFile, "the file is not there or cannot be read"},
		{CodeNotRegular, "the name leads to something that is not an ordinary file"},
		{CodeOutside, "the name leads out of the folder"},
		{CodeNotUTF8, "the file is not UTF-8 text"},
		{CodeEmpty, "the file is empty"},
		{CodeTooDeep, "maps and lists are nested too deeply"},
		{CodeMissingKey, "a key that is needed is missing"},
		{CodeDecimalComma, "a number is written with a decimal comma"},
		{codeGrouped, "a number has signs between its thousands"},
	}
}
