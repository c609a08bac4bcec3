package sink_test

import (
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kvitto/kvitto/rules"
)

// TestMain is also the process that the crash tests kill.
func TestMain(m *testing.M) {
	if os.Getenv(crashDir) != "" {
		os.Exit(crash())
	}
	goleak.VerifyTestMain(m)
}

const (
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	id     = "evt_JBSWY3DPEHPK3PXP0123456789"
	body   = `{"type":"order.confirmed","data":{"order_id":"0b1d2c3e-4f50-6172-8394-a5b6c7d8e9f0","order":{"x" : 1.0}}}`
)

func at() time.Time { return time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC) }

func event() *rules.Event {
	return &rules.Event{ID: id, Type: rules.OrderConfirmed, Merchant: "shop", OrderID: "0b1d2c3e-4f50-6172-8394-a5b6c7d8e9f0",
		Attempt: 1, At: at(), Body: []byte(body)}
}
