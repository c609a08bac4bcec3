package configs

import (
	"embed"
	"io/fs"

	"github.com/kvitto/kvitto/rules/diag"
)

//go:embed kvitto.yaml vat-rates.yaml demo examples
var shipped embed.FS

// DemoToken is the token of the first shop of serve --demo. Everybody knows it, so the demo listens on loopback only.
const DemoToken = "demo" + demoToken

// DemoShopToken is that shop's own token, for quote and freight-from. Everybody knows it too.
const DemoShopToken = "demo-shop" + demoToken

const demoToken = "-token-for-this-machine-only-never-use-it-live"

// DemoTokenOf is the token of any shop of serve --demo, by its merchant id.
func DemoTokenOf(merchant string) string { return merchant + demoToken }

// FS holds the files that come with the program: kvitto.yaml, vat-rates.yaml, demo and examples.
func FS() fs.FS { return shipped }

// Demo returns the configuration of serve --demo. Its rules are folders of FS. It panics where the
// embedded file has a fault, which a test rules out.
func Demo() *Config {
	var r diag.Report
	c := LoadFS(shipped, "demo/kvitto.yaml", nil, &r)
	if c == nil {
		panic("configs: demo/kvitto.yaml: " + r.Findings()[0].Message)
	}
	return c
}
