package egress

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

const (
	dialTimeout   = 3 * time.Second
	idleTimeout   = 60 * time.Second // shorter than what most servers keep a connection for
	maxHeader     = 16 << 10
	idlePerHost   = 32
	maxPerHost    = 256
	clientTimeout = 30 * time.Second
)

// Transport dials what the guard allows, asks no proxy, whatever the environment says, inflates nothing, speaks HTTP/1
// and keeps connections for later requests. It knows nothing of redirects. Requests bring their own deadlines.
func Transport(g Guard) *http.Transport {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: idleTimeout / 2, Control: g.Control}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  clientTimeout,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConnsPerHost:    idlePerHost,
		MaxConnsPerHost:        maxPerHost,
		IdleConnTimeout:        idleTimeout,
		DisableCompression:     true,
		Protocols:              protocols,
	}
}
