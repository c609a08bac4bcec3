package standardwebhooks_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/standardwebhooks"
)

// FuzzVerifyWebhook: whatever comes, nothing panics, and what is taken is what the holder of a key has signed: with the same
// id, time and body, one of the signatures is ours.
func FuzzVerifyWebhook(f *testing.F) {
	f.Add(id, stamp, vector, payload, int64(0))
	f.Add(id, stamp, asymmetric, payload, int64(-300))
	f.Add(id, stamp, wrong+" "+vector+" v2,x", payload, int64(300))
	f.Add(id+"."+stamp, "1", vector, payload, int64(0))
	f.Add("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330.{", vector, `"test": 2432232314}`, int64(0))
	f.Add("", "", "", "", int64(0))
	f.Add("a", "9223372036854775807", "v1,", "", int64(-1))
	f.Add("a", "-0", "v1a,AAAA", "\xff", int64(1<<40))
	k := keys(f, secret, private)
	f.Fuzz(func(t *testing.T, id, stamp, list, body string, after int64) {
		h := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {stamp}, "Webhook-Signature": {list}}
		now := time.Unix(at().Unix()+after%(1<<40), 0)
		got, err := k.Verify(h, []byte(body), now, standardwebhooks.Tolerance)
		if err != nil {
			if got != "" {
				t.Fatalf("a fault with an id: %q", got)
			}
			return
		}
		seconds, err := strconv.ParseInt(stamp, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if off := now.Sub(time.Unix(seconds, 0)).Abs(); off > standardwebhooks.Tolerance {
			t.Fatalf("taken %v off", off)
		}
		ours := http.Header{}
		k.Sign(ours, got, time.Unix(seconds, 0), []byte(body))
		made := strings.Fields(strings.ReplaceAll(ours.Get("Webhook-Signature"), "=", "")) // padding is optional
		if got != id || !slices.ContainsFunc(strings.Fields(list), func(s string) bool { return slices.Contains(made, strings.TrimRight(s, "=")) }) {
			t.Fatalf("taken: id %q time %q signatures %q body %q", id, stamp, list, body)
		}
	})
}
