package cmd

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/publication"
)

// draft is a publication that is asked for.
type draft struct {
	entry   publication.Entry
	after   string // id of the newest that the person has seen
	despite bool   // the tests that fail
}

// draftOf reads what a request says besides the files.
func (s *service) draftOf(q url.Values, by string) (draft, []*configs.Merchant, error) {
	book, merchants, err := s.named(q)
	if err != nil {
		return draft{}, nil, err
	}
	start, err := startOf(q.Get("at"))
	if err != nil {
		return draft{}, nil, err
	}
	now, why := s.now(), strings.TrimSpace(q.Get("why"))
	switch {
	case !start.IsZero() && !start.After(now):
		return draft{}, nil, refusedf(http.StatusUnprocessableEntity, "%s is over by the clock of the service: leave the start out to publish at once", start.Format(time.RFC3339))
	case start.Sub(now) > farthest:
		return draft{}, nil, refusedf(http.StatusUnprocessableEntity, "%s is more than two years ahead", start.Format(time.RFC3339))
	case utf8.RuneCountInString(why) > publication.MaxWhy || !utf8.ValidString(why):
		return draft{}, nil, refusedf(http.StatusUnprocessableEntity, "the reason is at most %d characters", publication.MaxWhy)
	}
	return draft{entry: publication.Entry{Rulebook: book, By: by, Why: why, At: now.UTC(), Start: start},
		after: q.Get("after"), despite: q.Get("despite_failed_tests") == "true"}, merchants, nil
}

// apiPublish takes the files of a rulebook: ?rulebook=, ?after= (the id of the newest publication that the person has seen), ?at=,
// ?why=, ?despite_failed_tests=true.
func (s *service) apiPublish(w http.ResponseWriter, r *http.Request, by string) {
	if r.Header.Get("Content-Type") != "application/zip" {
		problem(w, http.StatusUnsupportedMediaType, "send application/zip")
		return
	}
	d, merchants, err := s.draftOf(r.URL.Query(), by)
	if err != nil {
		s.refuse(w, err)
		return
	}
	archive, err := io.ReadAll(http.MaxBytesReader(w, r.Body, publication.MaxArchive))
	if err != nil {
		s.refuse(w, err)
		return
	}
	s.publish(w, r, d, merchants, archive)
}

// apiAgain publishes what was published before, ?number= (0: the folder), as apiPublish does.
func (s *service) apiAgain(w http.ResponseWriter, r *http.Request, by string) {
	q := r.URL.Query()
	d, merchants, err := s.draftOf(q, by)
	if err != nil {
		s.refuse(w, err)
		return
	}
	var archive []byte
	if q.Get("number") == "" {
		err = refusedf(http.StatusBadRequest, "the number of a publication is missing")
	} else {
		archive, err = s.files(r.Context(), d.entry.Rulebook, merchants[0].Rules, url.Values{"number": q["number"]})
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	before, _ := s.books.library.History(d.entry.Rulebook).Find(number(q))
	d.entry.Again, d.entry.Folder = before.Number, before.Number == 0 || before.Folder
	s.publish(w, r, d, merchants, archive)
}

// number is that of a query whose number has been looked at.
func number(q url.Values) int64 {
	n, err := strconv.ParseInt(q.Get("number"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// publish checks everything, writes it down, and waits until this replica serves it.
func (s *service) publish(w http.ResponseWriter, r *http.Request, d draft, merchants []*configs.Merchant, archive []byte) {
	fsys, err := publication.Open(archive)
	if err != nil {
		s.refuse(w, refusedf(http.StatusUnprocessableEntity, "%v", err))
		return
	}
	if err := s.examine(fsys, &d, merchants); err != nil {
		s.refuse(w, err)
		return
	}
	if d.entry.Folder {
		archive, d.entry.Revision = nil, ""
	}
	e, err := s.commit(r.Context(), d, archive)
	if err != nil {
		s.refuse(w, err)
		return
	}
	answer(w, s.outcome(r.Context(), e))
}

// outcome tells what became of a publication that is written down.
func (s *service) outcome(ctx context.Context, e publication.Entry) publishedView {
	s.books.ask()
	v := publishedView{}
	if e.Start.IsZero() {
		ctx, cancel := context.WithTimeout(ctx, takenTime)
		defer cancel()
		taken, err := s.books.taken(ctx, &e)
		v.InUse = taken && err == nil
		if err != nil {
			v.Fault = err.Error()
		}
	}
	for _, p := range s.rulebookView(e.Rulebook).Publications {
		if p.ID == e.ID {
			v.Publication = p
		}
	}
	return v
}

// commit writes a publication down, in the audit first where nothing may be done that is not in it.
func (s *service) commit(ctx context.Context, d draft, archive []byte) (publication.Entry, error) {
	required := s.audit() != nil && s.cfg.Audit.Required
	if required {
		if err := s.audit().published("publishing", &d.entry); err != nil {
			return publication.Entry{}, refusedf(http.StatusServiceUnavailable, "the audit cannot be written, so nothing was published: %v", err)
		}
	}
	e, err := s.books.library.Publish(ctx, d.entry, archive, d.after)
	if err != nil {
		return e, err
	}
	if err := s.audit().published("published", &e); err != nil {
		s.log.Error().Err(err).Msg("a publication is not in the audit")
	}
	s.log.Info().Str("rules", e.Rulebook).Int64("publication", e.Number).Str("revision", e.Revision).Str("by", e.By).
		Time("start", e.From()).Int64("again", e.Again).Bool("folder", e.Folder).Int("failed_tests", e.FailedTests).Msg("a rulebook was published")
	return e, nil
}

// audit is where publications are written down, nil where no audit is kept.
func (s *service) audit() *audit {
	if s.taking == nil {
		return s.books.audit
	}
	return s.taking.audit
}

// published appends a publication.
func (a *audit) published(step string, e *publication.Entry) error {
	if a == nil {
		return nil
	}
	return a.add(auditLine{Time: auditTime(e.At), Step: step, Rulebook: e.Rulebook, Number: e.Number, SHA: e.Sum, By: e.By})
}
