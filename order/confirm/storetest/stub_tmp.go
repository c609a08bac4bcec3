package storetest

import "testing"

func intake() []law  { return nil }
func due() []law     { return nil }
func leases() []law  { return nil }
func prepare() []law { return nil }
func facts() []law   { return nil }
func finish() []law  { return nil }
func shelf() []law   { return nil }
func reading() []law { return nil }
func life() []law    { return nil }
func races() []law   { return nil }

func againstModel(t *testing.T, s Subject) {}
func movers(t *testing.T, s Subject)       {}
