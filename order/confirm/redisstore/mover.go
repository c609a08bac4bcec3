package redisstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/order/confirm"
)

// scanned is how many keys one step of Dump looks at.
const scanned = 500

// Dump shows every record of a merchant. It walks through the keys of the server that holds them, and remembers the ids.
func (s *Store) Dump(ctx context.Context, merchant string, show func(confirm.Snapshot) error) error {
	node, err := s.node(ctx, merchant)
	if err != nil {
		return err
	}
	start := prefix(merchant) + "o:"
	seen := make(map[string]bool)
	for cursor := uint64(0); ; {
		keys, next, err := s.scan(ctx, node, cursor, start)
		if err != nil {
			return err
		}
		for _, key := range keys {
			id := strings.TrimPrefix(key, start)
			if seen[id] {
				continue
			}
			seen[id] = true
			if err := s.dump(ctx, confirm.Key{Merchant: merchant, Order: id}, show); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

func (s *Store) scan(ctx context.Context, node redis.Cmdable, cursor uint64, start string) ([]string, uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.whole)
	defer cancel()
	keys, next, err := node.Scan(ctx, cursor, glob(start)+"*", scanned).Result()
	if err != nil {
		return nil, 0, down("dump", err)
	}
	return keys, next, nil
}

func (s *Store) dump(ctx context.Context, k confirm.Key, show func(confirm.Snapshot) error) error {
	words, err := s.order(ctx, "snapshot", k)
	if errors.Is(err, confirm.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(words) < 3 {
		return odd("dump", words)
	}
	has, body := words[1] == "1", words[2]
	t, err := decode(k, append(words[:1:1], words[3:]...))
	if err != nil {
		return unusable("dump", err)
	}
	snap := confirm.Snapshot{Record: t.record, Lapses: t.lapses}
	snap.LeaseUntil = time.Time{}
	if has {
		snap.Body = []byte(body)
	}
	return show(snap)
}

// Load makes a record as it was.
func (s *Store) Load(ctx context.Context, snap confirm.Snapshot) error {
	args := []any{flag(snap.Body != nil), snap.Body, unix(snap.Due), unix(snap.Lapses)}
	_, err := s.order(ctx, "load", snap.Key, append(args, fields(&snap.Record)...)...)
	return err
}

// Adopt makes e the epoch.
func (s *Store) Adopt(ctx context.Context, merchant string, e confirm.Epoch) error {
	ctx, cancel := context.WithTimeout(ctx, s.whole)
	defer cancel()
	keys := epochKeys(merchant)
	if err := s.client.MSet(ctx, keys[0], epochText(e), keys[1], schema).Err(); err != nil {
		return down("adopt", err)
	}
	return nil
}

// node is the server that holds a merchant's keys.
func (s *Store) node(ctx context.Context, merchant string) (*redis.Client, error) {
	switch c := s.client.(type) {
	case *redis.Client:
		return c, nil
	case *redis.ClusterClient:
		ctx, cancel := context.WithTimeout(ctx, s.whole)
		defer cancel()
		node, err := c.MasterForKey(ctx, prefix(merchant))
		if err != nil {
			return nil, down("node", err)
		}
		return node, nil
	}
	return nil, odd("node", s.client)
}

// glob escapes what has a meaning in patterns of Redis.
func glob(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`).Replace(s)
}
