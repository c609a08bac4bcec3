// Package table is the vocabulary that shipping and tax tables share: values, conditions, zones and their
// index, classes, dates, calendars and CSV side files.
//
// Its one rule: a word means the same wherever it stands. Everything compiled here is read-only and safe for
// concurrent use; look-ups allocate nothing.
package table
