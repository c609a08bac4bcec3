// Package importer turns the tables of other shop systems and plain price sheets into a rulebook: shipping.yaml, tax.yaml, side
// files, a test and a report.
//
// Its one rule: what it writes is proved. Every row of the source is priced twice, by an evaluator of the source's own meaning
// that shares nothing with the engine, and by the rulebook through the engine; a difference is told with the row.
//
// A source goes through four steps: it is read into rows with places (one file for each kind), the rows become a draft of options,
// zones and taxes, the draft is written as files, and the files are loaded and asked. Amounts are whole minor units, weights whole
// grams, rates whole parts of 1/10 000 per cent; numbers are read as fractions, never as floats. Nothing here writes a file.
package importer
