package confirm

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/kvitto/kvitto/internal/failpoint"
	"github.com/kvitto/kvitto/rules"
)

// receipt is the proof that the sink has the order. It is made in this file and nowhere else, and acknowledge asks for it.
type receipt struct{ key Key }

// receipt hands the order over, or finds that it was.
func (a *attempt) receipt(ctx context.Context) (receipt, error) {
	if a.rec.State == Handed {
		return receipt{a.k}, nil
	}
	p, err := a.frozen(ctx)
	if err != nil {
		return receipt{}, err
	}
	if len(p.Body) == 0 {
		return receipt{a.k}, nil // the record says HANDED or further
	}
	return a.hand(ctx, p)
}

// hand gives the frozen body to the sink and records that it was taken.
func (a *attempt) hand(ctx context.Context, p Prepared) (receipt, error) {
	e := event(a.k, rules.OrderConfirmed, a.rec.Token, a.m.o.Now(), p.Body)
	if a.x.Stream {
		if err := a.m.o.Store.(Streamer).Stream(ctx, a.k, p.SHA, e); err != nil {
			return receipt{}, err
		}
	} else if err := a.take(ctx, p.SHA, e); err != nil {
		return receipt{}, err
	}
	failpoint.At(failpoint.AfterHanded)
	a.tell(Change{Step: StepHanded, From: Pending, To: Handed, SHA: p.SHA, Revision: p.Revision, Receipt: a.rec.Receipt,
		Repeated: a.rec.SHA != ""})
	a.rec.State, a.rec.SHA = Handed, p.SHA
	return receipt{a.k}, nil
}

// take asks the sink and writes down what it said. While that cannot be written the order is not acknowledged: it comes again.
func (a *attempt) take(ctx context.Context, sha string, e *rules.Event) error {
	taken, err := a.ask(ctx, e)
	if err != nil {
		return err
	}
	failpoint.At(failpoint.AfterHand)
	r := Receipt{Text: clipBytes(taken.Receipt), Reference1: clip(taken.Reference1), Reference2: clip(taken.Reference2)}
	err = a.handed(ctx, sha, r)
	if errors.Is(err, ErrDown) {
		err = a.handed(ctx, sha, r)
	}
	a.rec.Receipt, a.rec.Reference1, a.rec.Reference2 = r.Text, r.Reference1, r.Reference2
	return err
}

func (a *attempt) handed(ctx context.Context, sha string, r Receipt) error {
	ctx, cancel := lasting(ctx)
	defer cancel()
	return a.m.o.Store.Handed(ctx, a.k, sha, r)
}

// ask calls the sink within its deadline.
func (a *attempt) ask(ctx context.Context, e *rules.Event) (rules.Taken, error) {
	ctx, cancel, err := a.step(ctx, sinkTime)
	if err != nil {
		return rules.Taken{}, err
	}
	defer cancel()
	defer failpoint.Within(failpoint.DuringHand)()
	taken, err := a.x.Sink.Take(ctx, e)
	if err != nil {
		return rules.Taken{}, &sinkError{err}
	}
	return taken, nil
}

// maxText is the longest reference, in characters, and the longest receipt, in bytes; contract 2.1.
const maxText = 255

// clip keeps a reference within the contract.
func clip(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	if utf8.RuneCountInString(s) > maxText {
		return string([]rune(s)[:maxText])
	}
	return s
}

// clipBytes keeps a receipt short, in whole characters.
func clipBytes(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	return bounded(s, maxText)
}

// bounded keeps a text to a number of bytes, in whole characters.
func bounded(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
