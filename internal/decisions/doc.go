// Package decisions keeps the last priced callbacks in memory, so that somebody who asks why an order was priced so can be told.
//
// Its one rule: what is kept is written down member by member from a list of what the tables ask for. Personal data, free text
// and secrets are not taken out of a copy; they never get in.
//
// What is kept of a question: countries, regions, postcodes, currency, locale, amounts, the kind of customer, tags, coupons and
// customer group, the chosen option; of each line its type, reference, amounts, category, weight, size and tags. Of a member that
// names, finds or tells something about a person it is kept that it was there, as the word "given", since tables may ask whether
// something is missing. Of a VAT id its form is kept: letters, and 0 for each digit. References of gift cards and store credit, by
// which somebody could pay, are not kept.
package decisions
