package redisstore

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// replicaWait is how long Unreplicated lets replicas answer.
const replicaWait = 100 * time.Millisecond

// Unreplicated counts the replicas of the merchant's primary that have not confirmed a write within 100 ms. It is for a
// gauge: nothing that the service promises rests on it. WAIT counts for the writes of its own connection, so both go over
// one.
func (s *Store) Unreplicated(ctx context.Context, merchant string) (int, error) {
	node, err := s.node(ctx, merchant)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*s.whole)
	defer cancel()
	conn := node.Conn()
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	if err := conn.Set(ctx, prefix(merchant)+"probe", "1", time.Minute).Err(); err != nil {
		return 0, down("unreplicated", err)
	}
	info, err := conn.Info(ctx, "replication").Result()
	if err != nil {
		return 0, down("unreplicated", err)
	}
	want := replicas(info)
	if want == 0 {
		return 0, nil
	}
	got, err := conn.Wait(ctx, want, replicaWait).Result()
	if err != nil {
		return 0, down("unreplicated", err)
	}
	return max(want-int(got), 0), nil
}

// replicas reads how many replicas a primary has, from INFO.
func replicas(info string) int {
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "connected_slaves:"); ok {
			n, err := strconv.Atoi(v)
			if err != nil {
				return 0
			}
			return n
		}
	}
	return 0
}

// Gap is what is missing of a merchant's stream.
type Gap struct {
	Length int64 // entries in the stream
	Added  int64 // entries ever added
	Lost   int64 // entries that were removed before the group that lost most had read them; at least, where it is not known
	Group  string
}

// StreamGap looks whether somebody removed entries of the merchant's stream that a consumer group had not read, or had read
// and not confirmed. Entries that all groups are done with may go. Without a group, nobody knows what was read.
func (s *Store) StreamGap(ctx context.Context, merchant string) (Gap, error) {
	ctx, cancel := context.WithTimeout(ctx, s.whole)
	defer cancel()
	key := outKey(merchant)
	info, err := s.client.XInfoStream(ctx, key).Result()
	if missing(err) {
		return Gap{}, nil
	}
	if err != nil {
		return Gap{}, down("stream gap", err)
	}
	gap := Gap{Length: info.Length, Added: info.EntriesAdded}
	groups, err := s.client.XInfoGroups(ctx, key).Result()
	if err != nil {
		return Gap{}, down("stream gap", err)
	}
	for _, g := range groups {
		lost := unread(info, g)
		if lost == 0 && g.Pending > 0 {
			if lost, err = s.unconfirmed(ctx, key, g.Name, info); err != nil {
				return Gap{}, err
			}
		}
		if lost > gap.Lost {
			gap.Lost, gap.Group = lost, g.Name
		}
	}
	return gap, nil
}

func missing(err error) bool {
	var said redis.Error
	return errors.As(err, &said) && strings.Contains(said.Error(), "no such key")
}

// unread counts the entries that are gone and that a group had not read: of those after its place, as many as were added
// less as many as are there.
func unread(info *redis.XInfoStream, g redis.XInfoGroup) int64 {
	removed := info.EntriesAdded - info.Length
	if removed <= 0 || info.Length > 0 && !before(g.LastDeliveredID, info.FirstEntry.ID) {
		return 0 // what it reads next is there
	}
	if before(info.LastGeneratedID, g.LastDeliveredID) || info.LastGeneratedID == g.LastDeliveredID {
		return 0 // it has read all that ever was
	}
	if g.EntriesRead > 0 {
		return max(info.EntriesAdded-g.EntriesRead-info.Length, 0)
	}
	if g.LastDeliveredID == "0-0" {
		return removed
	}
	return 1 // how many is not known
}

// unconfirmed counts, as one, entries that a group has read and not confirmed, and that are gone.
func (s *Store) unconfirmed(ctx context.Context, key, group string, info *redis.XInfoStream) (int64, error) {
	p, err := s.client.XPending(ctx, key, group).Result()
	if err != nil {
		return 0, down("stream gap", err)
	}
	if p.Count > 0 && (info.Length == 0 || before(p.Lower, info.FirstEntry.ID)) {
		return 1, nil
	}
	return 0, nil
}

// before compares ids of stream entries.
func before(a, b string) bool {
	at, an := entryID(a)
	bt, bn := entryID(b)
	return at < bt || at == bt && an < bn
}

func entryID(id string) (ms, n uint64) {
	t, seq, _ := strings.Cut(id, "-")
	ms, _ = strconv.ParseUint(t, 10, 64)  // Redis makes no other
	n, _ = strconv.ParseUint(seq, 10, 64) // as above
	return ms, n
}
