package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/publication"
	"github.com/kvitto/kvitto/rules"
)

func (p *Program) rulesRollbackCommand(registry *rules.Registry) *cobra.Command {
	var f publishFlags
	var to string
	c := &cobra.Command{
		Use:   "rollback (--admin ADDRESS | --config FILE) [--to NUMBER|folder]",
		Short: "Publish again what was published before",
		Long: "Goes back to an earlier publication, or to the folder on the server, after showing what that changes for buyers. It is a\n" +
			"publication of its own, with a number and an author. Without --to it goes back to what served before what serves now,\n" +
			"or, where a publication waits for its start, makes what serves now go on.",
		Example: "  kvitto rules rollback --admin 127.0.0.1:9090 --why \"wrong freight to Norway\"\n  kvitto rules rollback --config kvitto.yaml --to folder",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkFormat(f.format); err != nil {
				return err
			}
			return p.rulesRollback(c.Context(), registry, to, &f)
		},
	}
	f.add(c)
	c.Flags().StringVar(&to, "to", "", "number of a publication, or folder")
	return c
}

func (p *Program) rulesRollback(ctx context.Context, registry *rules.Registry, to string, f *publishFlags) error {
	s, err := p.openShelf(ctx, &f.shelfFlags)
	if err != nil {
		return err
	}
	target, err := targetOf(s.book, to)
	if err != nil {
		return err
	}
	if target == 0 && folderServes(s.book) && !startsLater(s.book) {
		return fmt.Errorf("the folder %s serves already", s.book.Name)
	}
	archive, err := s.files(ctx, target, time.Time{})
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", targetName(target), err)
	}
	r, err := p.unpacked(registry, archive, f)
	if err != nil {
		return fmt.Errorf("%s cannot be brought back: %w", targetName(target), err)
	}
	r.what = targetName(target)
	r.wish = wish{number: target, why: f.why, despite: f.despite}
	if r.wish.start, err = s.startFlag(f.at, r.book.Rules.Shipping.Location()); err != nil {
		return err
	}
	return p.offer(ctx, registry, s, r, f)
}

func targetName(number int64) string {
	if number == 0 {
		return "the folder"
	}
	return fmt.Sprintf("publication %d", number)
}

// targetOf is the publication to go back to, 0 for the folder.
func targetOf(b rulebookView, to string) (int64, error) {
	switch to {
	case "folder":
		return 0, nil
	case "":
		return earlier(b)
	}
	n, err := strconv.ParseInt(to, 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("--to %q: want the number of a publication, or folder", to)
	}
	for _, e := range b.Publications {
		switch {
		case e.Number != n:
		case e.State == publication.Serving && !startsLater(b):
			return 0, fmt.Errorf("--to %d: this is what serves", n)
		default:
			return n, nil
		}
	}
	return 0, fmt.Errorf("--to %d: there is no such publication; kvitto rules history lists them", n)
}

// folderServes reports whether what serves is the folder itself.
func folderServes(b rulebookView) bool {
	for _, e := range b.Publications {
		if e.Number == b.Serving {
			return e.Folder
		}
	}
	return true
}

func startsLater(b rulebookView) bool {
	for _, e := range b.Publications {
		if e.State == publication.Waiting {
			return true
		}
	}
	return false
}

// earlier is what serves where something waits, and else what served before it.
func earlier(b rulebookView) (int64, error) {
	if len(b.Publications) == 0 {
		return 0, errors.New("nothing was published: there is nothing to go back from")
	}
	if startsLater(b) {
		return b.Serving, nil
	}
	after := b.Serving
	for _, e := range b.Publications { // the newest first
		if e.Number == b.Serving && e.Again > 0 {
			after = e.Again // it went back already: go further
		}
		if e.Number >= after || e.State == publication.RolledBack || e.State == publication.Never {
			continue
		}
		if e.Folder {
			return 0, nil
		}
		return e.Number, nil
	}
	return 0, nil
}
