package cmd

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Quiet times of the watcher: a change is told when nothing happened for watchQuiet, at the latest after watchMost.
const (
	watchQuiet = 250 * time.Millisecond
	watchMost  = 2 * time.Second
)

// watcher tells that files of interest changed. It watches folders, never files, so that editors which write a new file
// and rename it, and orchestrators which swap a link, are seen too.
type watcher struct {
	fsn   *fsnotify.Watcher
	mu    sync.Mutex
	trees map[string]bool // folders in which everything counts
	paths map[string]bool // single paths that count
}

func newWatcher() (*watcher, error) {
	fsn, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return &watcher{fsn: fsn, trees: map[string]bool{}, paths: map[string]bool{}}, nil
}

// watch replaces what is of interest: single files and whole folder trees. What cannot be watched is an error;
// the rest is watched all the same.
func (w *watcher) watch(files, dirs []string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trees, w.paths = map[string]bool{}, map[string]bool{}
	var errs []error
	for _, file := range files {
		w.paths[file] = true
		if real, err := filepath.EvalSymlinks(file); err == nil {
			w.paths[real] = true
		}
	}
	for _, dir := range dirs {
		w.paths[dir] = true // the folder itself may be a link that is swapped
		errs = append(errs, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				w.trees[path] = true
			}
			return err
		}))
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			w.trees[real] = true
		}
	}
	for dir := range w.trees {
		errs = append(errs, w.fsn.Add(dir))
	}
	for path := range w.paths {
		errs = append(errs, w.fsn.Add(filepath.Dir(path)))
	}
	return errors.Join(errs...)
}

// counts reports whether an event is about something of interest. Orchestrators swap a link named ..data.
func (w *watcher) counts(ev fsnotify.Event) bool {
	if ev.Op == fsnotify.Chmod {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.trees[filepath.Dir(ev.Name)] || w.paths[ev.Name] || filepath.Base(ev.Name) == "..data"
}

// run calls changed after each burst of changes until ctx ends, and failed for what the system reports. It owns w.
func (w *watcher) run(ctx context.Context, changed func(), failed func(error)) {
	defer func() {
		if err := w.fsn.Close(); err != nil {
			failed(err)
		}
	}()
	var quiet, most <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-w.fsn.Events:
			if !ok {
				return
			}
			if !w.counts(ev) {
				continue
			}
			quiet = time.After(watchQuiet)
			if most == nil {
				most = time.After(watchMost)
			}
			continue
		case err := <-w.fsn.Errors:
			failed(err)
			quiet = time.After(watchQuiet) // events may have been lost: look again
			continue
		case <-quiet:
		case <-most:
		}
		quiet, most = nil, nil
		changed()
	}
}
