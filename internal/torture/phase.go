package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/failpoint"
	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/internal/faults"
	"github.com/kvitto/kvitto/internal/torture/verdict"
)

// phase is what goes wrong in a run, and what it must reach all the same.
type phase struct {
	letter     string
	name       string
	failpoints string // for the environment of the replicas
	sink       []faults.Fault
	provider   []faults.Fault
	torments   []torment // that happen beside, until all orders are through
	single     bool      // no push ever comes again
	every      bool      // no fault of the fakes may be left out
	slowly     bool      // orders come half as fast, for more torment
	goals      verdict.Goals
}

// Pushes come in a burst, and then singly until the order is acknowledged.
const (
	burst     = 12
	pushEvery = 2 * time.Second
)

// holding is how long the sink holds an event, so that a replica can die meanwhile (row 6).
const holding = 25 * time.Millisecond

// chance of a process to die at one step, in thousandths.
const chance = 40

// failpoints gives each step of the machine its chance: rows 3 to 10. An order passes the first one twelve times.
func failpoints() string {
	var list []string
	add := func(p failpoint.Place, perMille int) {
		list = append(list, fmt.Sprintf("%s=0.%03d", p, perMille))
	}
	for _, p := range places() {
		if p == failpoint.AfterEnqueue {
			add(p, chance/burst)
		} else {
			add(p, chance)
		}
	}
	return strings.Join(list, ",")
}

// places are the failpoints that an order passes on its way.
func places() []failpoint.Place {
	return []failpoint.Place{
		failpoint.AfterEnqueue, failpoint.AfterClaim, failpoint.AfterRead, failpoint.AfterPrepare, failpoint.DuringHand, failpoint.AfterHand,
		failpoint.AfterHanded, failpoint.AfterAck, failpoint.AfterAcked,
	}
}

// missed tells what a run did not reach: goals, or to strike at each failpoint in a run that is long enough for that.
func (p *phase) missed(o *outcome) []string {
	missed := append(o.verdict.Missed(p.goals), o.leaks...)
	if o.strayed > 0 {
		missed = append(missed, fmt.Sprintf("%d requests followed a redirect", o.strayed))
	}
	if o.verdict.Orders < 300 {
		return missed
	}
	if p.every {
		for _, mode := range unseen(o) {
			missed = append(missed, fmt.Sprintf("no request met the fault %s", mode))
		}
	}
	if p.failpoints == "" {
		return missed
	}
	for _, place := range places() {
		if o.struck[place] == 0 {
			missed = append(missed, fmt.Sprintf("nobody died at %s: is the failpoint there?", place))
		}
	}
	return missed
}

// phases A to D are those of the reliability notes, each adds to the one before. E is row 12, F rows 1, 11, 13 and 14, G
// invariant I3b, H rows 47, 48, 50 to 52, 54, 58 and 60 to 63, I rows 22 and 24 with replicas that live.
func phases() []phase {
	sinkHolds := faults.Fault{Mode: fakesink.Slow, DelayMS: holding.Milliseconds()}
	badSink := []faults.Fault{sinkHolds, {Mode: fakesink.Failing, Percent: 15}, {Mode: fakesink.LostReply, Percent: 10}}
	badProvider := []faults.Fault{{Mode: fakeprovider.Failing, Percent: 5}, {Mode: fakeprovider.LostReply, Percent: 5}}
	careful := verdict.Goals{OneBody: true, Finished: true}
	return []phase{
		{letter: "A", name: "fault-free", goals: verdict.Goals{Once: true, OneBody: true, Finished: true}},
		{letter: "B", name: "crash points", failpoints: failpoints(), sink: []faults.Fault{sinkHolds}, goals: careful},
		{letter: "C", name: "B + sink and provider fail", failpoints: failpoints(), sink: badSink, provider: badProvider, goals: careful},
		{
			letter: "D", name: "C + Redis killed and wiped", failpoints: failpoints(), sink: badSink, provider: badProvider,
			torments: []torment{killRedis}, slowly: true, goals: verdict.Goals{Finished: true, Marked: true},
		},
		{letter: "E", name: "rolling SIGTERM", torments: []torment{rollReplicas}, goals: verdict.Goals{Once: true, OneBody: true, Finished: true}},
		{letter: "F", name: "kill -9 and pauses at any time", sink: badSink, torments: []torment{killReplicas, pauseReplicas}, goals: careful},
		{letter: "G", name: "B, and no second push", failpoints: failpoints(), sink: []faults.Fault{sinkHolds}, single: true, goals: careful},
		{letter: "H", name: "every fault of provider and sink in turn", torments: []torment{everyFault}, every: true, slowly: true, goals: careful},
		{
			letter: "I", name: "sink and provider fail, Redis killed and wiped", sink: badSink, provider: badProvider,
			torments: []torment{killRedis}, slowly: true, goals: verdict.Goals{Finished: true, Marked: true},
		},
	}
}

// phasesOf are those with the letters.
func phasesOf(letters string) ([]phase, error) {
	var picked []phase
	for _, letter := range strings.ToUpper(letters) {
		p, ok := phaseOf(string(letter))
		if !ok {
			return nil, fmt.Errorf("phase %q: there are A to I", string(letter))
		}
		picked = append(picked, p)
	}
	return picked, nil
}

func phaseOf(letter string) (phase, bool) {
	for _, p := range phases() {
		if p.letter == letter {
			return p, true
		}
	}
	return phase{}, false
}
