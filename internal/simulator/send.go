package simulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/simulator/judge"
)

// maxAnswer is the most that is read of an answer.
const maxAnswer = 8 << 20

// send fires a callback and returns what is known of it; the verdict is still missing.
func (x *Session) send(ctx context.Context, c Callback, template string, body []byte, deadline time.Duration) (*Exchange, *judge.Reply) {
	s := x.sim
	e := &Exchange{Order: x.id, Callback: c, At: s.o.Now(), URL: strings.ReplaceAll(template, "{checkout.order.id}", x.id), Request: body, Deadline: deadline}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	r, err := s.post(ctx, e.URL, body)
	e.Took = s.o.Now().Sub(e.At)
	if err != nil {
		e.Trouble = withoutURL(err)
		if errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			r.Failure, e.Trouble = judge.Late, "no whole answer within "+deadline.String()
		}
	}
	e.Status, e.Answer = r.Status, r.Body
	return e, r
}

// withoutURL says an error without the URL, which holds the merchant's token.
func withoutURL(err error) string {
	var about *url.Error
	if errors.As(err, &about) {
		return about.Err.Error()
	}
	return err.Error()
}

// post sends a body and reads the answer. The reply is never nil.
func (s *Simulator) post(ctx context.Context, target string, body []byte) (*judge.Reply, error) {
	r := &judge.Reply{Failure: judge.Unreachable}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return r, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "kvitto-simulator")
	res, err := s.client.Do(req)
	if err != nil {
		return r, err
	}
	r.Failure, r.Status, r.Location = "", res.StatusCode, res.Header.Get("Location")
	r.Body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		r.Failure = judge.CutOff
	} else if len(r.Body) > maxAnswer {
		r.Failure, err = judge.TooLong, errors.New("the answer is longer than what is read")
	}
	return r, errors.Join(err, res.Body.Close())
}
