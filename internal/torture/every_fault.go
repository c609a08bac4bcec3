package main

import (
	"context"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/internal/faults"
)

// Each fault is met by a few requests, or is given up: while all wait for one another, nobody comes.
const (
	faultHits  = 3
	faultLasts = 6 * time.Second
)

// huge is more than anybody may read.
const huge = 20_000_000

// providerFaults are those of the provider after which nobody is needed, so neither 401 nor 403 to an acknowledgement.
func providerFaults(trap string) []faults.Fault {
	return []faults.Fault{
		{Mode: fakeprovider.Failing, Percent: 50},
		{Mode: fakeprovider.BlackHole},
		{Mode: fakeprovider.Slow, DelayMS: 700},
		{Mode: fakeprovider.Missing},
		{Mode: fakeprovider.TooMany},
		{Mode: fakeprovider.HTML},
		{Mode: fakeprovider.HalfJSON},
		{Mode: fakeprovider.OtherOrder},
		{Mode: fakeprovider.Huge, Size: huge},
		{Mode: fakeprovider.CompressedHuge, Size: huge},
		{Mode: fakeprovider.Redirect, Location: trap},
		{Mode: fakeprovider.LostReply},
		{Mode: fakeprovider.FailingAfter},
	}
}

// sinkFaults are those of the sink after which nobody is needed, so not 410.
func sinkFaults(trap string) []faults.Fault {
	return []faults.Fault{
		{Mode: fakesink.Failing, Percent: 50},
		{Mode: fakesink.Hang},
		{Mode: fakesink.LostEvent},
		{Mode: fakesink.LostReply},
		{Mode: fakesink.FailingAfter},
		{Mode: fakesink.TooMany},
		{Mode: fakesink.Redirect, Location: trap},
		{Mode: fakesink.Drip},
		{Mode: fakesink.Huge},
	}
}

// everyFault switches the faults of the provider on, one after the other, then those of the sink.
func everyFault(ctx context.Context, t *site) error {
	for _, f := range providerFaults(t.trap) {
		f.Times = faultHits
		if err := t.provider.SetFault(fakeprovider.Any, f); err != nil {
			return err
		}
		t.until(ctx, func() bool { return len(t.provider.Faults()) == 0 })
	}
	for _, f := range sinkFaults(t.trap) {
		f.Times = faultHits
		if err := t.sink.SetFault(f); err != nil {
			return err
		}
		t.until(ctx, func() bool { return len(t.sink.Faults()) == 0 })
	}
	t.provider.ClearFaults()
	return t.sink.SetFault()
}

// until waits until a fault is used up.
func (t *site) until(ctx context.Context, over func() bool) {
	began := t.s.now()
	for !over() && t.s.now().Sub(began) < faultLasts && rest(ctx, 10*time.Millisecond) {
		continue
	}
}

// unseen are the faults that no request of a run met.
func unseen(o *outcome) []faults.Mode {
	var missing []faults.Mode
	for _, f := range providerFaults("") {
		if o.provider[f.Mode] == 0 {
			missing = append(missing, f.Mode)
		}
	}
	for _, f := range sinkFaults("") {
		if o.sink[f.Mode] == 0 {
			missing = append(missing, f.Mode)
		}
	}
	return missing
}
