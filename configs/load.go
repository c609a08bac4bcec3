package configs

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/kvitto/kvitto/rules/diag"
)

// Load reads a configuration file; environ is os.Environ() or a test's own. It returns nil where r has an error. Relative
// paths in the file begin at its folder. Links are followed: whoever writes the file may read what it names.
func Load(file string, environ []string, r *diag.Report) *Config {
	return load(file, host{dir: filepath.Dir(file)}, environ, r)
}

// LoadFS is Load with everything in fsys: the file and what it names.
func LoadFS(fsys fs.FS, file string, environ []string, r *diag.Report) *Config {
	return load(file, host{dir: path.Dir(file), fsys: fsys}, environ, r)
}

func load(file string, h host, environ []string, r *diag.Report) *Config {
	data, ok := readConfig(file, h, r)
	if !ok {
		return nil
	}
	root := diag.Parse(file, data, r)
	if root == nil {
		return nil
	}
	l := &loader{r: r, host: h, env: newEnvironment(environ), referred: map[string]bool{}, holders: map[[32]byte]holder{}, file: file, source: data}
	unknown := l.env.apply(root, r)
	schema := fileShape()
	schema.check(root, r)
	cfg := l.config(root)
	cfg.Files = l.files
	l.env.tellUnknown(unknown, l.referred, r)
	if r.Failed() {
		return nil
	}
	return cfg
}

// readConfig reads the file itself; what is told names it as the operator did.
func readConfig(file string, h host, r *diag.Report) ([]byte, bool) {
	var own diag.Report
	fsys, name := h.open(h.base(file))
	data, ok := diag.ReadFile(fsys, name, diag.MaxYAML, diag.Place{File: file, Line: 1, Col: 1}, &own)
	for _, f := range own.Findings() {
		f.File = file
		r.Errorf(f.Code, f.Place, "%s", f.Message).Help = f.Help
	}
	return data, ok
}

// host is where the file and what it names are: the machine, or an fs.FS.
type host struct {
	dir  string
	fsys fs.FS
}

func (h host) base(file string) string {
	if h.fsys != nil {
		return path.Base(file)
	}
	return filepath.Base(file)
}

// resolve returns a path of the file as the process sees it.
func (h host) resolve(name string) string {
	if h.fsys != nil {
		return path.Join(h.dir, name)
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(h.dir, name)
}

// open returns a file system and a name in it for a path of the file.
func (h host) open(name string) (fs.FS, string) {
	full := h.resolve(name)
	if h.fsys != nil {
		return h.fsys, full
	}
	return os.DirFS(filepath.Dir(full)), filepath.Base(full)
}

func (h host) isFolder(name string) bool {
	var info fs.FileInfo
	var err error
	if h.fsys != nil {
		info, err = fs.Stat(h.fsys, h.resolve(name))
	} else {
		info, err = os.Stat(h.resolve(name))
	}
	return err == nil && info.IsDir()
}

// near returns the name of a neighbour that a folder's name may have been meant for, or "".
func (h host) near(name string) string {
	var entries []fs.DirEntry
	var err error
	if h.fsys != nil {
		entries, err = fs.ReadDir(h.fsys, path.Dir(h.resolve(name)))
	} else {
		entries, err = os.ReadDir(filepath.Dir(h.resolve(name)))
	}
	if err != nil {
		return "" // the folder around it is missing too: nothing to suggest
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	near := diag.Suggest(path.Base(name), names)
	if near == "" {
		return ""
	}
	return path.Join(path.Dir(name), near)
}

// loader reads one configuration.
type loader struct {
	r        *diag.Report
	host     host
	env      environment
	referred map[string]bool     // variables that hold secrets
	holders  map[[32]byte]holder // of tokens, the first merchant of each
	files    []string            // that hold secrets, as the process sees them
	file     string
	source   []byte
}

// mask hides the text of a node in the source that findings show. The texts of maps and lists are those below them.
func (l *loader) mask(n *diag.Node) {
	if n == nil {
		return
	}
	for _, item := range n.Items {
		l.mask(item)
	}
	for i := range n.Values {
		l.mask(n.Keys[i])
		l.mask(n.Values[i])
	}
	if n.Kind != diag.Scalar || n.Place.File != l.file {
		return
	}
	l.source = maskLine(l.source, n.Place)
	for _, line := range n.BlockLines() {
		l.source = maskLine(l.source, line.Place)
	}
	l.r.AddSource(l.file, l.source)
}

// maskLine returns a copy of data in which a stretch of a line is stars.
func maskLine(data []byte, at diag.Place) []byte {
	lines := bytes.SplitAfter(data, []byte{'\n'})
	if at.Line < 1 || at.Line > len(lines) {
		return data
	}
	old := lines[at.Line-1]
	var b strings.Builder
	col := 1
	for len(old) > 0 {
		c, n := utf8.DecodeRune(old)
		if col >= at.Col && col < at.EndCol && c != '\n' && c != '\r' {
			c = '*'
		}
		b.WriteRune(c)
		old = old[n:]
		col++
	}
	lines[at.Line-1] = []byte(b.String())
	return bytes.Join(lines, nil)
}
