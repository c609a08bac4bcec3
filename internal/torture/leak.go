package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// buyer is a person whose traces must be nowhere but in what the sink was handed.
const (
	buyerName   = "Canarysdotter"
	buyerMail   = "canary@shop.example"
	buyerStreet = "Kanariefagelgatan"
)

// leaks tells where personal data or secrets are in clear: in logs, in the audit, or in what Redis wrote (I11, I12).
func (t *site) leaks() ([]string, error) {
	hidden := map[string]string{
		"a name": buyerName, "an e-mail address": buyerMail, "a street": buyerStreet, "the token": t.secrets.token,
		"the provider's password": t.secrets.password, "the sink's secret": strings.TrimPrefix(t.secrets.sink, "whsec_"), "the seal": t.secrets.seal,
	}
	var found []string
	if events := t.sink.Events(); len(events) > 0 && !bytes.Contains(events[0].Bodies[0], []byte(buyerName)) {
		found = append(found, "the buyer's name did not even reach the sink, so nothing was proved about it")
	}
	look := func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "password" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for what, text := range hidden {
			if bytes.Contains(data, []byte(text)) {
				found = append(found, fmt.Sprintf("%s is in %s", what, path))
			}
		}
		return nil
	}
	for _, dir := range []string{t.dir, filepath.Join(t.redis.Dir(), "appendonlydir")} {
		if err := filepath.WalkDir(dir, look); err != nil {
			return nil, err
		}
	}
	return found, nil
}
