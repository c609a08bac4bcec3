package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/internal/schema"
)

// schemaFolder is where schemas are written, beside the files that they are for.
const schemaFolder = "schema"

func (p *Program) rulesSchemaCommand() *cobra.Command {
	var write bool
	c := &cobra.Command{
		Use:   "schema [NAME | --write [DIR]]",
		Short: "Write JSON Schemas, by which an editor completes and explains keys and words",
		Long: "Prints the schema of one kind of file: " + strings.Join(schemaNames(), ", ") + ". With --write it puts all of them into the\n" +
			"folder schema of DIR (the current one if none is named), in the place of those that an older program wrote there.\n" +
			"An editor uses one where the first line of a file says so:\n" +
			"  # yaml-language-server: $schema=./schema/shipping.v1.json\n" +
			"A schema knows keys, words and the look of values. Names, tables and rows that are never used it does not see: lint does.",
		Example:   "  kvitto rules schema --write rules\n  kvitto rules schema shipping",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: schemaNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case write:
				return p.writeSchemas(folderArg(args))
			case len(args) == 1:
				return p.printSchema(args[0])
			default:
				return errors.New("name one of " + strings.Join(schemaNames(), ", ") + ", or give --write")
			}
		},
	}
	c.Flags().BoolVar(&write, "write", false, "write all schemas into the folder schema of DIR")
	return c
}

func schemaNames() []string {
	var names []string
	for _, f := range schema.Files() {
		names = append(names, f.Short())
	}
	return names
}

func (p *Program) printSchema(name string) error {
	for _, f := range schema.Files() {
		if f.Short() != name && f.Name != name {
			continue
		}
		text, err := f.JSON()
		if err != nil {
			return err
		}
		_, err = p.Stdout.Write(text)
		return err
	}
	return fmt.Errorf("%q: there is no schema of that name; want one of %s", name, strings.Join(schemaNames(), ", "))
}

// writeSchemas writes all of them, each whole or not at all.
func (p *Program) writeSchemas(dir string) error {
	if info, err := os.Stat(dir); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s: this is not a folder", dir)
	}
	to := filepath.Join(dir, schemaFolder)
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, f := range schema.Files() {
		text, err := f.JSON()
		if err != nil {
			return err
		}
		name := filepath.Join(to, f.Name)
		if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
			continue
		}
		if err := replaceFile(name, text); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(p.Stdout, "wrote %s, for %s\n", filepath.ToSlash(name), f.For); err != nil {
			return err
		}
	}
	return nil
}

// replaceFile writes a file beside its place and moves it there.
func replaceFile(name string, data []byte) (err error) {
	w, err := os.CreateTemp(filepath.Dir(name), ".schema-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(w.Name()))
		}
	}()
	_, err = w.Write(data)
	if err = errors.Join(err, w.Chmod(0o644), w.Close()); err != nil {
		return err
	}
	return os.Rename(w.Name(), name)
}
