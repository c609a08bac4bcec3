package configs

import (
	"embed"
	"io/fs"

	"github.com/kvitto/kvitto/rules/diag"
)

//go:embed kvitto.yaml vat-rates.yaml demo examples
var shipped embed.FS

// DemoToken is the token of serve --demo. Everybody knows it, so the demo listens on loopback only.
const DemoToken = "demo-token-for-this-machine-only-never-use-it-live"

// DemoShopToken is the shop's own token of serve --demo, for quote and freight-from. Everybody knows it too.
const DemoShopToken = "demo-shop-token-for-this-machine-only-never-use-it-live"

// FS holds the files that come with the program: kvitto.yaml, vat-rates.yaml, demo and examples.
func FS() fs.FS { return shipped }

// Demo returns the configuration of serve --demo. Its rules are the folder demo/rules of FS. It panics where the
// embedded file has a fault, which a test rules out.
func Demo() *Config {
	var r diag.Report
	c := LoadFS(shipped, "demo/kvitto.yaml", nil, &r)
	if c == nil {
		panic("configs: demo/kvitto.yaml: " + r.Findings()[0].Message)
	}
	return c
}
