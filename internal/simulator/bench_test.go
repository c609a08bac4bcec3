package simulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/simulator"
)

// BenchmarkAddress is one address: the callback, its answer judged and taken over.
func BenchmarkAddress(b *testing.B) {
	b.ReportAllocs()
	p, err := fakeprovider.New(fakeprovider.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	sim, err := simulator.New(simulator.Options{Now: time.Now, Provider: p, Transport: quiet{}})
	if err != nil {
		b.Fatal(err)
	}
	x, err := sim.Start([]byte(lampCart), urls())
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if err := x.Address(b.Context(), map[string]string{"postal_code": fmt.Sprint(10_000 + i)}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
