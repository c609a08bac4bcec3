package cmd

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/rules"
)

// maxArchive is the most that is read of a folder at a revision, in bytes.
const maxArchive = 512 << 20

// checkedOut is a rulebook as a folder: one that is there, or one at a revision of git, written to a temporary folder that done
// removes. other is the rulebook on the other side, for a bare revision.
func (p *Program) checkedOut(ctx context.Context, arg, other string) (dir string, done func(), err error) {
	done = func() {}
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		return arg, done, nil
	}
	revision, folder, named := strings.Cut(arg, ":")
	if !named {
		if info, err := os.Stat(other); err != nil || !info.IsDir() {
			return "", done, fmt.Errorf("%s: there is no such folder; a revision of git needs one, as in HEAD~1:rules/demo", arg)
		}
		folder = other
	}
	if revision == "" || strings.HasPrefix(revision, "-") || strings.ContainsAny(revision, " \t\n\x00") {
		return "", done, fmt.Errorf("%q is neither a folder nor a revision of git such as HEAD~1:rules/demo", arg)
	}
	at, err := inRepository(ctx, folder, named)
	if err != nil {
		return "", done, err
	}
	return extracted(ctx, at, revision)
}

// repository is a folder in a working tree of git: root is the top, path the folder below it with slashes.
type repository struct{ root, path string }

// inRepository finds the working tree of a folder. A folder that was named with a revision is relative to the present one, and
// need not be there any more.
func inRepository(ctx context.Context, folder string, named bool) (repository, error) {
	from := "."
	if !named {
		from = folder
	}
	top, err := git(ctx, from, "rev-parse", "--show-toplevel")
	if err != nil {
		return repository{}, err
	}
	prefix, err := git(ctx, from, "rev-parse", "--show-prefix")
	if err != nil {
		return repository{}, err
	}
	path := strings.Trim(strings.TrimSpace(string(prefix)), "/")
	if named {
		path = filepath.ToSlash(filepath.Join(path, folder))
	}
	if path == ".." || strings.HasPrefix(path, "../") {
		return repository{}, fmt.Errorf("%s: this folder is outside the repository", folder)
	}
	return repository{strings.TrimSpace(string(top)), strings.Trim(path, "./")}, nil
}

// extracted writes a folder as it was at a revision to a temporary one.
func extracted(ctx context.Context, at repository, revision string) (dir string, done func(), err error) {
	done = func() {}
	commit, err := git(ctx, at.root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return "", done, fmt.Errorf("%s: git knows no such revision", revision)
	}
	tree := strings.TrimSpace(string(commit)) + ":" + at.path
	archive, err := git(ctx, at.root, "archive", "--format=tar", tree)
	if err != nil {
		return "", done, fmt.Errorf("%s: there was no folder %s at that revision: %w", revision, at.path, err)
	}
	if dir, err = os.MkdirTemp("", "kvitto-diff-"); err != nil {
		return "", done, err
	}
	done = func() { _ = os.RemoveAll(dir) } // what stays behind is in the folder for temporary files
	if err := untar(dir, archive); err != nil {
		done()
		return "", func() {}, fmt.Errorf("%s: %w", revision, err)
	}
	return dir, done, nil
}

// git runs one command of git in a folder; its arguments are fixed but for revisions and paths that were looked at.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, "git", args...) //nolint:gosec // see above
	c.Dir = dir
	var out, told bytes.Buffer
	c.Stdout, c.Stderr = &limited{w: &out, left: maxArchive}, &limited{w: &told, left: 1 << 16}
	if err := c.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("git is not installed: a revision cannot be read; compare two folders instead")
		}
		if text := strings.TrimSpace(told.String()); text != "" {
			return nil, fmt.Errorf("git: %s", strings.TrimPrefix(text, "fatal: "))
		}
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out.Bytes(), nil
}

// limited passes on so many bytes and then fails.
type limited struct {
	w    io.Writer
	left int
}

// Write implements io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errors.New("the folder is too large")
	}
	return l.w.Write(p)
}

// untar writes the files of an archive; links and anything that leads out of the folder are left out.
func untar(dir string, archive []byte) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // it was only written through
	in := tar.NewReader(bytes.NewReader(archive))
	for {
		h, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case h.Typeflag == tar.TypeDir:
			err = root.MkdirAll(filepath.FromSlash(strings.TrimSuffix(h.Name, "/")), 0o700)
		case h.Typeflag == tar.TypeReg:
			err = writeFile(root, h.Name, in)
		}
		if err != nil {
			return err
		}
	}
}

func writeFile(root *os.Root, name string, from io.Reader) (err error) {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = io.Copy(f, from)
	return err
}

// maxCommits is how many commits of a folder are looked at for the one that a service serves.
const maxCommits = 50

// liveSides compares a folder with what a running service serves. The service tells the name of its rulebook, which is made of
// its files; they themselves are looked for in the folder's history.
func (p *Program) liveSides(ctx context.Context, registry *rules.Registry, dir string, f *diffFlags, o rules.Options) (before, after *authoring.Book, same bool, err error) {
	client, err := p.adminClient(adminFlags{config: f.config, admin: f.live})
	if err != nil {
		return nil, nil, false, err
	}
	live, err := client.revision(ctx, f.merchant)
	if err != nil {
		return nil, nil, false, err
	}
	if after, err = p.bookOf(registry, dir, f.products, o); err != nil {
		return nil, nil, false, err
	}
	if after.Rules.Revision == live {
		return nil, after, true, nil
	}
	at, err := inRepository(ctx, dir, false)
	if err != nil {
		return nil, nil, false, fmt.Errorf("the service serves revision %s, this folder is %s; the files of the other are needed: %w", live, after.Rules.Revision, err)
	}
	commits, err := git(ctx, at.root, "log", fmt.Sprintf("--max-count=%d", maxCommits), "--format=%H", "--", at.path)
	if err != nil {
		return nil, nil, false, err
	}
	for commit := range strings.FieldsSeq(string(commits)) {
		if before = p.bookAt(ctx, registry, at, commit, f.products, o); before != nil && before.Rules.Revision == live {
			return before, after, false, nil
		}
	}
	return nil, nil, false, fmt.Errorf("the service serves revision %s, which is neither this folder (%s) nor one of its last %d commits; name the folder that was published, or its commit",
		live, after.Rules.Revision, maxCommits)
}

// bookAt is the rulebook of a commit, nil where it does not load.
func (p *Program) bookAt(ctx context.Context, registry *rules.Registry, at repository, commit, products string, o rules.Options) *authoring.Book {
	dir, done, err := extracted(ctx, at, commit)
	if err != nil {
		return nil
	}
	defer done()
	quiet := *p
	quiet.Stderr = io.Discard
	b, err := quiet.bookOf(registry, dir, products, o)
	if err != nil {
		return nil
	}
	return b
}

// revision asks which rulebook a merchant is served by.
func (a *adminClient) revision(ctx context.Context, merchant string) (string, error) {
	var answer struct {
		Merchants []struct{ ID, Revision string }
	}
	if err := a.get(ctx, "/api/rules", url.Values{}, &answer); err != nil {
		return "", err
	}
	var ids []string
	for _, m := range answer.Merchants {
		if m.ID == merchant || merchant == "" && len(answer.Merchants) == 1 {
			return m.Revision, nil
		}
		ids = append(ids, m.ID)
	}
	slices.Sort(ids)
	return "", fmt.Errorf("--merchant %q: want one of %s", merchant, strings.Join(ids, ", "))
}
