package importer

import (
	"archive/zip"
	"bytes"
	"io/fs"
)

// folder is a file system of some files.
func folder(files []File) (fs.FS, error) {
	var w bytes.Buffer
	z := zip.NewWriter(&w)
	for _, f := range files {
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(f.Data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(w.Bytes()), int64(w.Len()))
}
