package publication

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"
)

// Schema is the number of the form in which entries are written.
const Schema = 1

// Limits of what people write.
const (
	MaxWhy  = 300 // characters of a reason
	MaxBook = 500 // bytes of the name of a rulebook
)

// Entry is one publication. It is never changed once it is made.
type Entry struct {
	Schema      int       `json:"schema"`
	Number      int64     `json:"number"`             // from 1, of its rulebook
	ID          string    `json:"id"`                 // random; two publications never share it
	Rulebook    string    `json:"rulebook"`           // the folder as the configuration names it
	Revision    string    `json:"revision,omitempty"` // of its tables; "" of the folder, which may change
	Folder      bool      `json:"folder,omitempty"`   // back to the folder itself: there are no files
	Again       int64     `json:"again,omitempty"`    // the number of the publication that this one repeats
	By          string    `json:"by"`                 // who, as the service knows it
	Why         string    `json:"why,omitempty"`
	At          time.Time `json:"at"`                     // when it was published
	Start       time.Time `json:"start,omitzero"`         // from when on; zero: as soon as a replica knows it, whatever its clock says
	Zone        string    `json:"time_zone,omitempty"`    // of the tables: people read times in it
	Tests       int       `json:"tests"`                  // cases that passed
	FailedTests int       `json:"failed_tests,omitempty"` // cases that failed, and it was published all the same
	Size        int64     `json:"size,omitempty"`         // of the archive, in bytes
	Sum         string    `json:"sha256,omitempty"`       // of the archive, in hex
}

var (
	idForm  = regexp.MustCompile(`^[A-Z2-7]{26,40}$`)
	sumForm = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// sumOf is the SHA-256 of an archive in hex.
func sumOf(archive []byte) string {
	sum := sha256.Sum256(archive)
	return hex.EncodeToString(sum[:])
}

// check refuses what no Library has made.
func (e *Entry) check() error {
	switch {
	case e.Schema > Schema:
		return fmt.Errorf("publication %d of %q: %w", e.Number, e.Rulebook, ErrSchema)
	case e.Schema < 1, e.Number < 1, !idForm.MatchString(e.ID), e.By == "", e.At.IsZero():
		return errors.New("this is no publication: its number, id, author or time is missing")
	case e.Rulebook == "", len(e.Rulebook) > MaxBook, utf8.RuneCountInString(e.Why) > MaxWhy, e.Again < 0, e.Again >= e.Number:
		return fmt.Errorf("publication %d is not as Kvitto writes them", e.Number)
	case !e.Folder && (!sumForm.MatchString(e.Sum) || e.Size <= 0 || e.Size > MaxArchive):
		return fmt.Errorf("publication %d of %q has no files", e.Number, e.Rulebook)
	}
	return nil
}

// holds checks that an archive is the one that was published.
func (e *Entry) holds(archive []byte) error {
	if e.Folder {
		return nil
	}
	if int64(len(archive)) != e.Size || sumOf(archive) != e.Sum {
		return fmt.Errorf("publication %d of %q: its files are not those that were published (%w)", e.Number, e.Rulebook, ErrNoArchive)
	}
	return nil
}

// Encode is an entry as it is kept.
func Encode(e *Entry) ([]byte, error) { return json.Marshal(e) }

// Decode reads what Encode wrote, as an entry of a rulebook.
func Decode(raw []byte, book string) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(raw, &e); err != nil {
		return Entry{}, fmt.Errorf("this is no publication: %w", err)
	}
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	if e.Rulebook != book {
		return Entry{}, fmt.Errorf("publication %d is one of %q, not of %q", e.Number, e.Rulebook, book)
	}
	return e, nil
}
