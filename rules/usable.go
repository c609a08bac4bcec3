package rules

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
)

// Limits of what one shipping engine may offer.
const (
	maxOptions = 1000
	maxName    = 255 // characters; contract 2.3
)

// check tells what makes offers unusable: what no checkout can show, or no arithmetic can work with. table is true for offers
// of a table.
func (o *Offers) check(table bool) error {
	switch {
	case len(o.Options) > maxOptions:
		return fmt.Errorf("%w: %d options; at most %d are allowed", ErrNonsense, len(o.Options), maxOptions)
	case o.Preselect > PreselectID:
		return fmt.Errorf("%w: preselect mode %d", ErrNonsense, o.Preselect)
	case o.NoOption != nil && o.NoOption.Kind != "" && !o.NoOption.Kind.known():
		return fmt.Errorf("%w: reject of an unknown kind", ErrNonsense)
	}
	for i := range o.Options {
		if err := o.Options[i].check(table); err != nil {
			return fmt.Errorf("%w: options[%d]%w", ErrNonsense, i, err)
		}
	}
	return nil
}

// errNoID is an offer that nobody could choose.
var errNoID = errors.New(" has no id")

// check tells what makes an offer unusable, as it goes on after the name of the offer. Of a table only what the arithmetic
// could not stand: a text that the checkout does not take is held back by the gate, with its alarm.
func (o *Offer) check(table bool) error {
	if o.ID == "" {
		return errNoID
	}
	if o.Price < 0 || o.Price > order.MaxLineAmount {
		return fmt.Errorf(".price: %d is not from 0 to %d", o.Price, order.MaxLineAmount)
	}
	if table {
		return nil
	}
	if n := utf8.RuneCountInString(o.Name); n < 1 || n > maxName {
		return fmt.Errorf(".name has %d characters; want 1 to %d", n, maxName)
	}
	if o.Round.To < 0 || o.Round.Mode > pricing.RoundDown {
		return fmt.Errorf(".round: to multiples of %d, mode %d", o.Round.To, o.Round.Mode)
	}
	for _, text := range [...]struct{ name, text string }{
		{"id", o.ID}, {"name", o.Name}, {"description", o.Description}, {"promo", o.Promo},
		{"method", o.Method}, {"tms_reference", o.TMSReference},
	} {
		if !utf8.ValidString(text.text) {
			return fmt.Errorf(".%s is not UTF-8", text.name)
		}
	}
	return nil
}
