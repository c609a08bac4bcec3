package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/publication"
)

// personVariable holds the token of the person at the terminal.
const personVariable = "KVITTO_PERSON_TOKEN"

// shelfFlags say which rulebook of which running service, and who asks.
type shelfFlags struct {
	adminFlags
	rulebook, merchant, token, format string
}

func (f *shelfFlags) add(c *cobra.Command) {
	f.adminFlags.add(c)
	c.Flags().StringVar(&f.rulebook, "rulebook", "", "name of the rulebook: the folder as the configuration names it; may be left out where there is one")
	c.Flags().StringVar(&f.merchant, "merchant", "", "id of a merchant that the rulebook serves, instead of its name")
	c.Flags().StringVar(&f.token, "token", "", "file that holds your token, - for standard input; the variable "+personVariable+" if not given")
	c.MarkFlagsMutuallyExclusive("rulebook", "merchant")
	addFormat(c, &f.format)
}

// shelf is what a running service knows of publications.
type shelf struct {
	client *adminClient
	book   rulebookView // that which the flags name
	now    time.Time    // by the clock of the service
}

// openShelf asks the running service for its publications. A person's token is used where there is one.
func (p *Program) openShelf(ctx context.Context, f *shelfFlags) (*shelf, error) {
	client, err := p.adminClient(f.adminFlags)
	if err != nil {
		return nil, err
	}
	token, err := p.personToken(f.token)
	if err != nil {
		return nil, err
	}
	if token != "" {
		client.token = configs.NewSecret(token)
	}
	client.http.Timeout = checkTime
	var all struct {
		Rulebooks []rulebookView
		Now       time.Time
	}
	if err := client.get(ctx, publicationsPath, nil, &all); err != nil {
		return nil, err
	}
	s := &shelf{client: client, now: all.Now}
	s.book, err = chosen(all.Rulebooks, f)
	return s, err
}

// personToken reads the token from a file, or the environment.
func (p *Program) personToken(file string) (string, error) {
	if file == "" {
		for _, kv := range p.Environ {
			if v, ok := strings.CutPrefix(kv, personVariable+"="); ok {
				return v, nil
			}
		}
		return "", nil
	}
	raw, err := p.readInput(file)
	if err != nil {
		return "", fmt.Errorf("--token: %w", err)
	}
	token := strings.TrimSpace(string(raw))
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return "", fmt.Errorf("--token: %s does not hold one token", file)
	}
	return token, nil
}

// chosen is the rulebook that the flags name, or the only one.
func chosen(all []rulebookView, f *shelfFlags) (rulebookView, error) {
	var names []string
	for _, b := range all {
		if b.Name == f.rulebook || f.merchant != "" && slices.Contains(b.Merchants, f.merchant) || f.rulebook == "" && f.merchant == "" && len(all) == 1 {
			return b, nil
		}
		names = append(names, fmt.Sprintf("%s (%s)", b.Name, strings.Join(b.Merchants, ", ")))
	}
	switch {
	case f.merchant != "":
		return rulebookView{}, fmt.Errorf("--merchant %q: the service has no such merchant; it has %s", f.merchant, strings.Join(names, ", "))
	case f.rulebook != "":
		return rulebookView{}, fmt.Errorf("--rulebook %q: the service has no such rulebook; it has %s", f.rulebook, strings.Join(names, ", "))
	}
	return rulebookView{}, fmt.Errorf("the service has several rulebooks, name one with --rulebook or --merchant: %s", strings.Join(names, ", "))
}

// files fetches the files of a publication; number < 0: what serves at a time.
func (s *shelf) files(ctx context.Context, number int64, at time.Time) ([]byte, error) {
	q := url.Values{"rulebook": {s.book.Name}}
	if number >= 0 {
		q.Set("number", fmt.Sprint(number))
	} else {
		q.Set("at", at.UTC().Format(time.RFC3339))
	}
	body, err := s.client.stream(ctx, filesPath+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	archive, err := io.ReadAll(io.LimitReader(body, publication.MaxArchive+1))
	return archive, errors.Join(err, body.Close())
}

// wish is a publication that is asked for.
type wish struct {
	start   time.Time // zero: at once
	why     string
	despite bool
	number  int64  // with no files: the publication to bring back, 0 for the folder
	archive []byte // nil: number counts
}

// publish asks the service to publish.
func (s *shelf) publish(ctx context.Context, w *wish) (publishedView, error) {
	q := url.Values{"rulebook": {s.book.Name}, "after": {s.book.Newest}, "why": {w.why}}
	if !w.start.IsZero() {
		q.Set("at", w.start.UTC().Format(time.RFC3339))
	}
	if w.despite {
		q.Set("despite_failed_tests", "true")
	}
	path := publicationsPath
	if w.archive == nil {
		path = againPath
		q.Set("number", fmt.Sprint(w.number))
	}
	var v publishedView
	err := s.client.send(ctx, http.MethodPost, path+"?"+q.Encode(), "application/zip", w.archive, &v)
	var broken *url.Error
	if errors.As(err, &broken) && !errors.Is(err, syscall.ECONNREFUSED) {
		err = fmt.Errorf("the service did not say whether it was published: look at kvitto rules history before you try again: %w", broken.Err)
	}
	return v, err
}
