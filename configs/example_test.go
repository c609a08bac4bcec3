package configs_test

import (
	"fmt"
	"os"
	"testing/fstest"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

func ExampleLoadFS() {
	fsys := fstest.MapFS{
		"kvitto.yaml":         {Data: []byte("listen: 127.0.0.1\nmerchants:\n  - {id: shop, rules: rule, tokens: [{env: SHOP_TOKEN}]}\n")},
		"rules/shipping.yaml": {},
	}
	environ := []string{"KVITTO_LOG_LEVEL=loud"}
	var r diag.Report
	if configs.LoadFS(fsys, "kvitto.yaml", environ, &r) == nil {
		if err := r.Short(os.Stdout); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// $KVITTO_LOG_LEVEL:1:1: "loud" is not known here [C001]
	// kvitto.yaml:1:9: "127.0.0.1" is not an address with a port [C005]
	// kvitto.yaml:3:23: there is no folder "rule"; did you mean `rules`? [C016]
	// kvitto.yaml:3:44: the variable SHOP_TOKEN is not set [C012]
}

func ExampleDemo() {
	c := configs.Demo()
	fmt.Println(c.Listen, c.Merchants[0].ID, c.Merchants[0].Mode)
	// Output: 127.0.0.1:8080 demo pricing
}

func ExampleSecret() {
	s := configs.NewSecret("do not tell")
	fmt.Printf("%v %q %#v\n", s, s, s)
	// Output: *** *** ***
}
