//go:build goexperiment.jsonv2

package order

// Under GOEXPERIMENT=jsonv2 the JSON module hands everything to the encoding/json/v2 of the tool chain, and that of
// Go 1.26 does not know the embed option: it drops unknown members without a word, so an order would go back poorer than
// it came. This file does not compile, and that is its purpose: build without GOEXPERIMENT=jsonv2.
var _ int = "GOEXPERIMENT=jsonv2 loses unknown members of an order: build without it"
