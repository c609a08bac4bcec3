// Package replay runs many orders, recorded or made up, through one rulebook or two and counts what comes of them.
//
// Its one rule: the same orders, rulebooks and clock give the same report, however many goroutines work on it; only what was
// measured differs.
package replay

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/kvitto/kvitto/order"
)

// Case is an order to be asked about. Make is called by the goroutine that asks.
type Case struct {
	Name string
	Make func(ctx context.Context) (o *order.Order, group string, err error)
}

// Source yields cases in order. An error of Each ends the run.
type Source struct {
	Len  int64 // how many there are; 0: not known
	Each func(yield func(Case) bool) error
}

// ErrNoBodies is a file or folder without a single body.
var ErrNoBodies = errors.New("there is no body of a callback")

// Lines is a file with one body of a callback on each line; empty lines are skipped.
func Lines(name string, r io.Reader) Source {
	return Source{Each: func(yield func(Case) bool) error {
		sc := bufio.NewScanner(r)
		const first = 64 << 10
		sc.Buffer(make([]byte, first), order.DefaultLimits().Bytes+1)
		any := false
		for line := 1; sc.Scan(); line++ {
			body := bytes.TrimSpace(sc.Bytes())
			if len(body) == 0 {
				continue
			}
			any = true
			if !yield(recorded(fmt.Sprintf("%s:%d", name, line), bytes.Clone(body))) {
				return nil
			}
		}
		switch err := sc.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			return fmt.Errorf("%s: a line is longer than a callback may be, %d bytes; want one body of a callback on each line", name, order.DefaultLimits().Bytes)
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case !any:
			return fmt.Errorf("%s: %w; want one on each line", name, ErrNoBodies)
		}
		return nil
	}}
}

// Folder is a folder of bodies: every file that ends with .json, by name, those in its folders too. prefix stands before the
// names that are told.
func Folder(prefix string, fsys fs.FS) (Source, error) {
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(name, ".json") {
			files = append(files, name)
		}
		return err
	})
	switch {
	case err != nil:
		return Source{}, err
	case len(files) == 0:
		return Source{}, fmt.Errorf("%s: %w; want files such as order-1.json", prefix, ErrNoBodies)
	}
	slices.Sort(files)
	return Source{Len: int64(len(files)), Each: func(yield func(Case) bool) error {
		for _, name := range files {
			c := Case{Name: path.Join(prefix, name)}
			c.Make = func(ctx context.Context) (*order.Order, string, error) {
				body, err := readBody(fsys, name)
				if err != nil {
					return nil, "", err
				}
				return recorded("", body).Make(ctx)
			}
			if !yield(c) {
				return nil
			}
		}
		return nil
	}}, nil
}

// readBody reads a file that is no longer than a callback.
func readBody(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	limit := int64(order.DefaultLimits().Bytes)
	body, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = fmt.Errorf("longer than a callback may be, %d bytes", limit)
	}
	return body, err
}

func recorded(name string, body []byte) Case {
	return Case{Name: name, Make: func(context.Context) (*order.Order, string, error) {
		o, err := order.DecodeUpdate(body, order.DefaultLimits())
		return o, "", err
	}}
}

// Orders are orders that are decoded already.
func Orders(list []*order.Order) Source {
	return Source{Len: int64(len(list)), Each: func(yield func(Case) bool) error {
		for i, o := range list {
			if !yield(Case{Name: fmt.Sprintf("order %d", i+1), Make: func(context.Context) (*order.Order, string, error) { return o, "", nil }}) {
				return nil
			}
		}
		return nil
	}}
}
