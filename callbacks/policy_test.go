package callbacks_test

import (
	"time"

	"github.com/kvitto/kvitto/callbacks"
)

func shortDeadlines(m *callbacks.Merchant) {
	m.UpdateDeadline, m.ValidationDeadline = 100*time.Millisecond, 100*time.Millisecond
}

func approve(m *callbacks.Merchant) { m.ApproveOnDeadline = true }
