package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// result of one load.
type result struct {
	perRequest time.Duration // processor time of the server
	p50, p99   time.Duration
}

const workers = 8

// load sends n requests at a fixed rate and waits for all answers. Latency counts from the time a request was due, so a
// server that stalls cannot hide it.
func (p *process) load(ctx context.Context, body []byte, n, perSecond int) (result, error) {
	before, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, MaxConnsPerHost: workers}}
	defer client.CloseIdleConnections()
	began, gap := time.Now(), time.Second/time.Duration(perSecond)
	took := make([]time.Duration, n)
	faults := make([]error, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := w; i < n; i += workers {
				due := began.Add(time.Duration(i) * gap)
				time.Sleep(time.Until(due))
				if err := p.post(ctx, client, body); err != nil {
					faults[w] = err
					return
				}
				took[i] = time.Since(due)
			}
		})
	}
	group.Wait()
	if err := errors.Join(faults...); err != nil {
		return result{}, err
	}
	after, err := p.cpu()
	slices.Sort(took)
	return result{perRequest: (after - before) / time.Duration(n), p50: took[n/2], p99: took[n*99/100]}, err
}

func (p *process) post(ctx context.Context, client *http.Client, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d: %s", resp.StatusCode, answer)
	}
	return nil
}

// pair loads a and b in turn, rounds times after a warm-up, and returns the medians.
func pair(ctx context.Context, a, b *process, bodyA, bodyB []byte, rounds, n, perSecond int) (ra, rb result, err error) {
	var as, bs []result
	for i := range rounds + 1 {
		if ra, err = a.load(ctx, bodyA, n, perSecond); err != nil {
			return ra, rb, err
		}
		if rb, err = b.load(ctx, bodyB, n, perSecond); err != nil {
			return ra, rb, err
		}
		if i > 0 {
			as, bs = append(as, ra), append(bs, rb)
		}
	}
	return median(as), median(bs), nil
}

// median takes each figure's own.
func median(rs []result) result {
	pick := func(of func(result) time.Duration) time.Duration {
		ds := make([]time.Duration, len(rs))
		for i, r := range rs {
			ds[i] = of(r)
		}
		slices.Sort(ds)
		return ds[len(ds)/2]
	}
	return result{perRequest: pick(func(r result) time.Duration { return r.perRequest }),
		p50: pick(func(r result) time.Duration { return r.p50 }), p99: pick(func(r result) time.Duration { return r.p99 })}
}
