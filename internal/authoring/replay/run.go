package replay

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
)

// Options of Run.
type Options struct {
	Now      time.Time            // when the orders are asked about
	Clock    func() time.Duration // time that has passed since some instant, to measure evaluations; nil: nothing is measured
	Progress func(done int64)     // told now and then, from one goroutine at a time; nil: nobody
	Workers  int                  // 0: as many as there are processors
	Keep     int                  // how many orders of each list are named; the others are only counted
}

// batch is how many cases a goroutine takes at once.
const batch = 64

// block is some cases in order; first is the number of the first one.
type block struct {
	first int64
	cases []Case
}

// Run asks book about every case of src and, where other is not nil, other too. An error is one of src, or ctx ended.
func Run(ctx context.Context, book, other *authoring.Book, src Source, o Options) (*Result, error) {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	blocks := make(chan block, o.Workers)
	workers := make([]*worker, o.Workers)
	done := &progress{tell: o.Progress}
	var wg sync.WaitGroup
	for i := range workers {
		workers[i] = newWorker(book, other, &o)
		wg.Go(func() {
			for b := range blocks {
				workers[i].work(ctx, b)
				done.add(int64(len(b.cases)))
			}
		})
	}
	err := feed(ctx, src, blocks)
	close(blocks)
	wg.Wait()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return collect(workers, book, &o), nil
}

// feed cuts the cases into blocks.
func feed(ctx context.Context, src Source, blocks chan<- block) error {
	b := block{cases: make([]Case, 0, batch)}
	send := func() bool {
		select {
		case blocks <- b:
			b = block{first: b.first + int64(len(b.cases)), cases: make([]Case, 0, batch)}
			return true
		case <-ctx.Done():
			return false
		}
	}
	err := src.Each(func(c Case) bool {
		b.cases = append(b.cases, c)
		return len(b.cases) < batch || send()
	})
	if err == nil && len(b.cases) > 0 {
		send()
	}
	return err
}

// progress counts what is done.
type progress struct {
	mu   sync.Mutex
	n    int64
	tell func(int64)
}

func (p *progress) add(n int64) {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n += n
	p.tell(p.n)
}
