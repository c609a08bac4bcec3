package cmd

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/publication"
	"github.com/kvitto/kvitto/internal/rulebook"
	"github.com/kvitto/kvitto/rules/diag"
)

// Paths of the API.
const (
	publicationsPath = "/api/publications"
	filesPath        = "/api/publications/files"
	againPath        = "/api/publications/again"
)

// Times of the API.
const (
	uploadTime = time.Minute      // for the files to arrive
	checkTime  = 2 * time.Minute  // for the answer: everything is checked
	takenTime  = 20 * time.Second // for this replica to serve what was published
	farthest   = 2 * 366 * 24 * time.Hour
)

// publicationView is a publication as the API tells it.
type publicationView struct {
	publication.Entry
	State publication.State `json:"state"`
}

// rulebookView is a rulebook with its history. Serving is 0 where the folder serves because nothing was published.
type rulebookView struct {
	Name         string            `json:"name"`
	Merchants    []string          `json:"merchants"` // they change together
	Serving      int64             `json:"serving"`
	Revision     string            `json:"revision,omitempty"` // of the tables, as this replica serves them
	Newest       string            `json:"newest_id,omitempty"`
	Publications []publicationView `json:"publications"` // the newest first
}

// publishedView is what came of a publication.
type publishedView struct {
	Publication publicationView `json:"publication"`
	InUse       bool            `json:"in_use"`          // by this replica
	Fault       string          `json:"fault,omitempty"` // why this replica does not use it although its start has come
}

// publishingAPI answers for publications. Everybody who may look at the service may look at them; to publish needs the token of
// a person.
func (s *service) publishingAPI(mux, guarded *http.ServeMux) {
	if s.books == nil {
		off := func(w http.ResponseWriter, _ *http.Request) {
			problem(w, http.StatusNotFound, errNotPublishing.Error())
		}
		guarded.HandleFunc(publicationsPath, off)
		guarded.HandleFunc(publicationsPath+"/", off)
		return
	}
	guard := http.NewCrossOriginProtection()
	mux.HandleFunc("GET "+publicationsPath, s.reader(s.apiPublications))
	mux.HandleFunc("GET "+filesPath, s.reader(s.apiFiles))
	mux.Handle("POST "+publicationsPath, guard.Handler(s.publisher(s.apiPublish)))
	mux.Handle("POST "+againPath, guard.Handler(s.publisher(s.apiAgain)))
}

// person is whose token came with a request, "" of nobody; admin: it is the admin token, or none is asked for.
func (s *service) person(r *http.Request) (name string, admin bool) {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	sum := sha256.Sum256([]byte(given))
	now := s.now()
	for _, p := range s.books.conf.Load().Publish.People {
		same := subtle.ConstantTimeCompare(sum[:], p.Token.Hash[:]) == 1
		if same && ok && (p.Token.Until.IsZero() || now.Before(p.Token.Until)) {
			name = p.Name
		}
	}
	want := s.cfg.AdminToken.Reveal()
	if want == "" {
		return name, !ok
	}
	wanted := sha256.Sum256([]byte(want))
	return name, ok && subtle.ConstantTimeCompare(sum[:], wanted[:]) == 1
}

func (s *service) reader(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if name, admin := s.person(r); name == "" && !admin {
			w.Header().Set("WWW-Authenticate", "Bearer")
			problem(w, http.StatusUnauthorized, "this asks for the admin token, or for the token of somebody who may publish")
			return
		}
		next(w, r)
	}
}

// publisher lets those publish whose token is known, one at a time.
func (s *service) publisher(next func(http.ResponseWriter, *http.Request, string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, admin := s.person(r)
		switch {
		case name == "" && admin:
			problem(w, http.StatusForbidden, "to publish needs the token of one of publish.people, so that the history says who did it; the admin token may only look")
			return
		case name == "":
			s.log.Warn().Str("path", r.URL.Path).Msg("a publication was refused: its token is nobody's")
			w.Header().Set("WWW-Authenticate", "Bearer")
			problem(w, http.StatusUnauthorized, "nobody who may publish has this token")
			return
		}
		if !s.books.one.TryLock() {
			problem(w, http.StatusServiceUnavailable, "another publication is being looked at: try again in a moment")
			return
		}
		defer s.books.one.Unlock()
		c := http.NewResponseController(w)
		if err := errors.Join(c.SetReadDeadline(time.Now().Add(uploadTime)), c.SetWriteDeadline(time.Now().Add(checkTime))); err != nil {
			problem(w, http.StatusInternalServerError, err.Error())
			return
		}
		next(w, r, name)
	})
}

// apiPublications lists all rulebooks with their histories, with what others have published until now.
func (s *service) apiPublications(w http.ResponseWriter, r *http.Request) {
	s.books.refresh(r.Context())
	cfg := s.books.conf.Load()
	revisions := map[string]string{}
	for _, m := range *s.serving.Load() {
		revisions[m.ID] = m.Rules.Engine().Revision()
	}
	list := []rulebookView{}
	for _, b := range rulebooks(cfg) {
		v := s.rulebookView(b)
		for _, m := range sharing(cfg, b) {
			v.Merchants = append(v.Merchants, m.ID)
			if m.Products == "" && v.Revision == "" {
				v.Revision = revisions[m.ID]
			}
		}
		list = append(list, v)
	}
	answer(w, map[string]any{"rulebooks": list, "synced": given(s.books.library.Synced()), "now": s.now().UTC()})
}

// sharing are the merchants of a rulebook.
func sharing(cfg *configs.Config, book string) []*configs.Merchant {
	var all []*configs.Merchant
	for i := range cfg.Merchants {
		if m := &cfg.Merchants[i]; m.Rulebook == book {
			all = append(all, m)
		}
	}
	return all
}

func (s *service) rulebookView(book string) rulebookView {
	h, now := s.books.library.History(book), s.now()
	serving, _ := h.InForce(now)
	v := rulebookView{Name: book, Serving: serving.Number, Newest: h.Newest().ID, Publications: []publicationView{}}
	states := h.States(now)
	for i := range slices.Backward(h) {
		v.Publications = append(v.Publications, publicationView{h[i], states[i]})
	}
	return v
}

// named is the rulebook that a request names, with the merchants that share it.
func (s *service) named(q url.Values) (string, []*configs.Merchant, error) {
	book := q.Get("rulebook")
	all := sharing(s.books.conf.Load(), book)
	if len(all) == 0 {
		return "", nil, refusedf(http.StatusNotFound, "there is no rulebook %q; there is %s", book, strings.Join(rulebooks(s.books.conf.Load()), ", "))
	}
	return book, all, nil
}

// apiFiles gives the files of a publication: ?rulebook= and ?number=, 0 for the folder; without it what serves at ?at=, or now.
func (s *service) apiFiles(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	book, merchants, err := s.named(q)
	if err == nil {
		var archive []byte
		if archive, err = s.files(r.Context(), book, merchants[0].Rules, q); err == nil {
			w.Header().Set("Content-Type", "application/zip")
			_, _ = w.Write(archive) // the client is gone: nobody to tell
			return
		}
	}
	s.refuse(w, err)
}

func (s *service) files(ctx context.Context, book, dir string, q url.Values) ([]byte, error) {
	h := s.books.library.History(book)
	at, err := startOf(q.Get("at"))
	if err != nil {
		return nil, err
	}
	if at.IsZero() {
		at = s.now()
	}
	e, _ := h.InForce(at)
	if text := q.Get("number"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		found := n == 0
		e = publication.Entry{}
		if err == nil && n > 0 {
			e, found = h.Find(n)
		}
		if !found {
			return nil, refusedf(http.StatusNotFound, "there is no publication %s of %s", strconv.Quote(text), book)
		}
	}
	if e.Number > 0 && !e.Folder {
		return s.books.library.Archive(ctx, &e)
	}
	return packed(dir)
}

// packed are the files of a folder.
func packed(dir string) ([]byte, error) {
	r := new(diag.Report)
	fsys, closeDir, ok := rulebook.Open(dir, r)
	if !ok {
		return nil, refusedf(http.StatusConflict, "the folder %s cannot be read: %v", dir, errors.Join(asErrors(r)...))
	}
	defer closeDir()
	archive, _, err := publication.Pack(fsys)
	return archive, err
}

// startOf reads the time from which on something is to serve; zero: at once.
func startOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, refusedf(http.StatusBadRequest, "at=%q is no time such as 2026-12-01T00:00:00+01:00", text)
	}
	return t.UTC().Truncate(time.Second), nil
}

// refusal is why something is not done, for the person who asked.
type refusal struct {
	status int
	text   string
}

// Error implements error.
func (r *refusal) Error() string { return r.text }

func refusedf(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// refuse answers an error.
func (s *service) refuse(w http.ResponseWriter, err error) {
	var why *refusal
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &why):
		problem(w, why.status, why.text)
	case errors.As(err, &large):
		problem(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("at most %d MiB can be published", publication.MaxArchive>>20))
	case errors.Is(err, publication.ErrConflict):
		problem(w, http.StatusConflict, "somebody else has published since you looked, so nothing was done: look at what serves now (kvitto rules history) and publish again")
	case errors.Is(err, publication.ErrDown):
		s.log.Error().Err(err).Msg("a publication failed")
		problem(w, http.StatusServiceUnavailable, "Redis, which brings publications to all replicas, does not answer: look at kvitto rules history before you try again")
	default:
		s.log.Error().Err(err).Msg("a publication failed")
		problem(w, http.StatusInternalServerError, err.Error())
	}
}
