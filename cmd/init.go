package cmd

import (
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/starter"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

func (p *Program) initCommand(registry *rules.Registry) *cobra.Command {
	var f starterFlags
	var s starter.Service
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a configuration, its tokens and a rulebook with tests, after a few questions",
		Long: "Asks a few questions and writes kvitto.yaml, secrets/ and rules/ into a folder that is empty or not there yet (the\n" +
			"current one if none is named). The service starts with them at once. Tokens are random and only in files that\n" +
			"their owner may read. Each question has a default and a flag; with --yes nothing is asked.",
		Example: "  kvitto init shop\n  kvitto init shop --country SE --yes\n" +
			"  kvitto init shop --country NO --mode full --sink https://shop.example/kvitto/orders --yes",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return p.init(c, registry, folderArg(args), &f, &s) },
	}
	addStarterFlags(c, &f)
	c.Flags().StringVar(&s.Merchant, "merchant", "", "id of the shop in the URLs; shop if not given")
	c.Flags().StringVar(&s.Mode, "mode", "", "pricing, or full: also acknowledge orders and hand them over; pricing if not given")
	c.Flags().StringVar(&s.Provider, "provider", "", "address of the provider's API, for mode full; "+starter.Playground+" if not given")
	c.Flags().StringVar(&s.Sink, "sink", "", "a folder or an https address that confirmed orders go to, for mode full; var/orders if not given")
	c.Flags().StringVar(&s.PublicURL, "public-url", "", "where the provider reaches the service, such as https://kvitto.shop.example")
	return c
}

func (p *Program) init(c *cobra.Command, registry *rules.Registry, dir string, f *starterFlags, s *starter.Service) error {
	if err := errors.Join(starter.Free(dir), s.Complete()); err != nil {
		return err
	}
	v, err := p.interview(c, f.yes)
	if err != nil {
		return err
	}
	book, err := p.starterRules(f, v)
	if err != nil {
		return err
	}
	if v != nil {
		if err := v.Ask(s); err != nil {
			return err
		}
	}
	files, err := s.Files(book, rand.Reader)
	if err != nil {
		return err
	}
	src := &source{registry: registry}
	err = starter.Place(dir, files, func(stage string) error {
		if err := p.holds(src, filepath.Join(stage, "rules")); err != nil {
			return err
		}
		return p.configHolds(filepath.Join(stage, starter.ConfigFile))
	})
	if err != nil {
		return err
	}
	return errors.Join(p.listFiles(dir, files), p.nextSteps(dir, s))
}

// configHolds loads a configuration that was just written.
func (p *Program) configHolds(file string) error {
	r := new(diag.Report)
	if configs.Load(file, nil, r) != nil {
		return nil
	}
	return errors.Join(errors.New("what was made of these answers does not hold, so nothing was written"), p.show(p.Stderr, r))
}

// nextSteps prints the commands to go on with.
func (p *Program) nextSteps(dir string, s *starter.Service) error {
	config := filepath.ToSlash(filepath.Join(dir, starter.ConfigFile))
	base := s.PublicURL
	if base == "" {
		base = "https://YOUR-ADDRESS"
	}
	text := "\nNext:\n"
	if s.Mode == starter.ModeFull {
		text += "  put user and password of the provider's API into " + filepath.ToSlash(filepath.Join(dir, "secrets")) + "/provider-user and provider-password\n"
	}
	_, err := fmt.Fprintf(p.Stdout, text+"  kvitto check --config %s\n  kvitto serve --config %s\n  kvitto urls --config %s --base %s\n", config, config, config, base)
	return err
}
