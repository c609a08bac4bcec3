package rulebook

import (
	"errors"

	"github.com/kvitto/kvitto/rules/diag"
	"github.com/kvitto/kvitto/shipping"
)

// errProviderLine is a merchant whose freight line is the provider's, with tables whose tax depends on the freight.
var errProviderLine = errors.New("shipping_line: \"provider\" does not go with a " + TaxFile +
	" that taxes freight by sales_tax lines, which the provider does not change with the option; want \"merchant\", or shipping_tax none in every state")

// tellTaxClasses tells options with a tax_class where the tax is sales tax: there it has no effect.
func tellTaxClasses(ship *shipping.Table, r *diag.Report) {
	for _, use := range ship.TaxClasses() {
		f := r.Errorf("E413", use.Place, "`tax_class` has no effect with sales tax")
		f.Label = "the tax on freight is that of shipping_tax in " + TaxFile
		f.Help = "leave it out, and say under shipping_tax how each state taxes freight"
	}
}
