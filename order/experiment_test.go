package order_test

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// TestExperimentIsRefused type-checks the file that stands in the way of GOEXPERIMENT=jsonv2; a build with it would
// compile the whole standard library anew.
func TestExperimentIsRefused(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "experiment.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	expr, err := constraint.Parse(file.Comments[0].List[0].Text)
	if err != nil {
		t.Fatal(err)
	}
	if !expr.Eval(func(tag string) bool { return tag == "goexperiment.jsonv2" }) || expr.Eval(func(string) bool { return false }) {
		t.Errorf("the file belongs to builds with %s", expr)
	}
	_, err = new(types.Config).Check("order", files, []*ast.File{file}, nil)
	if err == nil || !strings.Contains(err.Error(), "loses unknown members") {
		t.Errorf("it compiles: %v", err)
	}
}
