// Command torture runs the built service where everything goes wrong and judges it by what the provider and the shop saw:
// three replicas on one Redis, killed at every step, with a sink that fails, a provider that fails, and a Redis that is killed
// and loses its data. With -mutants it proves that it would notice: services with a known fault must be caught.
//
// Exit status: 0 all goals reached, 1 a goal missed or a mutant not caught, 2 could not run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/internal/torture/mutant"
)

// settings are what the flags say.
type settings struct {
	orders   int
	replicas int
	perSec   int // orders that are completed a second
	lease    time.Duration
	patience time.Duration // without a new acknowledgement, until a phase is given up
	seed     uint64
	keep     bool
	markdown bool
	now      func() time.Time
}

func main() {
	s := settings{replicas: 3, perSec: 40, lease: 1500 * time.Millisecond, patience: 25 * time.Second, now: time.Now}
	var letters, mutants string
	var short bool
	flag.IntVar(&s.orders, "orders", 400, "orders of each phase")
	flag.StringVar(&letters, "phases", "ABCDEFGHI", "phases to run: A fault-free, B crashes, C and bad sink and provider, D and a Redis that dies and forgets, E rolling restarts, F kills and pauses at any time, G B with one push only, H every fault of provider and sink, I D without crashes; or none")
	flag.StringVar(&mutants, "mutants", "", "mutants that must be caught: all, or names, with commas: "+strings.Join(mutant.Names(), ","))
	flag.BoolVar(&short, "short", false, "60 orders, phases A to D and the mutant naive, for CI")
	flag.Uint64Var(&s.seed, "seed", 1, "of the dice of both fakes and of what is done to processes; these have their own")
	flag.BoolVar(&s.keep, "keep", false, "keep the folder with logs")
	flag.BoolVar(&s.markdown, "markdown", false, "print the tables as Markdown")
	flag.Parse()
	if short {
		s.orders, letters, mutants = 60, "ABCD", "naive"
	}
	redis.SetLogger(silent{}) // servers that are down are what this is about
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := exit(run(ctx, s, letters, mutants))
	stop()
	os.Exit(status)
}

// silent is a log that nobody reads.
type silent struct{}

// Printf says nothing.
func (silent) Printf(context.Context, string, ...any) {}

// errMissed is a goal that was missed; the tables tell which.
var errMissed = errors.New("goals were missed")

func exit(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errMissed):
		_, _ = fmt.Fprintln(os.Stderr, "torture:", err)
		return 1
	default:
		_, _ = fmt.Fprintln(os.Stderr, "torture:", err)
		return 2
	}
}

// run runs the phases, then the mutants.
func run(ctx context.Context, s settings, letters, mutants string) (err error) {
	phases, err := phasesOf(letters)
	if err != nil {
		return err
	}
	wrong, err := mutant.Find(mutants)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "kvitto-torture-")
	if err != nil {
		return err
	}
	defer func() {
		if s.keep || err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "torture: logs are in", dir)
		} else {
			err = os.RemoveAll(dir)
		}
	}()
	ok := true
	if len(phases) > 0 {
		if ok, err = runPhases(ctx, s, dir, phases); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		caught, err := runMutants(ctx, s, dir, wrong)
		if err != nil {
			return err
		}
		ok = ok && caught
	}
	if !ok {
		return errMissed
	}
	return nil
}
