package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// bookOf reads the rulebook of a folder for a command that asks it many questions. products is a list of products, "" none.
// The faults of a rulebook are shown, and the error is then errFindings.
func (p *Program) bookOf(registry *rules.Registry, dir, products string, o rules.Options) (*authoring.Book, error) {
	r := new(diag.Report)
	var book *authoring.Book
	err := openBook(registry, dir, r, func(_ fs.FS, b *rulebook.Rulebook) (err error) {
		if products != "" {
			if b = b.WithProducts(products, r); b == nil {
				return errRules
			}
		}
		book, err = authoring.Open(b, o)
		return err
	})
	if errors.Is(err, errRules) {
		return nil, errors.Join(p.show(p.Stderr, r), errFindings)
	}
	return book, err
}

// instant reads --now in the time zone of the tables; the present where it is empty.
func (p *Program) instant(text string, loc *time.Location) (time.Time, error) {
	if text == "" {
		return p.Now(), nil
	}
	return moment("--now", text, loc)
}

// moment reads the time that a flag names, in the time zone of the tables.
func moment(flag, text string, loc *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q: want a day such as 2026-11-23, or a day and a time such as 2026-11-23T10:00", flag, text)
}

// writeJSON writes a report for a machine.
func (p *Program) writeJSON(v any) error {
	enc := json.NewEncoder(p.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
