package redisstore

import (
	"embed"
	"fmt"

	"github.com/redis/go-redis/v9"
)

//go:embed scripts/*.lua
var files embed.FS

// scripts holds one script per operation, by name. It is read-only once made.
type scripts map[string]*redis.Script

// ofOrder are the scripts that begin with record.lua; the others stand alone.
func ofOrder() []string {
	return []string{"enqueue", "claim", "renew", "fail", "yield", "prepare", "handed", "stream", "acked", "finish",
		"stream_work", "park", "release", "forget", "discard", "get", "snapshot", "load"}
}

func loadScripts() (scripts, error) {
	record, err := files.ReadFile("scripts/record.lua")
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	all := make(scripts)
	add := func(name string, before []byte) error {
		src, err := files.ReadFile("scripts/" + name + ".lua")
		if err != nil {
			return fmt.Errorf("redis: %w", err)
		}
		all[name] = redis.NewScript(string(before) + string(src))
		return nil
	}
	for _, name := range ofOrder() {
		if err := add(name, record); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"due", "list", "stats", "epoch"} {
		if err := add(name, nil); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Rights are the commands that an ACL user of Redis needs, with keys ~kco:*: what the scripts call, and what is called
// without one. A cluster needs "cluster" too. The set-up of connections needs none.
func Rights() []string {
	return []string{"eval", "evalsha", "time", "hgetall", "hset", "hdel", "pexpireat", "persist", "del", "get", "set", "mset",
		"zadd", "zrem", "zscore", "zcard", "zrange", "zrangebyscore", "zrangebylex", "xadd", "scan", "info", "config|get", "wait",
		"xinfo", "xpending", "select"}
}
