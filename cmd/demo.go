package cmd

import (
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/kvitto/kvitto/configs"
)

// printDemo tells where the demo shop answers, with a request to try.
func printDemo(w io.Writer, public, admin string) error {
	body, err := fs.ReadFile(configs.FS(), "demo/address-update.json")
	if err != nil {
		return err
	}
	url := fmt.Sprintf("http://%s/v1/demo/%s/address-update", public, configs.DemoToken)
	_, err = fmt.Fprintf(w, `Kvitto serves the demo shop. Its callbacks begin with

  http://%s/v1/demo/%s/

Play the checkout: a buyer in Stockholm has put a lamp and a jar of jam into the cart.

  curl -s %s -H 'Content-Type: application/json' -d '%s'

Health, readiness and metrics: http://%s/metrics. Stop with Ctrl-C.
`, public, configs.DemoToken, url, strings.TrimSpace(string(body)), admin)
	return err
}
