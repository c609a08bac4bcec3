package diag

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"unicode/utf8"
)

// Limits of files.
const (
	MaxYAML = 16 << 20  // bytes of a YAML file
	MaxCSV  = 128 << 20 // bytes of a CSV side file
	MaxXLSX = 16 << 20  // bytes of a workbook as it lies on the disk
)

// ReadFile reads a regular file of at most max bytes; it refuses devices, FIFOs, links out of fsys, and what is not
// UTF-8 (a BOM is dropped). ok is false where a finding was added (E009 to E013). at is where the name was written, the zero
// Place where it came from a command line. For links to be kept inside a folder fsys must be that of an os.Root.
func ReadFile(fsys fs.FS, name string, max int64, at Place, r *Report) (data []byte, ok bool) {
	data, ok = ReadBytes(fsys, name, max, at, r)
	if !ok {
		return nil, false
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	r.AddSource(name, data)
	if !utf8.Valid(data) {
		tellNotUTF8(name, data, at, r)
		return nil, false
	}
	return data, true
}

// ReadBytes is ReadFile for what need not be UTF-8 text: nothing is dropped, checked or kept as a source.
func ReadBytes(fsys fs.FS, name string, max int64, at Place, r *Report) (data []byte, ok bool) {
	if at.File == "" {
		at = Place{File: name, Line: 1, Col: 1}
	}
	if !fs.ValidPath(name) || name == "." {
		f := r.Errorf(CodeOutside, at, "%q is not a name inside the folder", name)
		f.Help = "write it relative to the folder, with / between its parts and without .."
		return nil, false
	}
	data, err := readRegular(fsys, name, max)
	if err != nil {
		tellReadError(fsys, name, max, at, err, r)
		return nil, false
	}
	return data, true
}

var (
	errTooLarge   = errors.New("too large")
	errNotRegular = errors.New("not a regular file")
)

// readRegular asks what a name is before it opens it, because opening a FIFO waits for its other end.
func readRegular(fsys fs.FS, name string, max int64) (data []byte, err error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if err := regular(info, max); err != nil {
		return nil, err
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	if err := regular(info, max); err != nil {
		return nil, err
	}
	buf := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	if _, err := buf.ReadFrom(io.LimitReader(f, max+1)); err != nil {
		return nil, err
	}
	if int64(buf.Len()) > max {
		return nil, errTooLarge
	}
	return buf.Bytes(), nil
}

func regular(info fs.FileInfo, max int64) error {
	switch {
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: it is %s", errNotRegular, modeWord(info.Mode()))
	case info.Size() > max:
		return errTooLarge
	}
	return nil
}

func modeWord(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe (FIFO)"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	default:
		return "something special"
	}
}

func tellReadError(fsys fs.FS, name string, max int64, at Place, err error, r *Report) {
	switch {
	case errors.Is(err, errTooLarge):
		f := r.Errorf(CodeTooLarge, at, "%q is larger than %s", name, sizeWord(max))
		f.Help = "split it into several files"
	case errors.Is(err, errNotRegular):
		f := r.Errorf(CodeNotRegular, at, "%q is %s", name, err.Error()[len(errNotRegular.Error())+len(": it is "):])
		f.Help = "name an ordinary file"
	case errors.Is(err, fs.ErrNotExist):
		f := r.Errorf(CodeNoFile, at, "there is no file %q", name)
		f.Help = nearbyName(fsys, name)
	case errors.Is(err, fs.ErrPermission):
		f := r.Errorf(CodeNoFile, at, "%q may not be read", name)
		f.Help = "let the account that runs this program read it"
	case escapes(err):
		f := r.Errorf(CodeOutside, at, "%q leads out of the folder", name)
		f.Help = "put the file itself into the folder; a link must not lead out of it"
	default:
		r.Errorf(CodeNoFile, at, "%q cannot be read: %v", name, reason(err))
	}
}

// reason takes the operation and the path out of an error, which are told already.
func reason(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// escapes recognises the error of an os.Root, which has no exported value.
func escapes(err error) bool { return reason(err).Error() == "path escapes from parent" }

func nearbyName(fsys fs.FS, name string) string {
	entries, err := fs.ReadDir(fsys, path.Dir(name))
	if err != nil {
		return fmt.Sprintf("there is no folder %q either", path.Dir(name))
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	if s := Suggest(path.Base(name), names); s != "" {
		return fmt.Sprintf("did you mean %q?", path.Join(path.Dir(name), s))
	}
	return ""
}

func sizeWord(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}

func tellNotUTF8(name string, data []byte, at Place, r *Report) {
	place := Place{File: name, Line: 1, Col: 1}
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		f := r.Errorf(CodeNotUTF8, place, "this file is UTF-16 text, UTF-8 is needed")
		f.Help = "save it as UTF-8; a spreadsheet calls it \"CSV UTF-8\""
		return
	}
	i := 0
	for {
		c, n := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && n <= 1 {
			break
		}
		i += n
	}
	head := data[:i]
	start := bytes.LastIndexByte(head, '\n') + 1
	place.Line = bytes.Count(head, []byte{'\n'}) + 1
	place.Col = utf8.RuneCount(head[start:]) + 1
	f := r.Errorf(CodeNotUTF8, place, "this file is not UTF-8 text: the byte 0x%02X stands here", data[i])
	f.Help = "save it as UTF-8; a spreadsheet calls it \"CSV UTF-8\""
	if at.File != name {
		f.Cause = &Cause{Place: at, Label: "the file is named here"}
	}
}
