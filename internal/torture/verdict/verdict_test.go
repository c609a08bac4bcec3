package verdict_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/internal/torture/verdict"
)

const confirmedType = "order.confirmed"

// history makes a run of what happened one after another, one step a second. A step is "what order [detail]":
//
//	push o            the provider pushed
//	ack o             an acknowledgement was taken
//	ack-failed o      one came and failed
//	ack-unheard o     one was taken and its answer lost
//	capture o         a capture was taken
//	take o sha        the sink took the event and said so; a third word is its revision
//	take-unheard o sha
//	refuse o sha      the sink answered 500
//	forged o sha      a signature did not fit
//	fraud o sha       an event order.fraud_accepted was taken
//	other-id o sha    the order came under another webhook-id
func history(orders string, steps ...string) *verdict.Run {
	r := &verdict.Run{Orders: strings.Fields(orders)}
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	for i, step := range steps {
		words := append(strings.Fields(step), "", "", "")
		seq, now, id := int64(i+1), at.Add(time.Duration(i)*time.Second), words[1]
		d := fakesink.Delivery{Seq: seq, At: now, ID: "evt_" + id, Order: id, Type: confirmedType, SHA: words[2], Revision: 1}
		if words[3] == "2" {
			d.Revision = 2
		}
		e := fakeprovider.Entry{Seq: seq, At: now, Order: id, Kind: fakeprovider.Acknowledge}
		calls, deliveries := true, true
		switch words[0] {
		case "push":
			e.Kind = fakeprovider.Push
		case "ack":
			e.Committed, e.Status = true, 204
		case "ack-failed":
			e.Status = 503
		case "ack-unheard":
			e.Committed = true
		case "capture":
			e.Kind, e.Committed, e.Status = fakeprovider.Capture, true, 201
		case "read":
			e.Kind, e.Status = fakeprovider.Read, 200
		default:
			calls = false
		}
		switch words[0] {
		case "take":
			d.Taken, d.Status = true, 200
		case "take-unheard":
			d.Taken = true
		case "refuse":
			d.Status = 500
		case "forged":
			d.Status, d.Error = 401, "signature does not fit"
		case "fraud":
			d.Taken, d.Status, d.Type, d.ID = true, 200, "order.fraud_accepted", "evt_fraud_"+id
		case "other-id":
			d.Taken, d.Status, d.ID = true, 200, "evt_other_"+id
		default:
			deliveries = false
		}
		if calls == deliveries {
			panic("step " + step)
		}
		if calls {
			r.Provider = append(r.Provider, e)
		} else {
			r.Sink = append(r.Sink, d)
		}
	}
	return r
}

func excuse(r *verdict.Run, orders ...string) *verdict.Run {
	r.Excused = orders
	return r
}

func TestJudge(t *testing.T) {
	t.Parallel()
	second := time.Second
	for _, row := range []struct {
		name  string
		run   *verdict.Run
		want  verdict.Verdict
		goals verdict.Goals
		miss  string
	}{
		{"fault-free", history("a b", "push a", "push a", "read a", "take a 1", "ack a", "push b", "take b 2", "ack b"),
			verdict.Verdict{Orders: 2, Median: 4 * second, Worst: 4 * second}, verdict.Goals{Once: true, OneBody: true, Finished: true}, ""},
		{"died after the sink, and after the acknowledgement", history("a", "push a", "take-unheard a 1", "refuse a 1", "take a 1", "ack-failed a", "ack-unheard a", "ack a"),
			verdict.Verdict{Orders: 1, ExtraDeliveries: 1, ExtraAcks: 1, Median: 5 * second, Worst: 5 * second}, verdict.Goals{OneBody: true, Finished: true}, ""},
		{"the same where nothing failed", history("a", "push a", "take a 1", "take a 1", "ack a", "ack a"),
			verdict.Verdict{Orders: 1, ExtraDeliveries: 1, ExtraAcks: 1, Median: 3 * second, Worst: 3 * second}, verdict.Goals{Once: true}, "1 extra deliveries; 1 extra acknowledgements"},
		{"mutant: HANDED written before the sink call", history("a b", "push a", "push b", "take b 2", "ack b", "ack a"),
			verdict.Verdict{Orders: 2, Lost: []string{"a"}, AckBeforeSink: []string{"a"}, Median: 4 * second, Worst: 4 * second}, verdict.Goals{},
			"1 lost, such as a; 1 acknowledged before the sink had it, such as a"},
		{"the same, and the sink has it in the end", history("a", "push a", "ack a", "take a 1"),
			verdict.Verdict{Orders: 1, AckBeforeSink: []string{"a"}, Median: second, Worst: second}, verdict.Goals{}, "1 acknowledged before the sink had it, such as a"},
		{"an acknowledgement that failed left too early too", history("a", "push a", "ack-failed a", "take a 1", "ack a"),
			verdict.Verdict{Orders: 1, AckBeforeSink: []string{"a"}, Median: 3 * second, Worst: 3 * second}, verdict.Goals{}, "1 acknowledged before the sink had it, such as a"},
		{"a capture acknowledges", history("a", "push a", "capture a", "take a 1"),
			verdict.Verdict{Orders: 1, AckBeforeSink: []string{"a"}, Median: second, Worst: second}, verdict.Goals{}, "1 acknowledged before the sink had it, such as a"},
		{"the sink took it, but nobody can know", history("a", "push a", "take-unheard a 1", "ack a"),
			verdict.Verdict{Orders: 1, AckBeforeSink: []string{"a"}, Median: 2 * second, Worst: 2 * second}, verdict.Goals{}, "1 acknowledged before the sink had it, such as a"},
		{"mutant: no lease", history("a", "push a", "push a", "take a 1", "take a 1", "take a 1", "ack a", "ack a", "ack a"),
			verdict.Verdict{Orders: 1, ExtraDeliveries: 2, ExtraAcks: 2, Median: 5 * second, Worst: 5 * second}, verdict.Goals{Once: true}, "2 extra deliveries; 2 extra acknowledgements"},
		{"mutant: no prepare", history("a b", "push a", "take-unheard a 1", "take a 2", "ack a", "push b", "refuse b 3", "take b 4", "ack b"),
			verdict.Verdict{Orders: 2, ExtraDeliveries: 1, Differing: []string{"a", "b"}, Unmarked: []string{"a", "b"}, Median: 3 * second, Worst: 3 * second}, verdict.Goals{OneBody: true}, "2 with differing bodies, such as a"},
		{"differing bodies after the store lost its data", history("a", "push a", "take a 1", "take a 2 2", "ack a"),
			verdict.Verdict{Orders: 1, ExtraDeliveries: 1, Differing: []string{"a"}, Median: 3 * second, Worst: 3 * second}, verdict.Goals{Finished: true, Marked: true}, ""},
		{"and a third one, after it was lost again", history("a", "push a", "take a 2 2", "take a 3 2", "take a 1", "ack a"),
			verdict.Verdict{Orders: 1, ExtraDeliveries: 2, Differing: []string{"a"}, Median: 4 * second, Worst: 4 * second}, verdict.Goals{Finished: true, Marked: true}, ""},
		{"differing bodies that do not say so", history("a", "push a", "take a 1", "take a 2", "ack a"),
			verdict.Verdict{Orders: 1, ExtraDeliveries: 1, Differing: []string{"a"}, Unmarked: []string{"a"}, Median: 3 * second, Worst: 3 * second},
			verdict.Goals{Finished: true, Marked: true}, "1 with differing bodies of the first revision, such as a"},
		{"mutant: seen it, answer 200", history("a b", "push a", "push a", "push a", "push b", "take b 1"),
			verdict.Verdict{Orders: 2, Lost: []string{"a"}, Open: []string{"a", "b"}}, verdict.Goals{Finished: true}, "1 lost, such as a; 2 not acknowledged, such as a"},
		{"another webhook-id", history("a", "push a", "take a 1", "other-id a 1", "ack a"),
			verdict.Verdict{Orders: 1, Differing: []string{"a"}, Median: 3 * second, Worst: 3 * second}, verdict.Goals{OneBody: true}, "1 with differing bodies, such as a"},
		{"a decision about fraud is another event", history("a", "push a", "take a 1", "ack a", "fraud a 2"),
			verdict.Verdict{Orders: 1, Median: 2 * second, Worst: 2 * second}, verdict.Goals{Once: true, OneBody: true, Finished: true}, ""},
		{"only the decision came", history("a", "push a", "fraud a 2", "ack a"),
			verdict.Verdict{Orders: 1, Lost: []string{"a"}, AckBeforeSink: []string{"a"}, Median: 2 * second, Worst: 2 * second}, verdict.Goals{},
			"1 lost, such as a; 1 acknowledged before the sink had it, such as a"},
		{"nothing ever came", history("a"), verdict.Verdict{Orders: 1, Lost: []string{"a"}, Open: []string{"a"}}, verdict.Goals{}, "1 lost, such as a"},
		{"nobody has to take these over", excuse(history("a b c d", "push a", "push b", "take b 1", "push c", "ack c", "push d", "take d 1", "ack d"), "a", "b", "c"),
			verdict.Verdict{Orders: 4, Lost: []string{"c"}, AckBeforeSink: []string{"c"}, Median: 2 * second, Worst: 2 * second}, verdict.Goals{Finished: true},
			"1 lost, such as c; 1 acknowledged before the sink had it, such as c"},
		{"orders that are not ours", history("a", "push a", "take a 1", "ack a", "take z 1", "ack y", "read x"),
			verdict.Verdict{Orders: 1, Median: 2 * second, Worst: 2 * second,
				Strange: []string{`acknowledge of order "y", which is not ours`, `event "evt_z" of order "z", which is not ours`}}, verdict.Goals{},
			`2 strange, such as acknowledge of order "y", which is not ours`},
		{"a forged event", history("a", "push a", "forged a 1", "take a 1", "ack a"),
			verdict.Verdict{Orders: 1, Median: 3 * second, Worst: 3 * second, Strange: []string{`event "evt_a" of order a: signature does not fit`}}, verdict.Goals{},
			`1 strange, such as event "evt_a" of order a: signature does not fit`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got := verdict.Judge(row.run)
			if diff := cmp.Diff(&row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if missed := strings.Join(got.Missed(row.goals), "; "); missed != row.miss {
				t.Errorf("missed %q, want %q", missed, row.miss)
			}
		})
	}
}

// Whatever faults a machine that keeps the rule runs into, the checker finds nothing; leaving out any order's confirmed
// delivery is always found.
func TestJudgeProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "orders")
		orders := strings.Fields("a b c d e f")[:n]
		var steps []string
		extraTakes, extraAcks := 0, 0
		for _, id := range orders {
			steps = append(steps, "push "+id)
			for range rapid.IntRange(0, 3).Draw(t, "faults at the sink") {
				step := rapid.SampledFrom([]string{"refuse", "take-unheard"}).Draw(t, "fault")
				if step == "take-unheard" {
					extraTakes++
				}
				steps = append(steps, step+" "+id+" sha-"+id)
			}
			steps = append(steps, "take "+id+" sha-"+id)
			for range rapid.IntRange(0, 3).Draw(t, "faults of the acknowledgement") {
				step := rapid.SampledFrom([]string{"ack-failed", "ack-unheard"}).Draw(t, "fault")
				if step == "ack-unheard" {
					extraAcks++
				}
				steps = append(steps, step+" "+id)
			}
			steps = append(steps, "ack "+id)
		}
		v := verdict.Judge(history(strings.Join(orders, " "), steps...))
		if missed := v.Missed(verdict.Goals{OneBody: true, Finished: true}); len(missed) > 0 || v.ExtraDeliveries != extraTakes || v.ExtraAcks != extraAcks {
			t.Fatalf("missed %v; %d extra deliveries, want %d; %d extra acks, want %d", missed, v.ExtraDeliveries, extraTakes, v.ExtraAcks, extraAcks)
		}
		victim := rapid.SampledFrom(orders).Draw(t, "victim")
		for i, step := range steps {
			if step == "take "+victim+" sha-"+victim {
				steps[i] = "refuse " + victim + " sha-" + victim
			}
		}
		v = verdict.Judge(history(strings.Join(orders, " "), steps...))
		if diff := cmp.Diff([]string{victim}, v.AckBeforeSink); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
