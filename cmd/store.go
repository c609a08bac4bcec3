package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/boltstore"
)

// errRedisStore is a command for the file of a configuration that has none.
var errRedisStore = errors.New("its store is Redis, which has its own backups: a copy of its append-only or RDB file")

func (p *Program) storeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "store",
		Short: "Back up, restore or move the store of confirmed orders",
		Long: "Backs up, restores or moves the file of confirmed orders, `store: {file: …}` of the configuration. A backup holds the\n" +
			"orders that wait, with their buyers unless `confirm.seal` has a key: keep it as you keep the file itself.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.storeBackup(), p.storeRestore(), p.storeMove())
	return c
}

func (p *Program) storeBackup() *cobra.Command {
	var f adminFlags
	var to string
	var force, offline bool
	c := &cobra.Command{
		Use:   "backup --config FILE --to FILE",
		Short: "Write a copy of the store, while the service runs or not",
		Long: "Asks the running service of --config for a copy of its store as of one moment, or with --offline copies the file of a\n" +
			"service that is stopped. The copy appears whole and checked, or not at all.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.fileConfig(f.config)
			if err != nil {
				return err
			}
			var held boltstore.Contents
			if offline {
				held, err = p.backupOffline(c.Context(), cfg, to, force)
			} else {
				held, err = p.backupOnline(c.Context(), f, to, force)
			}
			return p.toldContents(to, held, forced(err))
		},
	}
	f.add(c)
	c.Flags().StringVar(&to, "to", "", "file that is written")
	c.Flags().BoolVar(&force, "force", false, "replace the file if there is one")
	c.Flags().BoolVar(&offline, "offline", false, "copy the file itself; the service must not be running")
	required(c, "to")
	return c
}

// fileConfig loads a configuration whose store is a file.
func (p *Program) fileConfig(file string) (*configs.Config, error) {
	if file == "" {
		return nil, errors.New("--config is needed: the configuration names the store")
	}
	cfg, err := p.loadConfig(file)
	if err == nil && cfg.Store.Redis != nil {
		err = fmt.Errorf("%s: %w", file, errRedisStore)
	}
	return cfg, err
}

// forced adds what helps where a file is in the way.
func forced(err error) error {
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w; --force replaces it", err)
	}
	return err
}

func (p *Program) toldContents(file string, c boltstore.Contents, err error) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.Stdout, "%s holds orders of %d merchants: %d open, %d done\n", file, c.Merchants, c.Open, c.Done)
	return err
}

func (p *Program) backupOffline(ctx context.Context, cfg *configs.Config, to string, force bool) (c boltstore.Contents, err error) {
	s, err := boltstore.OpenNow(cfg.Store.File, lockTime, boltstore.Options{Now: p.Now})
	if errors.Is(err, boltstore.ErrLocked) {
		return c, fmt.Errorf("%w: stop the service, or ask it, without --offline", err)
	}
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.BackupTo(ctx, to, force)
}

func (p *Program) backupOnline(ctx context.Context, f adminFlags, to string, force bool) (c boltstore.Contents, err error) {
	a, err := p.adminClient(f)
	if err != nil {
		return c, err
	}
	body, err := a.stream(ctx, backupPath)
	if err != nil {
		return c, fmt.Errorf("%w; --offline copies the store of a service that is stopped", err)
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	return boltstore.Save(ctx, to, body, force)
}

func (p *Program) storeRestore() *cobra.Command {
	var config, from string
	var force bool
	c := &cobra.Command{
		Use:   "restore --config FILE --from FILE",
		Short: "Make the store from a backup",
		Long: "Makes the store of --config from a backup (- reads standard input), which is checked first. The service must not be\n" +
			"running. What happened since the backup is not in it: orders that were handed over since may be handed over again.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := p.fileConfig(config)
			if err != nil {
				return err
			}
			held, err := p.restore(c.Context(), cfg.Store.File, from, force)
			return p.toldContents(cfg.Store.File, held, err)
		},
	}
	c.Flags().StringVar(&config, "config", "", "configuration file; it names the store")
	c.Flags().StringVar(&from, "from", "", "backup, - for standard input")
	c.Flags().BoolVar(&force, "force", false, "replace the store if there is one")
	required(c, "config", "from")
	return c
}

func (p *Program) restore(ctx context.Context, file, from string, force bool) (boltstore.Contents, error) {
	in := p.Stdin
	if from != "-" {
		f, err := os.Open(from)
		if err != nil {
			return boltstore.Contents{}, fmt.Errorf("--from: %w", err)
		}
		defer func() { _ = f.Close() }() // it was only read
		if sameFile(from, file) {
			return boltstore.Contents{}, fmt.Errorf("--from %s: this is the store itself", from)
		}
		in = f
	}
	c, err := boltstore.Restore(ctx, file, in, force, lockTime)
	switch {
	case errors.Is(err, boltstore.ErrLocked):
		return c, fmt.Errorf("%w: stop the service first", err)
	case errors.Is(err, boltstore.ErrDamaged), errors.Is(err, boltstore.ErrSchema):
		return c, fmt.Errorf("--from %s: %w", from, err)
	default:
		return c, forced(err)
	}
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func (p *Program) storeMove() *cobra.Command {
	var config, to string
	c := &cobra.Command{
		Use:   "move --config FILE --to FILE",
		Short: "Copy all orders from the file into Redis, and prove it",
		Long: "Copies every order, done ones included, from the file of one configuration into the Redis of another, and reads\n" +
			"everything back. No service may be running with either. No order that Redis has is overwritten; what a move that broke\n" +
			"off has copied is left alone, so run it again. The file stays as it is: never serve with it again.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			from, err := p.fileConfig(config)
			if err != nil {
				return err
			}
			target, err := p.loadConfig(to)
			if err != nil {
				return err
			}
			if target.Store.Redis == nil {
				return fmt.Errorf("--to %s: its store is a file, and orders move to Redis: write store: {redis: {addrs: […]}}", to)
			}
			return p.move(c.Context(), from, target)
		},
	}
	c.Flags().StringVar(&config, "config", "", "configuration file that names the store as it is")
	c.Flags().StringVar(&to, "to", "", "configuration file with the Redis")
	required(c, "config", "to")
	return c
}

func (p *Program) move(ctx context.Context, cfg, target *configs.Config) (err error) {
	from, err := boltstore.OpenNow(cfg.Store.File, lockTime, boltstore.Options{Now: p.Now})
	if errors.Is(err, boltstore.ErrLocked) {
		return fmt.Errorf("%w: stop the service first", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	there, closeThere, err := openStore(target, p.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeThere()) }()
	to, ok := there.(confirm.Movable)
	if !ok {
		return errors.New("orders cannot be moved into this store")
	}
	m := confirm.Move{From: from, To: to}
	if m.FromSeal, err = sealOf(cfg); err != nil {
		return err
	}
	if m.ToSeal, err = sealOf(target); err != nil {
		return err
	}
	return p.moveAll(ctx, m, from)
}

func (p *Program) moveAll(ctx context.Context, m confirm.Move, from *boltstore.Store) error {
	merchants, err := from.Merchants(ctx)
	if err != nil {
		return err
	}
	for _, id := range merchants {
		n, err := m.Merchant(ctx, id)
		if errors.Is(err, confirm.ErrExists) {
			err = fmt.Errorf("%w; it was not overwritten: has a service run with this Redis?", err)
		}
		if err != nil {
			return fmt.Errorf("merchant %s: %w", id, err)
		}
		if _, err := fmt.Fprintf(p.Stdout, "merchant %s: orders moved and read back: %d, of which were there already: %d\n", id, n.Orders, n.Before); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(p.Stdout, "all orders of %s are in Redis; do not serve with the file again\n", from.Path())
	return err
}

// backuper is a store that can be copied while it is used.
type backuper interface {
	Backup(ctx context.Context, w io.Writer) (int64, error)
}

var _ backuper = (*boltstore.Store)(nil)
