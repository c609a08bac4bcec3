package redisstore

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/order/confirm"
)

// schema is the number of the layout of keys and fields that this code writes and reads.
const schema = 1

// mostListed is the longest page; atOnce is how many records of it one script reads.
const (
	mostListed = 1000
	atOnce     = 100
)

// Get reads a record.
func (s *Store) Get(ctx context.Context, k confirm.Key) (confirm.Record, error) {
	t, err := s.told(ctx, "get", k)
	return t.record, err
}

// List shows a page, by order id. Orders that change their state while it reads are shown or not.
func (s *Store) List(ctx context.Context, merchant string, p confirm.Page) ([]confirm.Record, error) {
	limit := min(max(p.Limit, 1), mostListed)
	of := states()
	if p.State != "" {
		of = []confirm.State{p.State}
	}
	var out []confirm.Record
	for after := p.After; len(out) < limit; {
		ids, err := s.ids(ctx, merchant, of, after, limit-len(out))
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			return out, nil
		}
		after = ids[len(ids)-1]
		if out, err = s.show(ctx, out, merchant, ids, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ids are the first order ids after one in some states.
func (s *Store) ids(ctx context.Context, merchant string, of []confirm.State, after string, limit int) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.whole)
	defer cancel()
	from := "-"
	if after != "" {
		from = "(" + after
	}
	var all []string
	for _, state := range of {
		by := &redis.ZRangeBy{Min: from, Max: "+", Count: int64(limit)}
		ids, err := s.client.ZRangeByLex(ctx, stateKey(merchant, state), by).Result()
		if err != nil {
			return nil, down("list", err)
		}
		all = append(all, ids...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(limit, len(all))], nil
}

// show adds the records of orders that are still there and belong on the page.
func (s *Store) show(
	ctx context.Context, out []confirm.Record, merchant string, ids []string, p confirm.Page,
) ([]confirm.Record, error) {
	for some := range slices.Chunk(ids, atOnce) {
		records, err := s.several(ctx, merchant, some)
		if err != nil {
			return nil, err
		}
		for i := range records {
			if !records[i].Done() && p.Wants(&records[i]) {
				out = append(out, records[i])
			}
		}
	}
	return out, nil
}

// several reads records by their order ids, in one step; those that are not there are left out.
func (s *Store) several(ctx context.Context, merchant string, ids []string) ([]confirm.Record, error) {
	keys, args := dueKeys(merchant), make([]any, len(ids))
	for i, id := range ids {
		keys, args[i] = append(keys, prefix(merchant)+"o:"+id), id
	}
	v, err := s.run(ctx, "list", keys, args...)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok || len(list) != len(ids) {
		return nil, odd("list", v)
	}
	out := make([]confirm.Record, 0, len(ids))
	for i, m := range list {
		words, err := texts("list", m)
		if err != nil {
			return nil, err
		}
		if len(words) == 0 {
			continue
		}
		t, err := decode(confirm.Key{Merchant: merchant, Order: ids[i]}, words)
		if err != nil {
			return nil, unusable("list", err)
		}
		out = append(out, t.record)
	}
	return out, nil
}

// Stats counts what is not done. It costs the same however many that are.
func (s *Store) Stats(ctx context.Context, merchant string) (confirm.Stats, error) {
	keys := []string{prefix(merchant) + "age", unknownKey(merchant)}
	for _, state := range states() {
		keys = append(keys, stateKey(merchant, state))
	}
	v, err := s.run(ctx, "stats", keys)
	if err != nil {
		return confirm.Stats{}, err
	}
	words, err := texts("stats", v)
	if err != nil {
		return confirm.Stats{}, err
	}
	if len(words) != 4+len(states()) {
		return confirm.Stats{}, odd("stats", words)
	}
	return stats(words)
}

func stats(words []string) (confirm.Stats, error) {
	out := confirm.Stats{States: make(map[confirm.State]int64)}
	now, err := stamp(words[0])
	if err != nil {
		return out, unusable("stats", err)
	}
	for i, age := range []*time.Duration{&out.Oldest, &out.OldestUnknown} {
		if words[1+i] == "" {
			continue
		}
		first, err := stamp(words[1+i])
		if err != nil {
			return out, unusable("stats", err)
		}
		*age = max(now.Sub(first), 0)
	}
	if out.Unknown, err = strconv.ParseInt(words[3], 10, 64); err != nil {
		return out, unusable("stats", err)
	}
	for i, state := range states() {
		n, err := strconv.ParseInt(words[4+i], 10, 64)
		if err != nil {
			return out, unusable("stats", err)
		}
		if n > 0 {
			out.States[state] = n
		}
	}
	return out, nil
}

// Epoch tells the epoch of a merchant's data, or begins it.
func (s *Store) Epoch(ctx context.Context, merchant string) (confirm.Epoch, error) {
	mine := strings.ToLower(rand.Text())
	v, err := s.run(ctx, "epoch", epochKeys(merchant), mine, schema)
	if err != nil {
		return confirm.Epoch{}, err
	}
	text, _ := v.(string)
	e, err := epoch(text)
	if err != nil {
		return confirm.Epoch{}, unusable("epoch", err)
	}
	e.New = e.ID == mine
	return e, nil
}

func epochKeys(merchant string) []string {
	return []string{prefix(merchant) + "epoch", prefix(merchant) + "schema"}
}

// epoch reads an id and the time in milliseconds.
func epoch(text string) (confirm.Epoch, error) {
	id, at, _ := strings.Cut(text, " ")
	began, err := stamp(at)
	return confirm.Epoch{ID: id, Began: began}, err
}

func epochText(e confirm.Epoch) string {
	return e.ID + " " + strconv.FormatInt(e.Began.Truncate(time.Millisecond).UnixMilli(), 10)
}
