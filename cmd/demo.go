package cmd

import (
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/simulator/page"
)

// printDemo tells where the demo shop answers, with a request to try.
func printDemo(w io.Writer, public, admin string) error {
	body, err := fs.ReadFile(configs.FS(), "demo/address-update.json")
	if err != nil {
		return err
	}
	url := fmt.Sprintf("http://%s/v1/demo/%s/address-update", public, configs.DemoToken)
	_, err = fmt.Fprintf(w, `Kvitto serves three demo shops: of the Nordic countries, of Germany and of the USA. Their callbacks begin with

  http://%s/v1/demo/%s/
  http://%s/v1/demo-de/%s/
  http://%s/v1/demo-us/%s/

Play the checkout: a buyer in Stockholm has put a lamp and a jar of jam into the cart.

  curl -s %s -H 'Content-Type: application/json' -d '%s'

Health, readiness and metrics: http://%s/metrics. Stop with Ctrl-C.
`, public, configs.DemoToken, public, configs.DemoTokenOf("demo-de"), public, configs.DemoTokenOf("demo-us"), url, strings.TrimSpace(string(body)), admin)
	return err
}

// describeDemo says what a demo shop is called, where it sells, and what.
func describeDemo(s *page.Shop) {
	switch s.ID {
	case "demo":
		s.Title, s.Market = "Lyktan, Gothenburg", "Sweden, Norway, Denmark, Finland"
		s.Carts = []string{"books-and-lamps", "sofa", "digital", "gift-card", "business"}
	case "demo-de":
		s.Title, s.Market = "Haus & Garten, Berlin", "Germany, Austria, Switzerland"
		s.Carts = []string{"german", "german-bulky", "german-business"}
	case "demo-us":
		s.Title, s.Market = "Lighthouse Supply, Chicago", "United States"
		s.Carts = []string{"us", "us-freight", "us-gift-card"}
	}
}
