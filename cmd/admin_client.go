package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kvitto/kvitto/configs"
)

// adminTime bounds a question to a running service; a long list to reconcile takes a while.
const adminTime = 30 * time.Second

// maxAdminAnswer is the most that is read of an answer, in bytes.
const maxAdminAnswer = 64 << 20

// adminFlags say which running service a command asks.
type adminFlags struct{ config, admin, tokenEnv, tokenFile string }

func (f *adminFlags) add(c *cobra.Command) {
	c.PersistentFlags().StringVar(&f.config, "config", "", "configuration file of the running service: its admin address and token")
	c.PersistentFlags().StringVar(&f.admin, "admin", "", "address of its admin listener, instead of the configured one (127.0.0.1:9090 without --config)")
	c.PersistentFlags().StringVar(&f.tokenEnv, "token-env", "", "environment variable with the admin token, for --admin without --config")
	c.PersistentFlags().StringVar(&f.tokenFile, "token-file", "", "file with the admin token, for --admin without --config")
	c.MarkFlagsMutuallyExclusive("token-env", "token-file")
}

// adminClient asks the admin listener of a running service.
type adminClient struct {
	base  string
	token configs.Secret
	http  *http.Client
}

func (p *Program) adminClient(f adminFlags) (*adminClient, error) {
	a := &adminClient{base: "127.0.0.1:9090", http: &http.Client{Timeout: adminTime, Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}}
	switch token, given, err := p.adminToken(f); {
	case err != nil:
		return nil, err
	case given && f.admin != "": // the configuration is not needed: it may be broken
		a.token = token
	case f.config != "":
		cfg, err := p.loadConfig(f.config)
		if err != nil {
			p.tell("a running service can be asked without its configuration: --admin ADDRESS, and where it has a token --token-env NAME or --token-file FILE\n")
			return nil, err
		}
		a.base, a.token = cfg.Admin, cfg.AdminToken
		if given {
			a.token = token
		}
	default:
		a.token = token
	}
	if f.admin != "" {
		a.base = f.admin
	}
	if !strings.Contains(a.base, "://") {
		a.base = "http://" + a.base
	}
	if _, err := url.Parse(a.base); err != nil {
		return nil, fmt.Errorf("--admin %q is no address", f.admin)
	}
	return a, nil
}

// adminToken is the token that flags name; given says that they do. It is never taken from the command line itself, which other
// users of the machine can see.
func (p *Program) adminToken(f adminFlags) (t configs.Secret, given bool, err error) {
	var text string
	switch {
	case f.tokenEnv != "":
		for _, pair := range p.Environ {
			if name, value, _ := strings.Cut(pair, "="); name == f.tokenEnv {
				text = value
			}
		}
		if text == "" {
			return t, true, fmt.Errorf("--token-env %s: the variable is not set, or empty", f.tokenEnv)
		}
	case f.tokenFile != "":
		raw, err := os.ReadFile(f.tokenFile)
		if err != nil {
			return t, true, fmt.Errorf("--token-file: %w", err)
		}
		if text = strings.TrimSpace(string(raw)); text == "" {
			return t, true, fmt.Errorf("--token-file %s: it is empty", f.tokenFile)
		}
	default:
		return t, false, nil
	}
	if strings.ContainsAny(text, "\r\n") {
		return t, true, errors.New("the admin token has more than one line")
	}
	return configs.NewSecret(text), true, nil
}

// get asks and decodes the answer.
func (a *adminClient) get(ctx context.Context, path string, q url.Values, to any) error {
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return a.do(ctx, http.MethodGet, path, nil, to)
}

// post asks for a change.
func (a *adminClient) post(ctx context.Context, path string, body, to any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return a.do(ctx, http.MethodPost, path, raw, to)
}

func (a *adminClient) do(ctx context.Context, method, path string, body []byte, to any) error {
	return a.send(ctx, method, path, "application/json", body, to)
}

// send sends a body of some type and decodes the answer.
func (a *adminClient) send(ctx context.Context, method, path, media string, body []byte, to any) error {
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("admin address: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", media)
	}
	if t := a.token.Reveal(); t != "" {
		req.Header.Set("Authorization", "Bearer "+t)
	}
	res, err := a.http.Do(req)
	if err != nil {
		return fmt.Errorf("no running service answers at %s (is it serving? --admin names another address): %w", a.base, err)
	}
	defer func() { _ = res.Body.Close() }() // it was read, or is of no use
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxAdminAnswer))
	if err != nil {
		return fmt.Errorf("reading the answer of %s: %w", a.base, err)
	}
	if res.StatusCode != http.StatusOK {
		return refusedByAdmin(res.StatusCode, raw)
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return fmt.Errorf("%s does not answer as Kvitto does: %w", a.base, err)
	}
	return nil
}

// errNoOrder is an order of which there is no record.
var errNoOrder = errors.New("there is no record of this order: it was never pushed to this service, or is long done")

func refusedByAdmin(status int, raw []byte) error {
	var doc struct{ Detail string }
	_ = json.Unmarshal(raw, &doc) // what is no problem document has no detail to show
	switch {
	case status == http.StatusUnauthorized && doc.Detail == "":
		return errors.New("the service asks for its admin token: name its configuration with --config, or the token with --token-env or --token-file")
	case status == http.StatusNotFound && strings.HasPrefix(doc.Detail, "no record"):
		return errNoOrder
	case doc.Detail != "":
		return errors.New(doc.Detail)
	default:
		return fmt.Errorf("the service answers %d", status)
	}
}
