package cmd

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/diag"
)

// doctorFlags are those of doctor.
type doctorFlags struct {
	config, base, merchant, token, admin, ca, format string
	demo                                             bool
}

// doctor looks at a set-up that runs. It changes nothing: no order is made, taken, acknowledged or handed over.
type doctor struct {
	p       *Program
	f       *doctorFlags
	cfg     *configs.Config
	src     *source
	chart   *chart
	address *publicAddress // nil: none is known, or none can be used
	admin   *adminEyes
	roots   *x509.CertPool // nil: those of the system
	books   map[string]string
	metrics series // nil: the running service did not show any
}

func (p *Program) doctorCommand(registry *rules.Registry) *cobra.Command {
	f := &doctorFlags{}
	c := &cobra.Command{
		Use:   "doctor (--config FILE | --demo)",
		Short: "Check a running set-up from end to end",
		Long: "Checks what a configuration alone does not show: each public URL as the provider meets it, certificates, redirects,\n" +
			"the size of bodies, latency, clocks, the admin listener, the store, the sink, the provider's credentials, and who else\n" +
			"acknowledges. One line a check: ok, warning, failed, or skipped with the reason. It only looks: no order is made, taken,\n" +
			"acknowledged or handed over, and nothing is written. The running service logs the questions as requests that it refused.\n" +
			"Exit status: 0 nothing failed (there may be warnings), 1 something failed, 2 could not run.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return p.doctor(c, &source{registry: registry}, f) },
	}
	c.Flags().StringVar(&f.config, "config", "", "configuration file of the running service")
	c.Flags().BoolVar(&f.demo, "demo", false, "check the demo shops of serve --demo on this machine")
	c.Flags().StringVar(&f.base, "base", "", "public address of the service, instead of the configured one")
	c.Flags().StringVar(&f.merchant, "merchant", "", "merchant id; all of them if not given")
	c.Flags().StringVar(&f.token, "token", "", "file that holds the merchant's token, - for standard input; needed where the configuration has only its hash")
	c.Flags().StringVar(&f.admin, "admin", "", "address of the admin listener, instead of the configured one")
	c.Flags().StringVar(&f.ca, "ca", "", "file with certificates (PEM) of an authority of your own, beside those of the system")
	addFormat(c, &f.format)
	c.MarkFlagsOneRequired("config", "demo")
	c.MarkFlagsMutuallyExclusive("config", "demo")
	return c
}

// doctor examines and says how it ended.
func (p *Program) doctor(c *cobra.Command, src *source, f *doctorFlags) error {
	if f.format != "text" && f.format != "json" {
		return fmt.Errorf("--format %q: want text or json", f.format)
	}
	cfg, r, err := p.examinedConfig(src, f)
	if err != nil {
		return p.told(err)
	}
	if f.merchant == "" && f.token != "" && len(cfg.Merchants) > 1 {
		return errors.New("--token needs --merchant: the configuration has several")
	}
	if f.merchant != "" {
		if _, err := findMerchant(cfg, f.merchant); err != nil {
			return err
		}
	}
	d := &doctor{p: p, f: f, cfg: cfg, src: src, books: map[string]string{}}
	d.chart = newChart(p.Stdout, f.format == "json", secretsOf(cfg))
	if d.roots, err = rootsWith(f.ca); err != nil {
		return err
	}
	d.configuration(c, r)
	d.examine(c.Context())
	return d.chart.end()
}

// examinedConfig reads the configuration, or that of the demo, which is on this machine; the report has warnings.
func (p *Program) examinedConfig(src *source, f *doctorFlags) (*configs.Config, *diag.Report, error) {
	r := new(diag.Report)
	if !f.demo {
		cfg := configs.Load(f.config, p.Environ, r)
		if cfg == nil {
			return nil, r, &findingsError{r}
		}
		return cfg, r, nil
	}
	cfg := configs.Demo()
	f.config = "the demo"
	if f.base == "" {
		f.base = "http://" + cfg.Listen
	}
	src.demo = configs.FS()
	return cfg, r, nil
}

// examine looks at everything outside of the files, from the buyer's side inwards.
func (d *doctor) examine(ctx context.Context) {
	d.openAdmin()
	d.public(ctx)
	d.listener(ctx)
	d.store(ctx)
	for _, m := range d.merchants() {
		d.provider(ctx, m)
		d.sink(ctx, m)
	}
	d.egress(ctx)
	for _, m := range d.merchants() {
		d.acknowledges(ctx, m)
	}
	d.admin.close()
	if d.address != nil {
		d.address.close()
	}
}

// merchants are those that are looked at.
func (d *doctor) merchants() []*configs.Merchant {
	var all []*configs.Merchant
	for i := range d.cfg.Merchants {
		if m := &d.cfg.Merchants[i]; d.f.merchant == "" || m.ID == d.f.merchant {
			all = append(all, m)
		}
	}
	return all
}

// rootsWith adds the certificates of a file to those of the system; nil where no file is named.
func rootsWith(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // nil is the pool of the system, as crypto/tls has it
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(raw) {
		return nil, fmt.Errorf("--ca %s: holds no certificate in PEM", file)
	}
	return pool, nil
}

// secretsOf are all that must never be printed, whoever says them.
func secretsOf(cfg *configs.Config) []string {
	all := []string{cfg.AdminToken.Reveal()}
	for _, s := range cfg.Confirm.Seal {
		all = append(all, s.Reveal())
	}
	if r := cfg.Store.Redis; r != nil {
		all = append(all, r.Password.Reveal(), r.SentinelPassword.Reveal())
	}
	for _, p := range cfg.Publish.People {
		all = append(all, p.Token.Plain.Reveal())
	}
	for i := range cfg.Merchants {
		m := &cfg.Merchants[i]
		for _, t := range append(append([]configs.Token{}, m.Tokens...), m.ShopTokens...) {
			all = append(all, t.Plain.Reveal())
		}
		if m.Provider != nil {
			all = append(all, m.Provider.Password.Reveal(), m.Provider.Raw.Reveal())
		}
		if m.Sink.Webhook != nil {
			for _, s := range m.Sink.Webhook.Secrets {
				all = append(all, s.Reveal())
			}
		}
	}
	return all
}
