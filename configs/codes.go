package configs

import "github.com/kvitto/kvitto/rules/diag"

// Codes of findings about the configuration. They are permanent. Beside them a configuration can have the findings of
// any file, E001 to E016 (rules/diag).
const (
	CodeWord      = "C001"
	CodeDuration  = "C002"
	CodeBounds    = "C003"
	CodeSize      = "C004"
	CodeAddress   = "C005"
	CodeURL       = "C006"
	CodeCountry   = "C007"
	CodeLanguage  = "C008"
	CodeName      = "C009"
	CodeDuplicate = "C010"
	CodeReference = "C011"
	CodeSecret    = "C012"
	CodeWeakToken = "C013"
	CodeInClear   = "C014"
	CodeUntil     = "C015"
	CodePath      = "C016"
	CodeNetwork   = "C017"
	CodeNeeds     = "C018"
	CodePointer   = "C019"
	CodeNumber    = "C020"
	CodeOverride  = "C021"
	CodeEmptyText = "C022"
	CodeVariable  = "C102"
	CodeShared    = "C103"
)

// Codes returns the codes that this package tells, in order. C101 is retired and never used again.
//
//	| Code | Finding                                                                                |
//	|------|----------------------------------------------------------------------------------------|
//	| C001 | a word that is not among those allowed                                                 |
//	| C002 | not a duration, such as 2.5s or 60m                                                    |
//	| C003 | a value that is too small or too large                                                 |
//	| C004 | not a size in bytes, such as 5MiB                                                      |
//	| C005 | not an address host:port                                                               |
//	| C006 | not an absolute https URL                                                              |
//	| C007 | not a country code                                                                     |
//	| C008 | not a language code                                                                    |
//	| C009 | a name or id with characters that are not allowed                                      |
//	| C010 | a merchant id, token, address or name used twice                                       |
//	| C011 | a reference to a secret that is not exactly one of env, file and (for tokens) sha256   |
//	| C012 | a secret that cannot be read: variable not set, file empty                             |
//	| C013 | a token or key that can be guessed                                                     |
//	| C014 | a secret written in the configuration itself                                           |
//	| C015 | not a date or moment until which a token counts                                        |
//	| C016 | a folder that is not there                                                             |
//	| C017 | not an address or network, or one that is everything                                   |
//	| C018 | something that another setting needs is missing, or two settings exclude each other    |
//	| C019 | not a JSON pointer                                                                     |
//	| C020 | not a number, or not yes or no                                                         |
//	| C021 | an environment variable that cannot be applied                                         |
//	| C022 | a text for the buyer that is empty or too long                                         |
//	| C102 | an environment variable that looks like an override and is none (warning)              |
//	| C103 | two merchants, or a merchant and the console, have the same token (warning)            |
func Codes() []diag.CodeInfo {
	return []diag.CodeInfo{
		{Code: CodeWord, Meaning: "a word that is not among those allowed"},
		{Code: CodeDuration, Meaning: "not a duration, such as 2.5s or 60m"},
		{Code: CodeBounds, Meaning: "a value that is too small or too large"},
		{Code: CodeSize, Meaning: "not a size in bytes, such as 5MiB"},
		{Code: CodeAddress, Meaning: "not an address host:port"},
		{Code: CodeURL, Meaning: "not an absolute https URL"},
		{Code: CodeCountry, Meaning: "not a country code"},
		{Code: CodeLanguage, Meaning: "not a language code"},
		{Code: CodeName, Meaning: "a name or id with characters that are not allowed"},
		{Code: CodeDuplicate, Meaning: "a merchant id, token, address or name used twice"},
		{Code: CodeReference, Meaning: "a reference to a secret that is not exactly one of env, file and (for tokens) sha256"},
		{Code: CodeSecret, Meaning: "a secret that cannot be read: variable not set, file empty"},
		{Code: CodeWeakToken, Meaning: "a token or key that can be guessed"},
		{Code: CodeInClear, Meaning: "a secret written in the configuration itself"},
		{Code: CodeUntil, Meaning: "not a date or moment until which a token counts"},
		{Code: CodePath, Meaning: "a folder that is not there"},
		{Code: CodeNetwork, Meaning: "not an address or network, or one that is everything"},
		{Code: CodeNeeds, Meaning: "something that another setting needs is missing, or two settings exclude each other"},
		{Code: CodePointer, Meaning: "not a JSON pointer"},
		{Code: CodeNumber, Meaning: "not a number, or not yes or no"},
		{Code: CodeOverride, Meaning: "an environment variable that cannot be applied"},
		{Code: CodeEmptyText, Meaning: "a text for the buyer that is empty or too long"},
		{Code: CodeVariable, Meaning: "an environment variable that looks like an override and is none (warning)"},
		{Code: CodeShared, Meaning: "two merchants, or a merchant and the console, have the same token (warning)"},
	}
}
