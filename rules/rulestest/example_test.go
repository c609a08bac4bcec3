package rulestest_test

import (
	"fmt"
	"os"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// first loads the rulebook of the README.
func first(r *diag.Report) (rulestest.Subject, error) {
	b := rulebook.LoadFS(os.DirFS("../../configs/examples/first"), rulebook.Options{Shipped: configs.FS()}, r)
	return b.Subject(rules.Options{})
}

func ExampleRun() {
	r := new(diag.Report)
	s, err := first(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	result := rulestest.Run(os.DirFS("../../configs/examples/first"), "first.test.yaml", s, r)
	if err := rulestest.Text(os.Stdout, []*rulestest.Result{result}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// first.test.yaml    3 cases  9 checks   ok
	// 3 passed, 0 failed
}

func ExampleExplain() {
	r := new(diag.Report)
	s, err := first(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	x := rulestest.Explain(s, rulestest.Asked{To: "SE 621 57", Cart: "21 kg, 700.00"}, now, r)
	for _, o := range x.Options {
		for _, step := range o.Steps {
			fmt.Printf("%s offered %t: %s, %s line %d\n", o.ID, o.Offered, step.Text, step.File, step.Line)
		}
	}
	fmt.Println(x.Refusal.Error)
	// Output:
	// ombud offered false: price: no row fits in SEK, shipping.yaml line 17
	// unsupported_shipping_address
}
