package starter

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrGone is an interview that ended before the last answer.
var ErrGone = errors.New("the answers ended before the last question; nothing was written")

// Interview asks a person, one question a line. Given are the names of flags that were answered already.
type Interview struct {
	In    *bufio.Reader
	Out   io.Writer
	Given func(flag string) bool
}

// ask asks until take accepts an answer. An empty answer is the default.
func (v *Interview) ask(flag, question, usual string, take func(answer string) error) error {
	if v.Given(flag) {
		return nil
	}
	for {
		if _, err := fmt.Fprintf(v.Out, "%s [%s] ", question, usual); err != nil {
			return err
		}
		answer, err := v.line()
		if err != nil {
			return err
		}
		if answer == "" {
			answer = usual
		}
		fault := take(answer)
		if fault == nil {
			return nil
		}
		if _, err := fmt.Fprintf(v.Out, "  %v\n", fault); err != nil {
			return err
		}
	}
}

// line reads one line without the space around it.
func (v *Interview) line() (string, error) {
	text, err := v.In.ReadString('\n')
	if err != nil && text == "" {
		if errors.Is(err, io.EOF) {
			err = ErrGone
		}
		return "", err
	}
	return strings.TrimSpace(text), nil
}

// many asks for lines until an empty one. None are the default.
func (v *Interview) many(flag, question string, usual []string, check func(string) error) ([]string, error) {
	if _, err := fmt.Fprintf(v.Out, "%s\n", question); err != nil {
		return nil, err
	}
	var all []string
	for {
		shown := "no more"
		switch {
		case len(all) == 0 && len(usual) > 0:
			shown = strings.Join(usual, "; ")
		case len(all) == 0:
			shown = "none"
		}
		var answer string
		err := v.ask(flag, fmt.Sprintf("  %d:", len(all)+1), shown, func(text string) error {
			if answer = text; text == shown {
				answer = ""
				return nil
			}
			return check(text)
		})
		if err != nil {
			return nil, err
		}
		if answer == "" {
			return all, nil
		}
		all = append(all, answer)
	}
}

// Rulebook asks for the answers that a rulebook needs.
func (v *Interview) Rulebook(a *Answers) error {
	usual := a.Country
	if usual == "" {
		usual = "SE"
	}
	steps := []func() error{
		func() error {
			return v.ask("country", "Which country is the shop in?", usual, a.trying(func(a *Answers, s string) { a.Country = s }))
		},
		a.Home,
		func() error {
			return v.ask("currency", "In which currency are its prices?", a.Currency, a.trying(func(a *Answers, s string) { a.Currency = s }))
		},
		func() error {
			return v.ask("languages", "In which languages does it speak, the first one first?", strings.Join(a.Languages, " "),
				a.trying(func(a *Answers, s string) { a.Languages = words(s) }))
		},
		func() error {
			return v.ask("ship-to", "Which other countries does it send to (codes; EU for its members)?", "none",
				a.trying(func(a *Answers, s string) { a.ShipTo = words(strings.TrimPrefix(s, "none")) }))
		},
		func() error { return v.prices(a) },
		func() error { return v.tax(a) },
		a.Complete,
		func() error { return v.options(a) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// trying returns what takes an answer into a where a is usable with it.
func (a *Answers) trying(set func(*Answers, string)) func(string) error {
	return func(text string) error {
		try := *a
		try.Options = nil
		set(&try, text)
		if err := try.Complete(); err != nil {
			return err
		}
		set(a, text)
		return nil
	}
}

// words parts a list at spaces and commas.
func words(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' })
}

func (v *Interview) prices(a *Answers) error {
	usual := map[string]string{IncludeTax: "yes", ExcludeTax: "no"}[a.Prices]
	return v.ask("prices", "Do its freight prices include tax?", usual, func(text string) error {
		switch text {
		case "yes", "y":
			a.Prices = IncludeTax
		case "no", "n":
			a.Prices = ExcludeTax
		default:
			return fmt.Errorf("%q: want yes or no", text)
		}
		return nil
	})
}

// tax asks about VAT within the EU, or about sales tax.
func (v *Interview) tax(a *Answers) error {
	home, _ := countryOf(a.Country)
	switch {
	case a.Country == usa && !v.Given("collect-in"):
		collect, err := v.many("collect-in", "In which states does it collect sales tax? Each with its rate and whether freight is taxed\n"+
			`(all, follow goods or none), such as "US-CA 7.25% none"`, nil, CheckCollect)
		a.Collect = collect
		return err
	case !home.eu || !slices.ContainsFunc(a.ShipTo, func(to string) bool { return (&book{Answers: *a}).inUnion(strings.ToUpper(to)) }):
		return nil
	}
	return v.ask("vat", "VAT of buyers elsewhere in the EU: their rate (destination), or the shop's own (home, below 10,000 euro a year)?", a.VAT,
		a.trying(func(a *Answers, s string) { a.VAT = s }))
}

// options asks for the shipping options.
func (v *Interview) options(a *Answers) error {
	if v.Given("option") {
		return nil
	}
	all, err := v.many("option", "Which shipping options? One a line: "+OptionForm, a.DefaultOptions(), a.CheckOption)
	if len(all) > 0 {
		a.Options = all
	}
	return err
}
