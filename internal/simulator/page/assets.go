package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static templates
var files embed.FS

// asset is a file that pages load, by a name that changes with its content.
type asset struct {
	body []byte
	kind string
}

// assets are the files by the name that pages use, and those names by the file's own.
type assets struct {
	byName map[string]asset
	names  map[string]string
}

// loadAssets names each file of static after its content. htmx is release 2.0.11 from the npm registry; a test holds its sum.
func loadAssets() assets {
	a := assets{byName: map[string]asset{}, names: map[string]string{}}
	list, err := fs.ReadDir(files, "static")
	if err != nil {
		panic("page: " + err.Error()) // it is compiled in
	}
	for _, f := range list {
		body, err := files.ReadFile("static/" + f.Name())
		if err != nil {
			panic("page: " + err.Error())
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(f.Name())
		name := strings.TrimSuffix(f.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.byName[name] = asset{body: body, kind: kindOf(ext)}
		a.names[f.Name()] = "/static/" + name
	}
	return a
}

func kindOf(ext string) string {
	switch ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if k := mime.TypeByExtension(ext); k != "" {
		return k
	}
	return "application/octet-stream"
}

// static serves a file; its name changes with it, so it is kept for good.
func (p *pages) static(w http.ResponseWriter, r *http.Request) {
	a, ok := p.assets.byName[r.PathValue("name")]
	if !ok {
		p.notFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", a.kind)
	_, _ = w.Write(a.body) // where that fails nobody is there any more
}
