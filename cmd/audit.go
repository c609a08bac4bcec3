package cmd

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/kvitto/kvitto/order/confirm"
)

// audit is the append-only record of what happened to orders: a line of JSON each, chained by hashes, so that a line that
// was changed or taken out shows. It holds no personal data. It is safe for concurrent use.
type audit struct {
	required bool
	file     string
	run      string // of this process: replicas and restarts have chains of their own
	mu       sync.Mutex
	out      *os.File
	last     string // hash of the line before
	lost     int64  // lines that could not be written
}

// auditLine is one line. Hash is the SHA-256 of the line as it would be with an empty hash.
type auditLine struct {
	Time     string `json:"time"`
	Run      string `json:"run"`
	Merchant string `json:"merchant"`
	Order    string `json:"order_id,omitempty"`
	Step     string `json:"step"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Work     string `json:"work,omitempty"`
	SHA      string `json:"sha256,omitempty"`
	Revision int    `json:"revision,omitempty"`
	Attempt  int64  `json:"attempt,omitempty"`
	By       string `json:"by,omitempty"`
	Prev     string `json:"prev"`
	Hash     string `json:"hash"`
}

// openAudit appends to a file, which it makes where there is none. The chain of this process begins at the file's last line.
func openAudit(file string, required bool) (*audit, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	last, err := lastHash(file)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return &audit{required: required, file: file, run: rand.Text()[:12], out: out, last: last}, nil
}

// lastHash is that of the last whole line; "" where there is none.
func lastHash(file string) (string, error) {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	const tail = 8 << 10
	if info, err := f.Stat(); err == nil && info.Size() > tail {
		if _, err := f.Seek(-tail, io.SeekEnd); err != nil {
			return "", err
		}
	}
	last := ""
	for s := bufio.NewScanner(f); s.Scan(); {
		var l auditLine
		if json.Unmarshal(s.Bytes(), &l) == nil && l.Hash != "" {
			last = l.Hash
		}
	}
	return last, nil
}

// write appends a change. An error is one of the file; the line is lost then and the chain goes on without it.
func (a *audit) write(c confirm.Change) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	l := auditLine{Time: c.At.UTC().Format(time.RFC3339Nano), Run: a.run, Merchant: c.Merchant, Order: c.Order, Step: string(c.Step),
		From: string(c.From), To: string(c.To), Reason: string(c.Reason), Work: string(c.Work), SHA: c.SHA, Revision: c.Revision,
		Attempt: c.Token, By: c.By, Prev: a.last}
	hash, err := l.sum()
	if err != nil {
		return err
	}
	l.Hash = hash
	line, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if _, err := a.out.Write(append(line, '\n')); err != nil {
		a.lost++
		return fmt.Errorf("audit: %w", err)
	}
	a.last = hash
	return nil
}

func (l auditLine) sum() (string, error) {
	l.Hash = ""
	raw, err := json.Marshal(l)
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), err
}

func (a *audit) close() error { return a.out.Close() }
