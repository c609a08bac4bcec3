package cmd

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules/diag"
)

// An order can be bought for 48 hours and is pushed for 48 more: a token that ends before that is missed. tokenSoon leaves time to act.
const (
	tokenLate = 96 * time.Hour
	tokenSoon = 14 * 24 * time.Hour
)

// configuration checks what `kvitto check` does, and how long the tokens last.
func (d *doctor) configuration(c *cobra.Command, r *diag.Report) {
	at := d.about("configuration", nil)
	if n := len(r.Findings()); n > 0 {
		at.note(isWarned, "file", d.f.config, fmt.Sprintf("read; findings: %d, first: %s", n, r.Findings()[0].Message), d.seeCheck())
	} else {
		at.note(isFine, "file", d.f.config, fmt.Sprintf("read; merchants: %d", len(d.cfg.Merchants)), "")
	}
	for _, f := range byFolder(d.cfg) {
		for _, m := range f.merchants {
			if d.f.merchant == "" || d.f.merchant == m.ID {
				d.rulebook(c, m)
				d.tokens(m)
			}
		}
	}
}

func (d *doctor) seeCheck() string {
	return "kvitto check --config " + d.f.config + " tells each with its place"
}

// rulebook loads the merchant's tables, runs their tests, and makes its plug-ins.
func (d *doctor) rulebook(c *cobra.Command, m *configs.Merchant) {
	at := d.about("configuration", m)
	r := new(diag.Report)
	b, err := d.src.load(m.Rules, r)
	if err != nil {
		at.note(isFailed, "rulebook", m.Rules, "it cannot be used: "+plainCause(err), d.seeCheck())
		return
	}
	serves, instead := d.serves(c, at, m, b)
	if full, listed := serves.withProducts(m, r); listed == nil {
		d.books[m.ID] = full.Revision
	}
	var out bytes.Buffer
	quiet := *d.p
	quiet.Stdout, quiet.Stderr = &out, &out
	err = quiet.checkMerchant(c, d.src, d.f.config, m, d.src.guard(d.cfg), b)
	found := fmt.Sprintf("revision %s, %d tests passed%s", b.Revision, b.tests, instead)
	switch n := len(r.Findings()); {
	case err != nil:
		at.note(isFailed, "rulebook", m.Rules, "the merchant cannot be served as it is written: "+plainCause(err), d.seeCheck())
	case n > 0:
		at.note(isWarned, "rulebook", m.Rules, fmt.Sprintf("%s; findings: %d, first: %s", found, n, r.Findings()[0].Message), d.seeCheck())
	default:
		at.note(isFine, "rulebook", m.Rules, found, "")
	}
}

// serves is what the running service has in use: the folder, or what was published, in words too.
func (d *doctor) serves(c *cobra.Command, at about, m *configs.Merchant, folder *book) (*book, string) {
	e, err := publishedHere(d.cfg, m, d.p.Now())
	if err != nil {
		at.note(isWarned, "published", d.cfg.Publish.Dir, plainCause(err), d.seeCheck())
	}
	if e == nil {
		return folder, ""
	}
	b, err := d.src.loadPublished(c.Context(), publicationsOf(d.cfg, d.p.Now), e, new(diag.Report))
	if err != nil {
		at.note(isFailed, "published", d.cfg.Publish.Dir, fmt.Sprintf("publication %d cannot be used: %s", e.Number, plainCause(err)), d.seeCheck())
		return folder, ""
	}
	return b, "; " + notTheFolder(e)
}

// tokens tells how long somebody can call.
func (d *doctor) tokens(m *configs.Merchant) {
	at, looked := d.about("configuration", m), fmt.Sprintf("%d of the provider's URLs", len(m.Tokens))
	now := d.p.Now()
	until := newestToken(m).Until
	left := until.Sub(now)
	const change = "add a new token beside it, reload, and give its URLs to new orders (kvitto urls)"
	switch {
	case !m.Reachable(now):
		at.note(isFailed, "tokens", looked, "all have passed their `until`: every URL answers 404", change)
	case until.IsZero():
		at.note(isFine, "tokens", looked, "the newest has no `until`"+ended(m, now), "")
	case left < tokenLate:
		at.note(isFailed, "tokens", looked, "the newest ends at "+until.UTC().Format(time.RFC3339)+
			": orders that are made today may be paid and pushed after that, for up to four days, and would get 404", change)
	case left < tokenSoon:
		at.note(isWarned, "tokens", looked, "the newest ends at "+until.UTC().Format(time.RFC3339), change)
	default:
		at.note(isFine, "tokens", looked, "the newest ends at "+until.UTC().Format(time.RFC3339)+ended(m, now), "")
	}
}

// ended counts tokens that may be deleted.
func ended(m *configs.Merchant, now time.Time) string {
	n := 0
	for _, t := range m.Tokens {
		if !t.Until.IsZero() && !now.Before(t.Until) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; ended and of no more use: %d", n)
}

// shownURL is an address without what may be secret in it.
func shownURL(base, merchant, token, rest string) string {
	return strings.TrimSuffix(base, "/") + "/v1/" + merchant + "/" + masked(token) + "/" + rest
}
