package callbacks

import (
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing/digest"
	"github.com/kvitto/kvitto/rules"
)

// ruleCartDigest is the rule that the log and metrics name.
const ruleCartDigest = "cart_digest"

// checkDigest compares the order with what was quoted. An order without a digest passes, unless the merchant asks for one.
// The reason says what changed without text of the order; the buyer is told the text `changed`.
func (x *exchange) checkDigest(o *order.Order) rules.Decision {
	q := &x.tenant.Quoting
	state, told := q.Keys.Check(o.MerchantData, o.PurchaseCurrency, o.Lines, q.Kept...)
	switch state {
	case digest.Same:
		return rules.Decision{}
	case digest.Absent:
		if !q.Require {
			return rules.Decision{}
		}
		told = "the order has no cart digest, and quote.require asks for one"
	}
	return rules.Decision{
		Verdict: rules.Rejected,
		Reject:  rules.Reject{Kind: rules.ApprovalFailed, TextKey: rules.TextChanged},
		Reasons: []rules.Reason{{Rule: ruleCartDigest, Detail: told, Revision: x.revision}},
	}
}
