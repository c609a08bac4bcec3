package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/kvitto/kvitto/configs"
)

// checkDisks refuses a store, a spool or an audit on a disk that a container loses, for merchants whose orders we take over:
// an order that was acknowledged and forgotten is never pushed again, and what an audit would have to tell of it is gone too. kind names the disk below an existing path where it is such a
// one, else it is "".
func checkDisks(cfg *configs.Config, kind func(path string) (string, error)) error {
	if cfg.Ephemeral {
		return nil
	}
	faults := []error{checkPublish(cfg, kind)}
	stored, audited := false, false
	for i := range cfg.Merchants {
		m := &cfg.Merchants[i]
		if m.Mode != "full" {
			continue
		}
		if cfg.Store.Redis == nil && !stored {
			stored = true
			faults = append(faults, checkDisk("store.file", filepath.Dir(cfg.Store.File), kind))
		}
		if cfg.Audit.File != "" && !audited {
			audited = true
			faults = append(faults, checkAudit(filepath.Dir(cfg.Audit.File), kind))
		}
		if m.Sink.SpoolDir != "" {
			faults = append(faults, checkDisk("merchant "+m.ID+": sink.spool.dir", m.Sink.SpoolDir, kind))
		}
	}
	return errors.Join(faults...)
}

// disks refuses disks that vanish, as this program sees them.
func (p *Program) disks(cfg *configs.Config) error {
	if p.Disk != nil {
		return checkDisks(cfg, p.Disk)
	}
	return checkDisks(cfg, diskKind)
}

// checkDisk looks at the disk that dir is on, or will be on once it is made.
func checkDisk(key, dir string, kind func(path string) (string, error)) error {
	found, err := diskBelow(key, dir, kind)
	if err != nil || found == "" {
		return err
	}
	return fmt.Errorf("%s: %s is on %s, and orders there are gone with the container although the provider was told that they "+
		"are safe: put it on a volume, or write `ephemeral: accepted` if losing them is fine", key, dir, found)
}

// checkPublish does the same for what was published, where nobody else has it: the folder would serve again, at other prices.
func checkPublish(cfg *configs.Config, kind func(path string) (string, error)) error {
	if cfg.Publish.Dir == "" || cfg.Store.Redis != nil {
		return nil
	}
	const key = "publish.dir"
	found, err := diskBelow(key, cfg.Publish.Dir, kind)
	if err != nil || found == "" {
		return err
	}
	return fmt.Errorf("%s: %s is on %s, and what was published is gone with the container, so that the folder would serve again: "+
		"put it on a volume, keep it in Redis (store.redis), or write `ephemeral: accepted`", key, cfg.Publish.Dir, found)
}

// checkAudit does the same for the audit, which may be switched off too.
func checkAudit(dir string, kind func(path string) (string, error)) error {
	const key = "audit.file"
	found, err := diskBelow(key, dir, kind)
	if err != nil || found == "" {
		return err
	}
	return fmt.Errorf("%s: %s is on %s, and what was done with orders is gone with the container: put it on a volume, write "+
		"audit: {file: \"\"} if nobody asks for it, or `ephemeral: accepted`", key, dir, found)
}

// diskBelow names the disk that dir is on, or will be on once it is made, where it is one that vanishes.
func diskBelow(key, dir string, kind func(path string) (string, error)) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	for at := abs; ; at = filepath.Dir(at) {
		found, err := kind(at)
		switch {
		case errors.Is(err, fs.ErrNotExist) && at != filepath.Dir(at):
			continue
		case err != nil:
			return "", fmt.Errorf("%s: what disk %s is on cannot be seen: %w", key, dir, err)
		}
		return found, nil
	}
}
