package fakeprovider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
)

// TestKeepsTheNewest: a provider that runs for long remembers so many orders, calls and keys, the newest, and no more; the pushes of
// an order that it forgets end.
func TestKeepsTheNewest(t *testing.T) {
	t.Parallel()
	const keep = 5
	p := play(t, fakeprovider.Options{Keep: keep})
	id := func(n int) string { return fmt.Sprintf("0b1d9815-165e-42e2-8867-35bc037890%02d", n) }
	for n := range 12 {
		p.add(id(n), fakeprovider.Completion{})
		p.ask("GET", "/ordermanagement/v1/orders/"+id(n), "", "")
	}
	standings := p.Standings()
	if len(standings) != keep || standings[0].Order != id(7) || standings[keep-1].Order != id(11) {
		t.Errorf("orders: %+v", standings)
	}
	entries := p.History().Entries(fakeprovider.Filter{})
	if len(entries) != keep || entries[0].Seq != 8 || entries[keep-1].Seq != 12 || entries[keep-1].Order != id(11) {
		t.Errorf("history: %+v", entries)
	}
	if g := p.ask("GET", "/ordermanagement/v1/orders/"+id(0), "", ""); g.Status != 404 {
		t.Errorf("the oldest order: status %d, want 404", g.Status)
	}
	if _, ok := p.ManagedJSON(id(0)); ok {
		t.Error("the oldest order can be read")
	}
	if err := p.PushNow(id(0)); err == nil {
		t.Error("the oldest order can be pushed")
	}
	if _, err := fakeprovider.New(fakeprovider.Options{Now: time.Now, Keep: -1}); err == nil {
		t.Error("a negative Keep is taken")
	}
}

// TestKeepsTheNewestKeys: the key that goes is the oldest one, and it then counts as new.
func TestKeepsTheNewestKeys(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{Keep: 3})
	p.add(firstID, fakeprovider.Completion{})
	capture := func(key string) string {
		return p.ask("POST", "/ordermanagement/v1/orders/"+firstID+"/captures", `{"captured_amount":100}`, key).Header.Get("Capture-Id")
	}
	first := map[string]string{}
	for _, key := range []string{"k1", "k2", "k3", "k4"} {
		first[key] = capture(key)
	}
	for _, key := range []string{"k4", "k3", "k2"} {
		if again := capture(key); again != first[key] {
			t.Errorf("%s is forgotten", key)
		}
	}
	if capture("k1") == first["k1"] {
		t.Error("k1 is remembered")
	}
}

// TestSpeed: how fast the clock runs can be asked, and set.
func TestSpeed(t *testing.T) {
	t.Parallel()
	p := play(t, fakeprovider.Options{Speed: 60})
	if n := p.Speed(); n != 60 {
		t.Errorf("speed %d", n)
	}
	if err := p.SetSpeed(3600); err != nil || p.Speed() != 3600 {
		t.Errorf("speed %d, %v", p.Speed(), err)
	}
	if err := p.SetSpeed(0); err == nil || p.Speed() != 3600 {
		t.Errorf("speed %d, %v", p.Speed(), err)
	}
}
