package rules

import (
	"errors"
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
)

// Causes of a Fault, beside what a member returned itself.
var (
	// ErrDeadline is the end of the callback's context before an answer was there. What Price and Judge return
	// for it also is the context's own error.
	ErrDeadline = errors.New("callback cut off")
	// ErrLate is a member that did not answer within its share of the budget.
	ErrLate = errors.New("no answer within its share of the budget")
	// ErrBreaker is a member that is not asked because it failed too often just now.
	ErrBreaker = errors.New("breaker is open")
	// ErrCrowded is a member that is not asked because too many of its calls have not come back.
	ErrCrowded = errors.New("too many calls have not come back")
	// ErrNonsense is an answer that cannot be used.
	ErrNonsense = errors.New("unusable answer")
	// ErrTaxClass is what a TaxEngine answers, wrapped, where Freight is asked about a class that it does not have.
	// It is a fault of the shipping engine that named the class.
	ErrTaxClass = errors.New("there is no tax class")
)

// Fault is a member that did not answer as it should. Cause holds no text of the order, as long as the errors that
// plug-ins return hold none.
type Fault struct {
	Member   string
	Hook     string
	Cause    error
	Fallback string // what served instead: "skip", "deny", "backup"
}

// Fallbacks of a Fault.
const (
	FallbackSkip   = "skip"
	FallbackDeny   = "deny"
	FallbackBackup = "backup"
)

// PanicError is a panic that was caught. Its text names the type of the value only, unless the runtime raised
// it: a plug-in's own text might hold what the order held.
type PanicError struct {
	What  string
	Where string // function, file and line that panicked, e.g. "stock.(*Plugin).Facts (stock.go:41)"; "" where it is not known
	Stack []byte // as of debug.Stack; functions and addresses, no values
}

// Error returns "panic: ", what it was and where.
func (p *PanicError) Error() string {
	if p.Where == "" {
		return "panic: " + p.What
	}
	return "panic: " + p.What + " in " + p.Where
}

// newPanic is called by the deferred function that recovered v.
func newPanic(v any) *PanicError {
	what := fmt.Sprintf("a value of type %T", v)
	if e, ok := errors.AsType[runtime.Error](asError(v)); ok {
		what = e.Error()
	}
	return &PanicError{What: what, Where: panicked(), Stack: debug.Stack()}
}

// panicked names the frame that panicked: the first below the runtime's own.
func panicked() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	inside := false
	for {
		f, more := frames.Next()
		switch own := strings.HasPrefix(f.Function, "runtime."); {
		case own:
			inside = true
		case inside && f.Function != "":
			return fmt.Sprintf("%s (%s:%d)", path.Base(f.Function), path.Base(f.File), f.Line)
		}
		if !more {
			return ""
		}
	}
}

func asError(v any) error {
	err, ok := v.(error)
	if !ok {
		return nil
	}
	return err
}

// failure is an error of a member that no policy covers.
type failure struct {
	member *member
	hook   string
	cause  error
}

// Error returns "member: hook: cause".
func (f *failure) Error() string { return f.member.Name + ": " + f.hook + ": " + f.cause.Error() }

// Unwrap returns the cause.
func (f *failure) Unwrap() error { return f.cause }

// why is the detail of a reason: a few fixed words, never an error's own text.
func why(cause error) string {
	var p *PanicError
	switch {
	case errors.As(cause, &p):
		return "panicked"
	case errors.Is(cause, ErrLate):
		return "did not answer in time"
	case errors.Is(cause, ErrBreaker):
		return "not asked: its breaker is open"
	case errors.Is(cause, ErrCrowded):
		return "not asked: too many of its calls have not come back"
	case errors.Is(cause, ErrNonsense):
		return "gave an answer that cannot be used"
	default:
		return "failed"
	}
}
