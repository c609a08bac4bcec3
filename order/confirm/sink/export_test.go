package sink

import (
	"net/http"
	"time"

	"github.com/kvitto/kvitto/rules"
)

// Before has step called before each step of a spool.
func (s *Spool) Before(step func(name string) error) { s.step = step }

// Link puts another function in the place of os.Link.
func (s *Spool) Link(link func(from, to string) error) { s.link = link }

// RetryAfter reads a header.
func RetryAfter(value string, at time.Time) time.Duration { return retryAfter(value, at) }

// Read reads the answer of a 2xx.
func Read(res *http.Response) (rules.Taken, error) { return read(res) }

// MostAnswer is what is read of an answer, in bytes.
const MostAnswer = mostAnswer
