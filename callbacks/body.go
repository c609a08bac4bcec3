package callbacks

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
)

const (
	// bodyBuffer is what a body is first read into; most orders fit. It is used again.
	bodyBuffer = 16 << 10
	// noticeBody is the most bytes of a push or notification.
	noticeBody = 16 << 10
	// keptAnswer is the largest buffer of an answer that is used again.
	keptAnswer = 64 << 10
)

// checkHeaders takes JSON in UTF-8 that is not compressed; a missing Content-Type counts as JSON.
func checkHeaders(h http.Header) error {
	for _, given := range h["Content-Encoding"] {
		if !strings.EqualFold(given, "identity") {
			return refuse(classContentEncoding)
		}
	}
	switch given := h["Content-Type"]; len(given) {
	case 0:
		return nil
	case 1:
		return checkContentType(given[0])
	default:
		return refuse(classContentType)
	}
}

func checkContentType(given string) error {
	if given == "application/json" {
		return nil
	}
	media, params, err := mime.ParseMediaType(given)
	if err != nil || media != "application/json" {
		return refuse(classContentType)
	}
	if set, ok := params["charset"]; ok && !strings.EqualFold(set, "utf-8") && !strings.EqualFold(set, "utf8") {
		return refuse(classCharset)
	}
	return nil
}

// readBody reads the whole body of at most limit bytes into x.body. Memory is taken as bytes come, so that a length
// that is only announced costs nothing.
func (x *exchange) readBody(limit int64) error {
	if x.r.ContentLength > limit {
		return refuse(classTooLarge)
	}
	for {
		if len(x.body) == cap(x.body) {
			if err := x.growBody(limit); err != nil {
				return err
			}
		}
		n, err := x.r.Body.Read(x.body[len(x.body):cap(x.body)])
		x.body = x.body[:len(x.body)+n]
		switch {
		case int64(len(x.body)) > limit:
			return refuse(classTooLarge)
		case err == io.EOF:
			return nil
		case err != nil:
			return refuse(readClass(err))
		}
	}
}

// growBody doubles the buffer, up to what shows that the body is one byte over the limit.
func (x *exchange) growBody(limit int64) error {
	size := min(max(2*int64(cap(x.body)), bodyBuffer), limit+1)
	more := size - x.held
	if more > 0 {
		if !x.s.limits.grow(&x.tenant.carried.usage, x.rank, more) {
			return refuse(classMemory)
		}
		x.held += more
	}
	grown := make([]byte, len(x.body), size)
	copy(grown, x.body)
	x.body = grown
	return nil
}

// dropBody reads and drops the body of a push.
func (x *exchange) dropBody() error {
	if x.r.ContentLength > noticeBody {
		return refuse(classTooLarge)
	}
	n, err := io.Copy(io.Discard, io.LimitReader(x.r.Body, noticeBody+1))
	switch {
	case err != nil:
		return refuse(readClass(err))
	case n > noticeBody:
		return refuse(classTooLarge)
	default:
		return nil
	}
}

func readClass(err error) class {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return classSlowBody
	}
	return classBrokenBody
}
