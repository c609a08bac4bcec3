package callbacks

import (
	"bytes"
	"time"

	"github.com/rs/zerolog"

	"github.com/kvitto/kvitto/pricing/gate"
)

const (
	// stampLayout is UTC with milliseconds.
	stampLayout = "2006-01-02T15:04:05.000Z07:00"
	// maxLogged is how many broken rules of the gate a line tells.
	maxLogged = 3
)

// log writes the one line of a request. Every string in it is ours: from the configuration, the tables, or a list in
// this package; the order id is there only where it is well formed.
func (x *exchange) log(took time.Duration) {
	e := x.s.o.Log.WithLevel(x.level())
	if e == nil {
		return
	}
	var stamp [len(stampLayout)]byte
	e.Bytes("time", x.begun.UTC().AppendFormat(stamp[:0], stampLayout))
	e.Str("merchant", x.merchant()).Str("callback", callbackLabel(x.callback))
	e.Int("status", x.status).Str("outcome", string(x.outcome))
	optional(e, "class", string(x.class))
	optional(e, "pointer", x.pointer)
	optional(e, "problem", x.found)
	optional(e, "hint", x.class.hint())
	optional(e, "event", x.event)
	optional(e, "rule", x.rule)
	optional(e, "detail", x.detail)
	optional(e, "file", x.file)
	if x.line > 0 {
		e.Int("line", x.line)
	}
	optional(e, "fallback", x.fallback)
	optional(e, "flagged", string(x.flagged))
	optional(e, "order_id", x.orderID)
	optional(e, "decision", x.decision)
	optional(e, "revision", x.revision)
	e.Int64("duration_us", took.Microseconds()).Int("bytes_in", len(x.body)).Int("bytes_out", x.written)
	if x.lost {
		e.Bool("lost", true)
	}
	x.logTrouble(e)
	e.Send()
}

// logTrouble adds what only a line about a fault of ours or of the sender's sums has.
func (x *exchange) logTrouble(e *zerolog.Event) {
	if len(x.violations) > 0 {
		all := zerolog.Arr()
		for i := range x.violations[:min(len(x.violations), maxLogged)] {
			all.Dict(violation(&x.violations[i]))
		}
		e.Array("sums", all).Int("sums_broken", len(x.violations))
	}
	optional(e, "cause", x.cause)
	if x.panic != "" {
		e.Str("panic", x.panic).Strs("stack", x.stack)
	}
}

// violation holds numbers and words of the contract only, as the gate promises.
func violation(v *gate.Violation) *zerolog.Event {
	return zerolog.Dict().Str("pointer", v.Pointer).Str("sent", v.Sent).Str("allowed", v.Allowed).Str("rule", v.Rule)
}

func optional(e *zerolog.Event, key, value string) {
	if value != "" {
		e.Str(key, value)
	}
}

// level is error for what is our fault, warn for what somebody should look into.
func (x *exchange) level() zerolog.Level {
	if x.class == classUntaken {
		return zerolog.ErrorLevel
	}
	switch x.outcome {
	case outcomeGate, outcomeFault, outcomeDeadline, outcomePanic:
		return zerolog.ErrorLevel
	case outcomeRefused, outcomeShed, outcomeParked:
		return zerolog.WarnLevel
	}
	if x.flagged != "" || x.lost || x.class == classStoreDown {
		return zerolog.WarnLevel
	}
	return zerolog.InfoLevel
}

// serverLog takes what net/http has to say. Its lines may hold text of a client, so only their kind goes on.
type serverLog struct{ s *Server }

// Write implements io.Writer.
func (l *serverLog) Write(line []byte) (int, error) {
	kind := "other"
	switch {
	case bytes.HasPrefix(line, []byte("http: Accept error")):
		kind = "accept"
	case bytes.HasPrefix(line, []byte("http: panic serving")):
		kind = "panic"
	case bytes.HasPrefix(line, []byte("http: TLS handshake error")):
		kind = "tls"
	}
	l.s.metrics.wire.WithLabelValues(kind).Inc()
	e := l.s.o.Log.WithLevel(zerolog.WarnLevel)
	var stamp [len(stampLayout)]byte
	e.Bytes("time", l.s.o.Now().UTC().AppendFormat(stamp[:0], stampLayout))
	e.Str("server_error", kind)
	if kind == "accept" { // names our own address and what the system said, such as too many open files
		e.Bytes("error", bytes.TrimSpace(line))
	}
	e.Send()
	return len(line), nil
}
