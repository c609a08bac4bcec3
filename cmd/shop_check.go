package cmd

import (
	"github.com/kvitto/kvitto/configs"
	"github.com/kvitto/kvitto/internal/egress"
	"github.com/kvitto/kvitto/internal/shopcheck"
	"github.com/kvitto/kvitto/rules"
)

// guard says where this service may connect to.
func (s *source) guard(cfg *configs.Config) egress.Guard {
	return egress.Guard{Allow: cfg.Egress, Loopback: s.demo != nil}
}

// shopCheck is the member that asks the shop's own server; ok is false where none is configured.
func shopCheck(m *configs.Merchant, g egress.Guard) (member rules.Member, ok bool, err error) {
	c := m.ShopCheck
	if c == nil {
		return rules.Member{}, false, nil
	}
	check, err := shopcheck.New(shopcheck.Options{URL: c.URL, Secret: c.Secret.Reveal(), Pages: append([]string{m.DenyURL}, c.Pages...), Guard: g})
	if err != nil {
		return rules.Member{}, false, err
	}
	policy := rules.FaultDeny
	if c.ApproveOn {
		policy = rules.FaultSkip
	}
	return rules.Member{Name: shopcheck.Name, Impl: check, Deadline: c.Deadline, OnFault: policy}, true, nil
}
