package diag

import "path"

// Rebase names files from outside of their folder: dir is put in front of the names for which in is true. It is for reports
// that show several folders, or that other programs open files from. dir is written with slashes; "." changes nothing.
func (r *Report) Rebase(dir string, in func(file string) bool) {
	if dir == "" || dir == "." {
		return
	}
	paths := map[string][]*Node{}
	for _, f := range r.findings {
		if f.Path == "" {
			f.Path = r.pathAt(f.Place, paths)
		}
	}
	rename := func(file string) string {
		if !in(file) {
			return file
		}
		return path.Join(dir, file)
	}
	for _, f := range r.findings {
		f.File = rename(f.File)
		if f.Cause != nil {
			cause := *f.Cause // findings may share one
			cause.File = rename(cause.File)
			f.Cause = &cause
		}
	}
	sources := make(map[string][]byte, len(r.sources))
	for name, data := range r.sources {
		sources[rename(name)] = data
	}
	r.sources, r.roots = sources, nil
}
