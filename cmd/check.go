package cmd

import (
	"errors"
	"fmt"
	"net/url"
	"sort"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

func (p *Program) checkCommand(registry *rules.Registry) *cobra.Command {
	var config string
	c := &cobra.Command{
		Use:   "check --config FILE",
		Short: "Load everything, tell every fault, serve nothing",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r := new(diag.Report)
			cfg := configs.Load(config, p.Environ, r)
			if cfg == nil {
				return p.told(&findingsError{r})
			}
			return p.check(c, &source{registry: registry}, config, cfg, r)
		},
	}
	c.Flags().StringVar(&config, "config", "", "configuration file")
	required(c, "config")
	return c
}

// check loads every rulebook and plug-in of cfg, which is the file config; r holds the warnings so far.
func (p *Program) check(c *cobra.Command, src *source, config string, cfg *configs.Config, r *diag.Report) error {
	if err := p.show(p.Stderr, r); err != nil {
		return err
	}
	failed := !p.checkRedis(c.Context(), cfg)
	if inClear(cfg) {
		p.tell("note: %s\n", whatInClear)
	}
	if err := p.disks(cfg); err != nil { // this may not be the machine that serves
		p.tell("on this machine the service would not start: %v\n", err)
	}
	for _, f := range byFolder(cfg) {
		usable, err := p.checkPublished(c.Context(), src, cfg, f.merchants[0])
		if err != nil {
			return err
		}
		failed = failed || !usable
		report := new(diag.Report)
		b, err := src.load(f.dir, report)
		if len(report.Findings()) > 0 {
			p.tell("rules %s\n", f.dir)
		}
		if err := p.show(p.Stderr, report); err != nil {
			return err
		}
		if err != nil {
			failed = true
			if !errors.Is(err, errRules) {
				p.tell("%s: %v\n", f.dir, err)
			}
			continue
		}
		for _, m := range f.merchants {
			if err := p.checkMerchant(c, src, config, m, src.guard(cfg), b); err != nil {
				failed = true
				p.tell("merchant %s: %v\n", m.ID, err)
			}
		}
	}
	if failed {
		return errFindings
	}
	return nil
}

func (p *Program) checkMerchant(c *cobra.Command, src *source, config string, m *configs.Merchant, g egress.Guard, b *book) error {
	report := new(diag.Report)
	full, listed := b.withProducts(m, report)
	members, closeAll, err := src.members(c.Context(), m, g, report)
	if err == nil && listed == nil {
		var engine *rules.Engine
		if engine, err = full.Engine(engineOptions(m, members, nil)); err == nil {
			err = p.checkTaken(config, m, g, members, full, engine, report)
		}
	}
	if closeAll != nil {
		err = errors.Join(err, closeAll())
	}
	if err := p.show(p.Stderr, report); err != nil {
		return err
	}
	switch {
	case err != nil || listed != nil:
		return errors.Join(listed, err)
	case report.Failed():
		return errTakenUnusable
	case !m.Reachable(p.Now()):
		return errUnreachable
	}
	_, err = fmt.Fprintf(p.Stdout, "merchant %s: rules %s, %d tests passed%s\n", m.ID, full.Revision, full.tests, sinkNote(m))
	return err
}

// errTakenUnusable is a merchant whose orders cannot be taken over; its findings are in the report.
var errTakenUnusable = errors.New("its orders cannot be taken over")

// sinkNote says where confirmed orders go.
func sinkNote(m *configs.Merchant) string {
	s := m.Sink
	switch {
	case m.Mode != "full":
		return ""
	case s.SpoolDir != "":
		return ", orders to the folder " + s.SpoolDir
	case s.Webhook != nil:
		return ", orders to " + hostOf(s.Webhook.URL)
	case s.Stream:
		return ", orders to a stream of the store"
	default:
		return ", orders to the plug-in " + s.Plugin
	}
}

// hostOf leaves out what may be secret in an address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "a webhook"
	}
	return u.Host
}

// errUnreachable is a merchant that nobody can call.
var errUnreachable = errors.New("every one of its tokens has passed its `until`, so all its URLs answer 404")

// folder is a rulebook folder with the merchants that share it.
type folder struct {
	dir       string
	merchants []*configs.Merchant
}

// byFolder groups merchants by rulebook folder, sorted by folder.
func byFolder(cfg *configs.Config) []folder {
	index := map[string]int{}
	var folders []folder
	for i := range cfg.Merchants {
		m := &cfg.Merchants[i]
		at, ok := index[m.Rules]
		if !ok {
			at = len(folders)
			index[m.Rules] = at
			folders = append(folders, folder{dir: m.Rules})
		}
		folders[at].merchants = append(folders[at].merchants, m)
	}
	sort.Slice(folders, func(i, j int) bool { return folders[i].dir < folders[j].dir })
	return folders
}
