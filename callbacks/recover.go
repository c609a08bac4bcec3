package callbacks

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"
)

// maxFrames bounds the stack of a panic in the log.
const maxFrames = 24

// recover answers by the merchant's policy where something below panicked. The stack goes to the log as functions and
// lines; the value of the panic only where it comes from the runtime, because any other may hold text of an order.
func (x *exchange) recover() {
	p := recover()
	if p == nil {
		return
	}
	x.stack = frames()
	x.panic = fmt.Sprintf("%T", p)
	if e, ok := p.(runtime.Error); ok {
		x.panic = e.Error()
	}
	if x.status != 0 {
		return
	}
	x.outcome, x.class = outcomePanic, classPanic
	x.undecided()
}

func frames() []string {
	pcs := make([]uintptr, maxFrames)
	pcs = pcs[:runtime.Callers(3, pcs)]
	walk := runtime.CallersFrames(pcs)
	var out []string
	for {
		f, more := walk.Next()
		out = append(out, f.Function+":"+strconv.Itoa(f.Line))
		if !more {
			return out
		}
	}
}

// stackLines returns the functions of a stack as debug.Stack prints it, without their arguments.
func stackLines(stack []byte) []string {
	var out []string
	for line := range bytes.Lines(stack) {
		if len(out) == maxFrames {
			break
		}
		if at := bytes.LastIndexByte(line, '('); at > 0 && line[0] != '\t' {
			out = append(out, string(line[:at]))
		}
	}
	return out
}
