package cmd

import (
	"bufio"
	"bytes"
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
	run  string // of this process: replicas and restarts have chains of their own
	mu   sync.Mutex
	out  io.WriteCloser
	last string // hash of the line before
	lost int64  // changes since that line that could not be written
	torn bool   // the file ends in a line that was not finished
}

// auditLine is one line. Hash is the SHA-256 of the line as it would be with an empty hash.
type auditLine struct {
	Time     string `json:"time"`
	Run      string `json:"run"`
	Merchant string `json:"merchant,omitempty"`
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
	Rulebook string `json:"rulebook,omitempty"`
	Number   int64  `json:"publication,omitempty"`
	Lost     int64  `json:"lost,omitempty"` // changes between the line before and this one that could not be written
	Prev     string `json:"prev"`
	Hash     string `json:"hash"`
}

// stepOpened is the first line of a run: who writes from here on.
const stepOpened confirm.Step = "opened"

// openAudit appends to a file, which it makes where there is none, and begins a run there for whoever by names. A disk that is
// full keeps nobody from starting: what is lost is counted in the next line.
func openAudit(file, by string, at time.Time) (*audit, error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	last, torn, err := lastHash(file)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	a := &audit{run: rand.Text()[:12], out: out, last: last, torn: torn}
	_ = a.write(confirm.Change{Step: stepOpened, At: at, By: by}) // it is counted in lost
	return a, nil
}

// auditTail is how much of an audit is read to find its last line, in bytes.
const auditTail = 64 << 10

// lastHash is that of the last whole line, "" where there is none; torn says that the file ends within a line. What is no
// ordinary file, such as a pipe, has no lines to go on from.
func lastHash(file string) (last string, torn bool, err error) {
	info, err := os.Stat(file)
	if errors.Is(err, os.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	f, err := os.Open(file)
	if err != nil {
		return "", false, err
	}
	defer func() { _ = f.Close() }() // it was only read
	if _, err := f.Seek(max(info.Size()-auditTail, 0), io.SeekStart); err != nil {
		return "", false, err
	}
	raw, err := io.ReadAll(io.LimitReader(f, auditTail))
	if err != nil {
		return "", false, err
	}
	for line := range bytes.Lines(raw) {
		if l, err := readAuditLine(bytes.TrimSuffix(line, []byte("\n"))); err == nil {
			last = l.Hash
		}
	}
	return last, len(raw) > 0 && raw[len(raw)-1] != '\n', nil
}

// write appends a change. An error is one of the file: the change is lost then, the chain goes on without it, and the next
// line says that something is missing before it.
func (a *audit) write(c confirm.Change) error {
	return a.add(auditLine{Time: auditTime(c.At), Merchant: c.Merchant, Order: c.Order, Step: string(c.Step),
		From: string(c.From), To: string(c.To), Reason: string(c.Reason), Work: string(c.Work), SHA: c.SHA, Revision: c.Revision,
		Attempt: c.Token, By: c.By})
}

func auditTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// add appends a line as write does, with all that makes it a link of the chain.
func (a *audit) add(l auditLine) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	l.Run, l.Lost, l.Prev = a.run, a.lost, a.last
	line, err := l.seal()
	if err == nil {
		err = a.append(line)
	}
	if err != nil {
		a.lost++
		return fmt.Errorf("audit: %w", err)
	}
	a.last, a.lost = l.Hash, 0
	return nil
}

// append writes a line in one piece, behind the end of one that was not finished.
func (a *audit) append(line []byte) error {
	lead := 0
	if a.torn {
		lead = 1
		line = append([]byte("\n"), line...)
	}
	n, err := a.out.Write(append(line, '\n'))
	if err != nil {
		a.torn = a.torn && n == 0 || n > lead
		return err
	}
	a.torn = false
	return nil
}

// seal computes the hash and returns the line.
func (l *auditLine) seal() ([]byte, error) {
	l.Hash = ""
	raw, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	l.Hash = hex.EncodeToString(sum[:])
	return json.Marshal(l)
}

// errFragment is a line that was not finished, or is no line of an audit.
var errFragment = errors.New("it is not a whole line of an audit")

// errChanged is a line whose hash does not fit.
var errChanged = errors.New("the line was changed after it was written: its hash does not fit")

// readAuditLine reads a line and checks that it is, to the byte, what was written.
func readAuditLine(raw []byte) (auditLine, error) {
	var l auditLine
	if json.Unmarshal(raw, &l) != nil || l.Hash == "" {
		return l, errFragment
	}
	said := l.Hash
	again, err := l.seal()
	if err != nil || l.Hash != said || !bytes.Equal(again, raw) {
		return l, errChanged
	}
	return l, nil
}

func (a *audit) close() error { return a.out.Close() }

// auditLines reads lines of at most 1 MiB.
func auditLines(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 64<<10), 1<<20)
	return s
}
