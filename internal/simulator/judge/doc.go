// Package judge takes the answers of a merchant's service as the provider would: it applies or refuses them, and says in
// plain words why.
//
// Its one rule: it shares no code with the service it judges, neither the model nor the arithmetic nor the gate; it knows
// bytes and the contract. Where the contract is silent, the reading is said where it is taken.
//
// Sections named in findings are those of the wire contract (read 2026-11-22): 1.4 answers of update callbacks, 1.5
// validation, 2.1 to 2.3 members and limits, 3 arithmetic.
package judge
