package faults_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/kvitto/kvitto/internal/faults"
)

const broken faults.Mode = "broken"

func TestHowLongASwitchStays(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	s := faults.New(func() time.Time { return at }, 1)
	set := func(kind string, list ...faults.Fault) {
		t.Helper()
		if err := s.Set(kind, list...); err != nil {
			t.Fatal(err)
		}
	}
	pick := func(kind, other, order string) string {
		delay, hit := s.Pick(kind, other, order)
		return strings.TrimSpace(string(hit.Mode) + " " + delay.String())
	}
	set("read", faults.Fault{Mode: broken, Times: 2}, faults.Fault{Mode: faults.Slow, DelayMS: 5, Times: 1}, faults.Fault{Mode: "second", ForMS: 1000})
	got := []string{pick("read", "", "a"), pick("read", "", "a"), pick("read", "", "a")}
	at = at.Add(time.Second)
	got = append(got, pick("read", "", "a"))
	if diff := cmp.Diff([]string{"broken 5ms", "broken 0s", "second 0s", "0s"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if on := s.On(); len(on) != 0 {
		t.Errorf("worn out, and still on: %v", on)
	}
	set("any", faults.Fault{Mode: broken, Order: "a"})
	got = []string{pick("read", "any", "a"), pick("write", "any", "a"), pick("write", "any", "b"), pick("write", "", "a")}
	if diff := cmp.Diff([]string{"0s", "broken 0s", "0s", "0s"}, got); diff != "" {
		t.Errorf("a kind with its own, of this order, of another, without the other kind (-want +got):\n%s", diff)
	}
	set("read")
	if pick("read", "any", "a") != "broken 0s" {
		t.Error("a kind whose own were switched off")
	}
	if diff := cmp.Diff(map[string][]faults.Fault{"any": {{Mode: broken, Order: "a"}}}, s.On()); diff != "" {
		t.Errorf("on (-want +got):\n%s", diff)
	}
	s.Clear()
	if pick("read", "any", "a") != "0s" {
		t.Error("cleared")
	}
}

func TestShares(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		percent := rapid.IntRange(0, 100).Draw(t, "percent")
		s := faults.New(func() time.Time { return time.Time{} }, rapid.Uint64().Draw(t, "seed"))
		if err := s.Set("k", faults.Fault{Mode: broken, Percent: percent}); err != nil {
			t.Fatal(err)
		}
		hits := 0
		for range 2000 {
			if _, hit := s.Pick("k", "", ""); hit.Mode == broken {
				hits++
			}
		}
		want := 20 * percent
		if percent == 0 {
			want = 2000
		}
		if hits < want-130 || hits > want+130 {
			t.Fatalf("%d %% of 2000: %d", percent, hits)
		}
	})
}

func TestNumbersOutOfRange(t *testing.T) {
	t.Parallel()
	s := faults.New(time.Now, 1)
	for _, f := range []faults.Fault{
		{Percent: -1}, {Percent: 101}, {DelayMS: -1}, {ForMS: -1}, {Times: -1}, {Size: -1}, {Copies: -1}, {Status: 200}, {Status: 600}, {Status: -500},
	} {
		if s.Set("k", f) == nil || len(s.On()) != 0 {
			t.Errorf("taken: %+v", f)
		}
	}
}
