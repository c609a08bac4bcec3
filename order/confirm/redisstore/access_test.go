package redisstore_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/kvitto/kvitto/internal/redistest"
	"github.com/kvitto/kvitto/order/confirm"
	"github.com/kvitto/kvitto/order/confirm/redisstore"
)

// certificate makes one for the loopback address, signed by itself, and writes it where Redis finds it.
func certificate(t *testing.T) (pool *x509.CertPool, cert, private string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ok(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redis"}, IsCA: true,
		BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	ok(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(k)
	ok(t, err)
	parsed, err := x509.ParseCertificate(der)
	ok(t, err)
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	dir := t.TempDir()
	cert, private = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	ok(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	ok(t, os.WriteFile(private, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	return pool, cert, private
}

func TestTLS(t *testing.T) {
	t.Parallel()
	pool, cert, private := certificate(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	ok(t, l.Close())
	redistest.New(t, "--tls-port", strconv.Itoa(port), "--tls-cert-file", cert, "--tls-key-file", private, "--tls-ca-cert-file",
		cert, "--tls-auth-clients", "no")
	addr := []string{net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	enqueue(t, open(t, redisstore.Options{Addrs: addr, TLS: &tls.Config{RootCAs: pool}, Patience: 20 * time.Second}), key("a"))
	isDown(t, push(t, open(t, redisstore.Options{Addrs: addr, TLS: &tls.Config{}, Patience: 20 * time.Second}), key("a")), "tls")
	isDown(t, push(t, open(t, redisstore.Options{Addrs: addr}), key("a")), "reset", "other", "timeout")
}

// TestLeastRights holds the list of the package comment.
func TestLeastRights(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	rights := []any{"ACL", "SETUSER", "kvitto", "on", ">secret", "resetkeys", "~kco:*", "resetchannels", "nocommands"}
	for _, c := range redisstore.Rights() {
		rights = append(rights, "+"+c)
	}
	server.Must(t, rights...)
	s := open(t, redisstore.Options{Addrs: []string{server.Addr()}, User: "kvitto", Password: "secret", Patience: 20 * time.Second})
	for _, op := range operations() {
		ok(t, op.run(t.Context(), s, key("a")))
	}
	enqueue(t, s, key("b"))
	ctx := t.Context()
	claim(t, s, key("b"), "x")
	ok(t, s.Forget(ctx, key("b"), "x"))
	enqueue(t, s, key("c"))
	_, err := s.Due(ctx, "shop", 10)
	ok(t, err)
	records, err := s.List(ctx, "shop", confirm.Page{Limit: 10})
	ok(t, err)
	if len(records) != 1 {
		t.Fatalf("records: %v", records)
	}
	_, err = s.Stats(ctx, "shop")
	ok(t, err)
	e, err := s.Epoch(ctx, "shop")
	ok(t, err)
	ok(t, s.Adopt(ctx, "shop", e))
	ok(t, s.Dump(ctx, "shop", func(confirm.Snapshot) error { return nil }))
	ok(t, s.Load(ctx, confirm.Snapshot{Record: confirm.Record{Key: key("d"), State: confirm.Pending, First: e.Began, Due: e.Began}, Body: []byte("b")}))
	found, err := s.Check(ctx, "shop")
	ok(t, err)
	if len(found) > 0 {
		t.Errorf("findings: %v", found)
	}
	_, err = s.Unreplicated(ctx, "shop")
	ok(t, err)
	ok(t, raw(t, server.Addr()).XGroupCreate(ctx, out, "g", "0").Err())
	_, err = s.StreamGap(ctx, "shop")
	ok(t, err)
}
