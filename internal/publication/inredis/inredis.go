// Package inredis shares publications of rulebooks between replicas by Redis.
//
// Its one rule: a publication is written in one step, by a script that knows which one is the newest, so that two people
// never both follow the same one.
//
// The keys of a rulebook are kco:{publish:HASH}:e, a hash of publications by number, each as its id, a space and its JSON;
// :s, the number of the form in which they are written; and :f:ID, the files of each. HASH is of the rulebook's name. An ACL
// user needs the rights of order/confirm/redisstore and no others.
package inredis

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/internal/publication"
)

var (
	//go:embed scripts/add.lua
	addScript string
	//go:embed scripts/fill.lua
	fillScript string
)

// Redis is what replicas share. It is safe for concurrent use; the caller closes the client.
type Redis struct {
	client    redis.UniversalClient
	add, fill *redis.Script
}

var _ publication.Remote = (*Redis)(nil)

// New makes one of a client, that of redisstore.Options.
func New(client redis.UniversalClient) *Redis {
	return &Redis{client: client, add: redis.NewScript(addScript), fill: redis.NewScript(fillScript)}
}

func prefix(book string) string {
	sum := sha256.Sum256([]byte(book))
	return "kco:{publish:" + hex.EncodeToString(sum[:8]) + "}:"
}

func entriesKey(book string) string { return prefix(book) + "e" }

func schemaKey(book string) string { return prefix(book) + "s" }

func fileKey(book, id string) string { return prefix(book) + "f:" + id }

func down(op string, cause error) error {
	return fmt.Errorf("redis: %s: %w: %w", op, publication.ErrDown, cause)
}

// Entries implements publication.Remote.
func (r *Redis) Entries(ctx context.Context, book string) (publication.History, error) {
	pipe := r.client.Pipeline()
	schema, all := pipe.Get(ctx, schemaKey(book)), pipe.HGetAll(ctx, entriesKey(book))
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, down("publications", err)
	}
	if text, err := schema.Result(); err == nil {
		if n, err := strconv.Atoi(text); err != nil || n > publication.Schema {
			return nil, fmt.Errorf("redis: %w (schema %q, this one knows %d)", publication.ErrSchema, text, publication.Schema)
		}
	}
	var h publication.History
	for field, text := range all.Val() {
		_, raw, _ := strings.Cut(text, " ")
		e, err := publication.Decode([]byte(raw), book)
		if err == nil && strconv.FormatInt(e.Number, 10) != field {
			err = fmt.Errorf("it is publication %d", e.Number)
		}
		if err != nil {
			return nil, fmt.Errorf("redis: %s %s: %w", entriesKey(book), field, err)
		}
		h = append(h, e)
	}
	slices.SortFunc(h, func(a, b publication.Entry) int { return int(a.Number - b.Number) })
	return h, nil
}

// Archive implements publication.Remote.
func (r *Redis) Archive(ctx context.Context, e *publication.Entry) ([]byte, error) {
	raw, err := r.client.Get(ctx, fileKey(e.Rulebook, e.ID)).Bytes()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, fmt.Errorf("redis: publication %d: %w", e.Number, publication.ErrNoArchive)
	case err != nil:
		return nil, down("files", err)
	}
	return raw, nil
}

// Add implements publication.Remote.
func (r *Redis) Add(ctx context.Context, e *publication.Entry, archive []byte, after string, drop []publication.Entry) error {
	keys, args, err := written(e, archive, after)
	if err != nil {
		return err
	}
	for i := range drop {
		keys = append(keys, fileKey(e.Rulebook, drop[i].ID))
		args = append(args, drop[i].Number)
	}
	return r.run(ctx, "publish", r.add, keys, args)
}

// Fill implements publication.Remote.
func (r *Redis) Fill(ctx context.Context, e *publication.Entry, archive []byte, instead string) error {
	keys, args, err := written(e, archive, instead)
	if err != nil {
		return err
	}
	return r.run(ctx, "bring back", r.fill, append(keys, fileKey(e.Rulebook, instead)), args)
}

// written are the keys and arguments that both scripts begin with.
func written(e *publication.Entry, archive []byte, other string) (keys []string, args []any, err error) {
	raw, err := publication.Encode(e)
	if err != nil {
		return nil, nil, err
	}
	keys = []string{entriesKey(e.Rulebook), schemaKey(e.Rulebook), fileKey(e.Rulebook, e.ID)}
	return keys, []any{publication.Schema, e.Number, e.ID, e.ID + " " + string(raw), archive, other}, nil
}

func (r *Redis) run(ctx context.Context, op string, script *redis.Script, keys []string, args []any) error {
	word, err := script.Run(ctx, r.client, keys, args...).Text()
	switch {
	case err != nil:
		return down(op, err)
	case word == "OK":
		return nil
	case word == "CONFLICT":
		return publication.ErrConflict
	case word == "SCHEMA":
		return fmt.Errorf("redis: %w", publication.ErrSchema)
	default:
		return down(op, fmt.Errorf("unexpected answer %q", word))
	}
}
