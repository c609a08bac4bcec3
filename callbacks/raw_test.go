package callbacks_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// raw sends bytes as they are and returns the status of each answer, in order, and whether the server closed the
// connection after the last one that was waited for.
func (s *shop) raw(answers int, chunks ...string) (status []int, closed bool) {
	s.t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	defer shut(s.t, c)
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		s.t.Fatal(err)
	}
	for _, chunk := range chunks {
		if _, err := io.WriteString(c, chunk); err != nil {
			return nil, true
		}
	}
	r := bufio.NewReader(c)
	for range answers {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return status, true
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil { // reset, because we were still sending
			return append(status, resp.StatusCode), true
		}
		status = append(status, resp.StatusCode)
		closed = resp.Close
	}
	return status, closed
}

// shut closes what a test opened.
func shut(t testing.TB, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// rawReply sends bytes as they are and returns the answer to a method.
func (s *shop) rawReply(t *testing.T, send, method string) *reply {
	t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, c)
	if _, err := io.WriteString(c, send); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, resp.Body)
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Header.Del("Date")
	return &reply{status: resp.StatusCode, header: resp.Header, body: string(body)}
}

// request writes a request by hand.
func request(path, body string, header ...string) string {
	lines := append([]string{"POST " + path + " HTTP/1.1", "Host: kvitto.example"}, header...)
	return strings.Join(lines, "\r\n") + fmt.Sprintf("\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// chunked writes a request with chunks as they are.
func chunked(path, chunks string) string {
	return "POST " + path + " HTTP/1.1\r\nHost: kvitto.example\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
}

func TestFraming(t *testing.T) {
	t.Parallel()
	const path = base + "/address-update" + query
	head := "POST " + path + " HTTP/1.1\r\nHost: kvitto.example\r\n"
	cart := cartJSON("")
	sized := fmt.Sprintf("Content-Length: %d\r\n", len(cart))
	tests := []struct {
		name string
		send string
		want int // 0: closed without an answer
	}{
		{"row 1: no body", request(path, ""), 400},
		{"row 2: length and chunks", head + sized + "Transfer-Encoding: chunked\r\n\r\n" +
			fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(cart), cart), 200},
		{"row 3: two lengths", head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
		{"row 3: length with a plus", head + "Content-Length: +3\r\n\r\nabc", 400},
		{"row 3: negative length", head + "Content-Length: -3\r\n\r\nabc", 400},
		{"row 3: length of 20 digits", head + "Content-Length: 99999999999999999999\r\n\r\nabc", 400},
		{"row 4: identity", head + "Transfer-Encoding: identity\r\n\r\n", 501},
		{"row 4: xchunked", head + "Transfer-Encoding: xchunked\r\n\r\n", 501},
		{"row 4: twice chunked", head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
		{"row 5: chunk size with a bare line feed", chunked(path, "2\n{}\n0\n\n"), 400},
		{"row 5: negative chunk size", chunked(path, "-2\r\n{}\r\n0\r\n\r\n"), 400},
		{"row 5: chunk size of 17 digits", chunked(path, "12345678901234567\r\n{}\r\n"), 400},
		{"row 6: space in a header name", head + "Bad Name: x\r\n\r\n", 400},
		{"row 6: NUL in a header value", head + "X-A: a\x00b\r\n\r\n", 400},
		{"row 6: no Host", "POST " + path + " HTTP/1.1\r\n\r\n", 400},
		{"row 6: two Hosts", head + "Host: other.example\r\n\r\n", 400},
		{"row 7: folded header", head + "X-A: a\r\n b\r\n" + sized + "\r\n" + cart, 200},
		{"row 7: line feeds only", strings.ReplaceAll(head+sized+"\r\n", "\r\n", "\n") + cart, 200},
		{"row 8: header of 64 KiB", head + "X-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", 431},
		{"row 8: 5000 headers", head + strings.Repeat("X-A: a\r\n", 5000) + "\r\n", 431},
		{"row 8: URL of 1 MB", request(path+"&x="+strings.Repeat("a", 1_000_000), ""), 431},
		{"row 8: URL over 2048 bytes", request(path+"&x="+strings.Repeat("a", 2048), cart), 404},
		{"row 11: odd expectation", head + "Expect: 200-ok\r\n" + sized + "\r\n" + cart, 417},
		{"row 55: two Content-Types", request(path, cart, "Content-Type: application/json", "Content-Type: application/json"), 400},
		{"row 12: HTTP/3.7", "POST " + path + " HTTP/3.7\r\nHost: a\r\n\r\n", 505},
		{"row 12: HTTP/0.9", "POST " + path + "\r\n\r\n", 400},
		{"row 12: preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 404},
	}
	s := newShop(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, _ := s.raw(1, tt.send)
			if tt.want == 431 && len(status) == 0 {
				status = []int{431} // reset while we were still sending
			}
			if len(status) != 1 || status[0] != tt.want {
				t.Errorf("got %v, want %d", status, tt.want)
			}
			s.served()
		})
	}
}

func TestSlowHeaders(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	status, closed := s.raw(1, "POST "+base+"/validation HTTP/1.1\r\nHost: a\r\nX-A:")
	if len(status) != 0 || !closed {
		t.Errorf("row 9: got %v, closed %v, want no answer and closed", status, closed)
	}
	s.served()
}

func TestSlowBody(t *testing.T) {
	t.Parallel()
	for _, cb := range []string{"address-update", "validation"} {
		t.Run("row 10: "+cb, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, withEngine(newEngine(t, &tables{}), shortDeadlines, approve))
			path := base + "/" + cb + query
			status, closed := s.raw(1, "POST "+path+" HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
			if len(status) != 1 || status[0] != 400 || !closed {
				t.Errorf("got %v, closed %v, want 400 and closed", status, closed)
			}
			if !strings.Contains(s.log.String(), `"class":"slow_body"`) {
				t.Errorf("got log %s, want class slow_body", s.log)
			}
			s.served()
		})
	}
}

func TestShortBody(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "POST "+base+"/validation HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 400 || !resp.Close {
		t.Errorf("row 10: got %d, close %v, want 400 and close", resp.StatusCode, resp.Close)
	}
	shut(t, resp.Body)
	shut(t, c)
	s.served()
}

func TestPipelined(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path := base + "/address-update" + query
	big := strings.Repeat(" ", 1<<20) + "{}"
	status, closed := s.raw(2, request(path, big), request(path, cartJSON("")))
	if len(status) != 1 || status[0] != 400 || !closed {
		t.Errorf("row 15: got %v, closed %v, want one 400 and closed", status, closed)
	}
	status, closed = s.raw(2, request(path, cartJSON("")), request(path, cartJSON("")))
	if len(status) != 2 || status[0] != 200 || status[1] != 200 || closed {
		t.Errorf("two good ones: got %v, closed %v, want 200 twice and open", status, closed)
	}
	s.served()
}

func TestOversized(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	path := base + "/validation" + query
	limit := 1 << 20
	whole := orderJSON("")
	fits := whole + strings.Repeat(" ", limit-len(whole))
	tests := []struct {
		name   string
		send   string
		status int
		closed bool
	}{
		{"row 53: at the cap", request(path, fits), 200, false},
		{"row 53: one byte over, with length", request(path, fits+" "), 400, true},
		{"row 53: at the cap, chunked", chunked(path, fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", limit, fits)), 200, false},
		{"row 53: one byte over, chunked", chunked(path, fmt.Sprintf("%x\r\n%s \r\n0\r\n\r\n", limit+1, fits)), 400, true},
		{"row 42: push of 1 MB", request(base+"/push"+query, fits), 413, true},
		{"row 42: push of 1 MB, chunked", chunked(base+"/push"+query, fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", limit, fits)), 413, true},
		{"row 42: notification of 1 MB", request(base+"/notification", fits), 413, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, closed := s.raw(1, tt.send)
			if len(status) != 1 || status[0] != tt.status || closed != tt.closed {
				t.Errorf("got %v, closed %v, want %d, closed %v", status, closed, tt.status, tt.closed)
			}
			s.served()
		})
	}
}
