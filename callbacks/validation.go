package callbacks

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/gate"
	"github.com/kvitto/kvitto/rules"
)

// validation says whether the order may complete: sums first, so that no default can approve a wrong one, then the
// cart against what was quoted, then the rules, those in use and the earlier ones within their time of grace. It changes nothing and may be asked again.
func (s *Server) validation(x *exchange) error {
	o, err := x.decode(order.DecodeOrder)
	if err != nil {
		return err
	}
	if err := x.agree(o.OrderID); err != nil {
		return err
	}
	if v := gate.Order(o); len(v) > 0 {
		return refuseSums(v)
	}
	x.decidable = true
	x.revision = x.tenant.Rules.Engine().Revision()
	if d := x.checkDigest(o); d.Verdict != rules.Accept {
		return x.decided(d, nil)
	}
	return x.decided(x.judge(o))
}

// judge asks the engine.
func (x *exchange) judge(o *order.Order) (rules.Decision, error) {
	e, earlier := x.tenant.Rules.at(x.begun)
	x.revision = e.Revision()
	q := e.Query(x.callback, o, x.begun)
	x.language, x.query = q.Language, q
	if e.ReadsBody() {
		q.Body, x.lent = x.body, true
	}
	return e.Judge(x.ctx, q, earlier, x.tenant.Grace)
}
