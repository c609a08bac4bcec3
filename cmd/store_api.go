package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// backupPath is where the admin listener gives a copy of the store.
const backupPath = "/api/store/backup"

// storeAPI answers for the store as a whole.
func (s *service) storeAPI(mux *http.ServeMux) { mux.HandleFunc("GET "+backupPath, s.apiBackup) }

// apiBackup streams the store as of one moment. It holds buyers, so whoever asks must have the admin token, on loopback
// too: other users of the machine cannot read the file either. A copy that breaks off ends without its last chunk.
func (s *service) apiBackup(w http.ResponseWriter, r *http.Request) {
	if s.cfg.AdminToken.Reveal() == "" {
		problem(w, http.StatusForbidden, "the service has no admin_token, without which it gives no copy of its store away")
		return
	}
	if s.taking == nil {
		problem(w, http.StatusNotFound, errNoTaking.Error())
		return
	}
	store, ok := s.taking.store.(backuper)
	if !ok {
		problem(w, http.StatusConflict, errRedisStore.Error())
		return
	}
	c := http.NewResponseController(w)
	if err := c.SetWriteDeadline(time.Time{}); err != nil { // a large copy takes its time
		problem(w, http.StatusInternalServerError, err.Error())
		return
	}
	out := &late{w: w}
	if _, err := store.Backup(r.Context(), out); err != nil {
		if out.begun {
			panic(http.ErrAbortHandler) // the client must see that it is not whole
		}
		storeProblem(w, err)
	}
}

// late writes the head of the answer with its first byte, so that a fault before has its own.
type late struct {
	w     http.ResponseWriter
	begun bool
}

func (l *late) Write(p []byte) (int, error) {
	if !l.begun {
		l.begun = true
		l.w.Header().Set("Content-Type", "application/octet-stream")
		l.w.Header().Set("Cache-Control", "no-store")
	}
	return l.w.Write(p)
}

// stream asks for something large, without a limit of time or size but those of ctx and the disk.
func (a *adminClient) stream(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("admin address: %w", err)
	}
	if t := a.token.Reveal(); t != "" {
		req.Header.Set("Authorization", "Bearer "+t)
	}
	patient := *a.http
	patient.Timeout = 0
	res, err := patient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("no running service answers at %s (is it serving? --admin names another address): %w", a.base, err)
	}
	if res.StatusCode == http.StatusOK {
		return res.Body, nil
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	return nil, errors.Join(refusedByAdmin(res.StatusCode, raw), err, res.Body.Close())
}
