package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/publication"
	"github.com/kvitto/kvitto/rules/diag"
)

// publishedHere is the publication that serves a merchant by the copy on this machine, which is not written; nil: none is
// known, or the folder serves.
func publishedHere(cfg *configs.Config, m *configs.Merchant, now time.Time) (*publication.Entry, error) {
	if cfg.Publish.Dir == "" {
		return nil, nil //nolint:nilnil // nothing published is no fault
	}
	h, err := publication.NewDir(cfg.Publish.Dir).Entries(m.Rulebook)
	e, ok := h.InForce(now)
	if !ok || e.Folder {
		return nil, err
	}
	return &e, err
}

// notTheFolder says what serves in its place.
func notTheFolder(e *publication.Entry) string {
	return fmt.Sprintf("publication %d of %s (revision %s) serves, not this folder; kvitto rules rollback --to folder goes back to it", e.Number, e.By, e.Revision)
}

// checkPublished tells where a publication serves in the place of a folder, and loads it. It reports whether it can be used.
func (p *Program) checkPublished(ctx context.Context, src *source, cfg *configs.Config, m *configs.Merchant) (bool, error) {
	e, err := publishedHere(cfg, m, p.Now())
	if err != nil {
		p.tell("publish.dir: %v\n", err)
	}
	if e == nil {
		return err == nil, nil
	}
	p.tell("rules %s: %s\n", m.Rules, notTheFolder(e))
	r := new(diag.Report)
	_, fault := src.loadPublished(ctx, publicationsOf(cfg, p.Now), e, r)
	if showErr := p.show(p.Stderr, r); showErr != nil {
		return false, showErr
	}
	if fault != nil {
		p.tell("publication %d: %v\n", e.Number, fault)
	}
	return err == nil && fault == nil, nil
}

// publicationsOf is the copy on this machine, for reading.
func publicationsOf(cfg *configs.Config, now func() time.Time) *publication.Library {
	return publication.NewLibrary(publication.Options{Dir: cfg.Publish.Dir, Now: now})
}
