package redisstore_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// said is an error that Redis answered.
type said string

func (s said) Error() string { return string(s) }
func (said) RedisError()     {}

func TestClassOf(t *testing.T) {
	t.Parallel()
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{redis.ErrPoolTimeout, "pool"},
		{redis.ErrClosed, "closed"},
		{context.Canceled, "canceled"},
		{fmt.Errorf("get: %w", context.DeadlineExceeded), "timeout"},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, "timeout"},
		{dial(syscall.ECONNREFUSED), "refused"},
		{dial(syscall.ENETUNREACH), "network"},
		{io.EOF, "reset"},
		{&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, "reset"},
		{&net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}, "reset"},
		{&net.OpError{Op: "read", Err: net.ErrClosed}, "reset"},
		{&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, "tls"},
		{said("OOM command not allowed when used memory > 'maxmemory'."), "oom"},
		{said("MISCONF Redis is configured to save RDB snapshots"), "misconf"},
		{said("NOREPLICAS Not enough good replicas to write."), "noreplicas"},
		{said("CLUSTERDOWN The cluster is down"), "clusterdown"},
		{said("LOADING Redis is loading the dataset in memory"), "loading"},
		{said("BUSY Redis is busy running a script."), "busy"},
		{said("READONLY You can't write against a read only replica."), "readonly"},
		{said("MASTERDOWN Link with MASTER is down"), "masterdown"},
		{said("NOAUTH Authentication required."), "noauth"},
		{said("WRONGPASS invalid username-password pair or user is disabled."), "noauth"},
		{said("NOPERM this user has no permissions"), "noperm"},
		{said("ERR The user executing the script can't access at least one of the keys"), "noperm"},
		{said("MOVED 3999 127.0.0.1:6381"), "moved"},
		{said("ASK 3999 127.0.0.1:6381"), "moved"},
		{said("TRYAGAIN Multiple keys request during rehashing of slot"), "moved"},
		{said("ERR max number of clients reached"), "maxclients"},
		{said("WRONGTYPE Operation against a key holding the wrong kind of value"), "other"},
		{fmt.Errorf("redis: all sentinels specified in configuration are unreachable: %w", syscall.ECONNREFUSED), "sentinel"},
		{errors.New("redis: all sentinels specified in configuration are unreachable: x"), "sentinel"},
		{errors.New("redis: cluster has no nodes"), "clusterdown"},
		{errors.New("something else"), "other"},
	} {
		if got := redisstore.ClassOf(c.err); got != c.want {
			t.Errorf("%v: class %q, want %q", c.err, got, c.want)
		}
	}
}

func TestClassOfWhatIsNoFault(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, confirm.ErrBusy, confirm.ErrNotFound, errors.New("x")} {
		if got := redisstore.Class(err); got != "" {
			t.Errorf("%v: class %q", err, got)
		}
	}
}

func TestFaultTellsOperationAndCause(t *testing.T) {
	t.Parallel()
	s := at(t, redistest.New(t).Addr())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := s.Claim(ctx, key("a"), "x", lease)
	isDown(t, err, "canceled")
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "redis: claim: the store cannot be reached (canceled): ") {
		t.Fatalf("error %q", err)
	}
}

func TestRecordThatSomebodyChanged(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	for _, field := range []string{"tok", "att", "rev", "first", "ackat"} {
		k := key("o-" + field)
		enqueue(t, s, k)
		server.Must(t, "HSET", "kco:{shop}:o:"+k.Order, field, "soon")
		_, err := s.Get(t.Context(), k)
		isDown(t, err, "answer")
		if !strings.Contains(err.Error(), `record of order "`+k.Order+`": `+field+": ") {
			t.Errorf("error %q", err)
		}
	}
	server.Must(t, "SET", "kco:{shop}:epoch", "what")
	_, err := s.Epoch(t.Context(), "shop")
	isDown(t, err, "answer")
	server.Must(t, "SET", "kco:{shop}:due", "no set")
	_, err = s.Due(t.Context(), "shop", 10)
	isDown(t, err, "other")
	ok(t, push(t, s, confirm.Key{Merchant: "other", Order: "a"}))
}

func TestFieldOfANewerVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	enqueue(t, s, key("a"))
	server.Must(t, "HSET", "kco:{shop}:o:a", "later", "1")
	claim(t, s, key("a"), "x")
	if got := server.Must(t, "HGET", "kco:{shop}:o:a", "later"); got != "1" {
		t.Fatalf("the field is %v", got)
	}
}

func TestOrderThatIsDueWithoutARecordBeginsAgain(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	s := at(t, server.Addr())
	enqueue(t, s, key("a"))
	server.Must(t, "DEL", "kco:{shop}:o:a")
	due, err := s.Due(t.Context(), "shop", 10)
	ok(t, err)
	if len(due.Others) != 1 {
		t.Fatalf("due: %v", due)
	}
	if r := claim(t, s, key("a"), "x"); r.State != confirm.Pending || r.Token != 1 {
		t.Fatalf("record %+v", r)
	}
	if _, _, err := s.Claim(t.Context(), key("b"), "x", lease); !errors.Is(err, confirm.ErrNotFound) {
		t.Fatalf("error %v of an order that never was", err)
	}
}
