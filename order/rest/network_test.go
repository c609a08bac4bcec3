package rest_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestCertificates: row 53. An expired certificate, one of another host and one that nobody signed are failures that say so.
func TestCertificates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		host     string
		ends     time.Time
		trusted  bool
		contains string
	}{
		{"good", "127.0.0.1", time.Now().Add(time.Hour), true, ""},
		{"expired", "127.0.0.1", time.Now().Add(-time.Hour), true, "expired"},
		{"other host", "192.0.2.1", time.Now().Add(time.Hour), true, "192.0.2.1"},
		{"unknown authority", "127.0.0.1", time.Now().Add(time.Hour), false, "unknown authority"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			own, pool := certificate(t, tt.host, tt.ends)
			s := httptest.NewUnstartedServer(answer(http.StatusOK, isJSON, `{}`))
			s.TLS = &tls.Config{Certificates: []tls.Certificate{own}}
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			o := options(t, s.URL)
			if !tt.trusted {
				pool = x509.NewCertPool()
			}
			way := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
			t.Cleanup(way.CloseIdleConnections)
			o.Transport = way
			err := do(t.Context(), client(t, o), get())
			switch {
			case tt.contains == "" && err != nil:
				t.Errorf("got %v", err)
			case tt.contains != "" && (kindOf(err) != "unavailable" || !strings.Contains(err.Error(), tt.contains)):
				t.Errorf("got %v, want %q in it", err, tt.contains)
			}
		})
	}
}

func certificate(t *testing.T, host string, ends time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-2 * time.Hour),
		NotAfter: ends, IPAddresses: []net.IP{net.ParseIP(host)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

var errInside = errors.New("the address is inside")

// TestDial: row 56. A name that cannot be resolved, a host that is not there, and a guard that refuses the address.
func TestDial(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		dial     func(context.Context, string, string) (net.Conn, error)
		contains string
		is       error
	}{
		{name: "no name", dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example", IsNotFound: true}}
		}, contains: "its name cannot be resolved"},
		{name: "nobody there", dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		}, contains: "refused", is: syscall.ECONNREFUSED},
		{name: "the guard", dial: (&net.Dialer{Control: func(string, string, syscall.RawConn) error { return errInside }}).DialContext,
			contains: "the address is inside", is: errInside},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := options(t, "http://127.0.0.1:1")
			o.Transport = &http.Transport{DialContext: tt.dial}
			err := do(t.Context(), client(t, o), get())
			if kindOf(err) != "unavailable" || !strings.Contains(err.Error(), tt.contains) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got %v, want %q in it", err, tt.contains)
			}
		})
	}
}

// TestNothingLeaks: what a broken server says is in no text of an error.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 KimLind no\r\n\r\n")
			_ = conn.Close()
		}
	}()
	err = do(t.Context(), client(t, options(t, "http://"+listener.Addr().String())), get())
	if kindOf(err) != "unavailable" || strings.Contains(err.Error(), "Kim") || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("got %v", err)
	}
}
