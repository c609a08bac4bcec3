package scenario

import (
	"maps"

	"github.com/kvitto/kvitto/internal/fakeprovider"
	"github.com/kvitto/kvitto/internal/fakesink"
	"github.com/kvitto/kvitto/rules/diag"
)

func faultKeys() []string {
	return []string{"mode", "percent", "status", "delay", "times", "location", "size", "copies"}
}

// faults reads off, or what goes wrong by kind of call.
func (p *parser) goWrong(n *diag.Node) action {
	if n.Kind == diag.Scalar {
		p.word(n, "faults", "off")
		return goWrong{}
	}
	if !diag.WantMap(n, "faults", p.r) {
		return nil
	}
	set := goWrong{}
	for i, k := range n.Keys {
		maps.Copy(set, goWrong{fakeprovider.Kind(k.Text): p.faultList(k, n.Values[i])})
	}
	return set
}

func (p *parser) faultList(k, n *diag.Node) []fakeprovider.Fault {
	items := []*diag.Node{n}
	if n.Kind == diag.List {
		items = n.Items
	}
	var list []fakeprovider.Fault
	for _, item := range items {
		f, ok := p.fault(item)
		if !ok {
			continue
		}
		if err := p.checkFault(fakeprovider.Kind(k.Text), f); err != nil {
			p.r.Errorf(codeFault, item.Place, "%v", err)
			continue
		}
		list = append(list, f)
	}
	return list
}

// checkFault tells what is wrong with a fault, and notes that the sink has to be played.
func (p *parser) checkFault(k fakeprovider.Kind, f fakeprovider.Fault) error {
	if k != sinkCalls {
		return fakeprovider.CheckFault(k, f)
	}
	p.plays.Sink = true
	return fakesink.CheckFault(f)
}

// fault reads the word of a mode, or a map.
func (p *parser) fault(n *diag.Node) (fakeprovider.Fault, bool) {
	if n.Kind == diag.Scalar && !n.Null {
		return fakeprovider.Fault{Mode: fakeprovider.Mode(n.Text)}, true
	}
	if !diag.Fields(n, "a fault", faultKeys(), p.r) {
		return fakeprovider.Fault{}, false
	}
	var f fakeprovider.Fault
	if v := diag.Need(n, "a fault", "mode", p.r); v != nil && diag.WantText(v, "mode", p.r) {
		f.Mode = fakeprovider.Mode(v.Text)
	}
	for key, to := range map[string]*int{"percent": &f.Percent, "status": &f.Status, "times": &f.Times, "copies": &f.Copies} {
		if v := n.Get(key); v != nil {
			*to = p.number(v, key, 1000)
		}
	}
	if v := n.Get("size"); v != nil {
		f.Size = int64(p.number(v, "size", 1<<30))
	}
	if v := n.Get("delay"); v != nil {
		f.DelayMS = p.length(v, "delay").Milliseconds()
	}
	if v := n.Get("location"); v != nil && diag.WantText(v, "location", p.r) {
		f.Location = v.Text
	}
	return f, true
}
