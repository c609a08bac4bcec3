package rest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kvitto/kvitto/order/rest"
)

// kinds are all there are.
func kinds() map[string]error {
	return map[string]error{"unauthorized": rest.ErrUnauthorized, "not allowed": rest.ErrNotAllowed, "not found": rest.ErrNotFound,
		"rate limited": rest.ErrRateLimited, "refused": rest.ErrRefused, "request": rest.ErrRequest,
		"unavailable": rest.ErrUnavailable, "answer": rest.ErrAnswer, "breaker": rest.ErrBreaker, "budget": rest.ErrBudget, "not sent": rest.ErrNotSent}
}

// kindOf names the one kind an error is of.
func kindOf(err error) string {
	var is []string
	for name, k := range kinds() {
		if errors.Is(err, k) {
			is = append(is, name)
		}
	}
	return strings.Join(is, ", ")
}

// TestStatuses: rows 47, 49, 50, 51, 54 and 55, and every other status: one request, one typed error.
func TestStatuses(t *testing.T) {
	t.Parallel()
	const body = `{"error_code":"SOME_CODE","error_messages":["Kim Lind owes","line\u001b[31m"],"correlation_id":"66782175-ae05","service_version":"1"}`
	for _, tt := range []struct {
		status int
		kind   string
	}{
		{301, "answer"}, {302, "answer"}, {303, "answer"}, {304, "answer"}, {307, "answer"}, {308, "answer"},
		{400, "refused"}, {401, "unauthorized"}, {402, "refused"}, {403, "not allowed"}, {404, "not found"}, {405, "refused"},
		{408, "unavailable"}, {409, "refused"}, {413, "refused"}, {422, "refused"}, {429, "rate limited"}, {499, "refused"},
		{500, "unavailable"}, {502, "unavailable"}, {503, "unavailable"}, {504, "unavailable"}, {599, "unavailable"},
	} {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			t.Parallel()
			asked := 0
			c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				answer(tt.status, isJSON, body)(w, r)
			})
			err := do(t.Context(), c, post())
			if kindOf(err) != tt.kind || asked != 1 {
				t.Errorf("got %v (%s) after %d requests", err, kindOf(err), asked)
			}
			var e *rest.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %T", err)
			}
			want := &rest.Error{Op: "acknowledge", Status: tt.status, Code: "SOME_CODE", Messages: []string{"Kim Lind owes", "line [31m"},
				CorrelationID: "66782175-ae05"}
			if tt.status == http.StatusNotModified { // has no body
				want.Code, want.Messages, want.CorrelationID = "", nil, ""
			}
			if d := cmp.Diff(want, e); d != "" {
				t.Error(d)
			}
			if strings.Contains(err.Error(), "Kim") {
				t.Errorf("a message is in the text: %v", err)
			}
		})
	}
}

// TestRefusalBodies: an error body may be anything (row 49: 401 comes as HTML).
func TestRefusalBodies(t *testing.T) {
	t.Parallel()
	const id = "Klarna-Correlation-Id: header-1"
	many := `{"error_messages":[` + strings.Repeat(`"m",`, 30) + `"m"]}`
	for _, tt := range []struct {
		name, header, body string
		want               rest.Error
	}{
		{"HTML", "Content-Type: text/html\n" + id, "<html>no</html>", rest.Error{CorrelationID: "header-1"}},
		{"nothing", id, "", rest.Error{CorrelationID: "header-1"}},
		{"half JSON", id, `{"error_code":"A`, rest.Error{CorrelationID: "header-1"}},
		{"a name twice", "", `{"error_code":"A","error_code":"B"}`, rest.Error{}},
		{"a list", "", `["A"]`, rest.Error{}},
		{"messages of another type", "", `{"error_code":"A","error_messages":"x"}`, rest.Error{Code: "A"}},
		{"no type", "", `{"error_code":"A","correlation_id":"body-1"}`, rest.Error{Code: "A", CorrelationID: "body-1"}},
		{"a code with a line break", "", `{"error_code":"A\nB","correlation_id":"a b"}`, rest.Error{}},
		{"a code that names a person", "", `{"error_code":"Kim Lind"}`, rest.Error{}},
		{"a long code", "", `{"error_code":"` + strings.Repeat("A", 65) + `"}`, rest.Error{}},
		{"compressed", "Content-Encoding: gzip", `{"error_code":"A"}`, rest.Error{}},
		{"too large", "", `{"error_code":"A","x":"` + strings.Repeat("x", 64<<10) + `"}`, rest.Error{}},
		{"a header that is none", "Klarna-Correlation-Id: <script>", ``, rest.Error{}},
		{"turned writing", "", `{"error_messages":["a\u202eb\u200bc\u0085d"]}`, rest.Error{Messages: []string{"a b c d"}}},
		{"many messages", "", many, rest.Error{Messages: strings.Split(strings.Repeat("m ", 19)+"m", " ")}},
		{"a long message", "", `{"error_messages":["` + strings.Repeat("m", 2000) + `"]}`, rest.Error{Messages: []string{strings.Repeat("m", 1000)}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, answer(http.StatusUnauthorized, tt.header, tt.body))
			tt.want.Op, tt.want.Status = "read", http.StatusUnauthorized
			var got *rest.Error
			if err := do(t.Context(), c, get()); !errors.As(err, &got) || !errors.Is(err, rest.ErrUnauthorized) {
				t.Fatalf("got %v", err)
			}
			if d := cmp.Diff(&tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestNotFoundByCode(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, answer(http.StatusBadRequest, isJSON, `{"error_code":"NOT_FOUND"}`))
	if err := do(t.Context(), c, get()); kindOf(err) != "not found" {
		t.Errorf("got %v", err)
	}
}

// TestRetryAfter: rows 51 and 100.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value string
		want  time.Duration
	}{
		{"", 0}, {"soon", 0}, {"1.5", 0}, {"-", 0}, {"+3", 0},
		{"0", time.Second}, {"1", time.Second}, {"17", 17 * time.Second}, {" 17 ", 17 * time.Second}, {"0017", 17 * time.Second},
		{"3600", time.Hour}, {"3601", time.Hour}, {"99999999999", time.Hour}, {strings.Repeat("9", 400), time.Hour},
		{"-5", time.Second}, {"-" + strings.Repeat("9", 400), time.Second},
		{"Wed, 25 Nov 2026 10:02:00 GMT", 2 * time.Minute}, {"Wed, 25 Nov 2026 10:00:00 GMT", time.Second},
		{"Thu, 01 Jan 1970 00:00:00 GMT", time.Second}, {"Wed, 25 Nov 2099 10:00:00 GMT", time.Hour},
	} {
		for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
			c := overWay(t, func(*http.Request) (*http.Response, error) {
				res := response(status, "")
				res.Header.Set("Retry-After", tt.value)
				return res, nil
			})
			var e *rest.Error
			if err := do(t.Context(), c, get()); !errors.As(err, &e) || e.RetryAfter != tt.want {
				t.Errorf("%.40q: got %v, want %v", tt.value, e.RetryAfter, tt.want)
			}
		}
	}
}

// TestBlackHole: row 48. The deadline is the caller's.
func TestBlackHole(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	c, s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-gone:
		}
	})
	t.Cleanup(func() { close(gone); s.CloseClientConnections() })
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	err := do(ctx, c, get())
	if kindOf(err) != "unavailable" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if want := "read: the provider does not answer: no answer in time"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// TestDrip: row 62 for the provider. An answer that never ends is cut by the deadline too.
func TestDrip(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"a`)
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	})
	if err := do(ctx, c, get()); kindOf(err) != "unavailable" || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func zipped(t *testing.T, body []byte) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAnswers: row 52. A 2xx that cannot be used is a failure, of a change too.
func TestAnswers(t *testing.T) {
	t.Parallel()
	bomb := zipped(t, make([]byte, 20<<20))
	for _, tt := range []struct {
		name         string
		status       int
		header, body string
		get, post    string // why not; "": taken
	}{
		{"JSON", 200, isJSON, `{"a":1}`, "", ""},
		{"JSON by another name", 200, "Content-Type: application/vnd.x+json; charset=UTF-8", `{"a":1}`, "", ""},
		{"JSON that does not say so", 200, "Content-Type:", `{"a":1}`, "", ""},
		{"white space around", 201, isJSON, " \r\n\t{\"a\":1}\n", "", ""},
		{"identity", 200, isJSON + "\nContent-Encoding: identity", `{"a":1}`, "", ""},
		{"no content", 204, "", "", "it is empty", ""},
		{"accepted", 202, "", "", "it is empty", ""},
		{"blanks", 200, "Content-Type: text/plain", " \n", "it is empty", ""},
		{"HTML", 200, "Content-Type: text/html", "<html>", "not of type application/json", "not of type application/json"},
		{"HTML that calls itself JSON", 200, isJSON, "<html>", "not JSON, at byte 0", "not JSON, at byte 0"},
		{"a type that is none", 200, "Content-Type: ;;", `{}`, "not of type application/json", "not of type application/json"},
		{"Latin-1", 200, "Content-Type: application/json; charset=iso-8859-1", `{}`, "not in UTF-8", "not in UTF-8"},
		{"half JSON", 200, isJSON, `{"a":`, "ends in the middle", "ends in the middle"},
		{"a list", 200, isJSON, `[1]`, "not a JSON object", ""},
		{"gzip", 200, isJSON + "\nContent-Encoding: gzip", zipped(t, []byte(`{}`)), "it is compressed", "it is compressed"},
		{"gzip of nothing", 204, "Content-Encoding: gzip", "", "it is empty", ""},
		{"a gzip bomb", 200, isJSON + "\nContent-Encoding: gzip", bomb, "it is compressed", "it is compressed"},
		{"too large", 200, isJSON, `{"a":"` + strings.Repeat("x", 5<<20) + `"}`, "more than 5242880 bytes", "more than 5242880 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _ := serve(t, answer(tt.status, tt.header, tt.body))
			for _, call := range []rest.Call{get(), post()} {
				want := tt.post
				if call.Method == http.MethodGet {
					want = tt.get
				}
				a, err := c.Do(t.Context(), call)
				switch {
				case want == "" && (err != nil || string(a.Body) != tt.body || a.Status != tt.status):
					t.Errorf("%s: got %v", call.Method, err)
				case want != "" && (kindOf(err) != "answer" || !strings.Contains(err.Error(), want)):
					t.Errorf("%s: got %v, want %s", call.Method, err, want)
				}
			}
		})
	}
}

// endless is a body that never ends; it counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += len(p)
	return len(p), nil
}

func (e *endless) Close() error { return nil }

// TestBoundedReading: row 52's 200 MB. 5 MiB are read and no more, of what says its length nothing, of a refusal 64 KiB.
func TestBoundedReading(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		length int64
		most   int
	}{
		{"without length", 200, -1, 5<<20 + 8<<10},
		{"with length", 200, 200 << 20, 8 << 10},
		{"refusal", 500, -1, 64<<10 + 8<<10},
		{"refusal with length", 500, 200 << 20, 8 << 10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body := &endless{}
			c := overWay(t, func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: tt.status, Header: http.Header{}, Body: body, ContentLength: tt.length}, nil
			})
			if err := do(t.Context(), c, get()); err == nil {
				t.Error("got no error")
			}
			if body.read > tt.most {
				t.Errorf("%d bytes were read, at most %d are right", body.read, tt.most)
			}
		})
	}
}

// TestRedirects: row 54. Nothing goes to the other host, no credentials and no request.
func TestRedirects(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the other host got %s %s with %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		c, _ := serve(t, answer(status, "Location: "+other.URL+"/x\n"+isJSON, `{}`))
		for _, call := range []rest.Call{get(), post()} {
			if err := do(t.Context(), c, call); kindOf(err) != "answer" {
				t.Errorf("%d: got %v", status, err)
			}
		}
	}
}
