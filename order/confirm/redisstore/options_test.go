package redisstore_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	one, two := []string{"127.0.0.1:1"}, []string{"127.0.0.1:1", "127.0.0.1:2"}
	for _, c := range []struct {
		name string
		o    redisstore.Options
		want string // part of the error, "" for none
	}{
		{"one server", redisstore.Options{Addrs: one, Database: 3}, ""},
		{"sentinel", redisstore.Options{Addrs: two, Sentinel: "kvitto"}, ""},
		{"cluster", redisstore.Options{Addrs: two, Cluster: true}, ""},
		{"cluster, one address", redisstore.Options{Addrs: one, Cluster: true}, ""},
		{"no address", redisstore.Options{}, "no address"},
		{"two servers", redisstore.Options{Addrs: two}, "2 addresses, which need sentinel or cluster"},
		{"both", redisstore.Options{Addrs: two, Sentinel: "kvitto", Cluster: true}, "both sentinel and cluster"},
		{"database in a cluster", redisstore.Options{Addrs: two, Cluster: true, Database: 1}, "database 1 in a cluster"},
		{"negative", redisstore.Options{Addrs: one, PoolSize: -1}, "not negative"},
		{"negative patience", redisstore.Options{Addrs: one, Patience: -1}, "not negative"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := redisstore.New(c.o)
			if c.want == "" {
				ok(t, err)
				ok(t, s.Close())
				isDown(t, push(t, s, key("a")), "closed")
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestOptionsKeepSecrets(t *testing.T) {
	t.Parallel()
	for _, o := range []redisstore.Options{
		{Addrs: []string{"127.0.0.1:1"}, User: "u", Password: "canary", Database: 2},
		{Addrs: []string{"127.0.0.1:1"}, Cluster: true, Password: "canary"},
		{Addrs: []string{"127.0.0.1:1"}, Sentinel: "kvitto", SentinelUser: "u", SentinelPassword: "canary"},
	} {
		text, err := json.Marshal(o)
		ok(t, err)
		for _, printed := range []string{string(text), fmt.Sprint(o), fmt.Sprintf("%+v %#v %s %q %d %v", o, o, o, o, o, &o)} {
			if strings.Contains(printed, "canary") {
				t.Errorf("the password is in %s", printed)
			}
			if !strings.Contains(printed, "127.0.0.1:1") {
				t.Errorf("the address is not in %s", printed)
			}
		}
	}
}
