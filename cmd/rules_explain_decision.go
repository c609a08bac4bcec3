package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/kvitto/kvitto/internal/authoring"
	"github.com/kvitto/kvitto/internal/decisions"
	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/rulestest"
)

// decided says which decisions of a running service are explained.
type decided struct {
	adminFlags
	id, orderID string // one of them is given where this is wanted
	all         bool   // of an order: all that are kept, not only the last
}

func (d *decided) wanted() bool { return d.id != "" || d.orderID != "" }

// explainDecisions explains decisions of a running service with the rulebook of dir, "" for the folder that the service serves.
func (p *Program) explainDecisions(ctx context.Context, registry *rules.Registry, dir string, q *explainQuestion, d *decided) error {
	client, err := p.adminClient(d.adminFlags)
	if err != nil {
		return err
	}
	list, earlier, err := client.decided(ctx, d)
	if err != nil {
		return err
	}
	var faults []error
	var docs []explainedDecision
	for i := range list {
		doc, err := p.explainDecision(ctx, registry, client, dir, *q, &list[i], i > 0)
		if err != nil && !errors.Is(err, errFindings) {
			return err
		}
		faults = append(faults, err)
		if doc != nil {
			docs = append(docs, *doc)
		}
	}
	switch {
	case q.format == "json":
		faults = append(faults, p.writeJSON(map[string]any{"decisions": docs, "earlier": earlier}))
	case earlier > 0:
		_, err := fmt.Fprintf(p.Stdout, "\nEarlier decisions about this order: %d. --all explains them too.\n", earlier)
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// decided fetches what is to be explained, the youngest first, and how many earlier ones are left out.
func (a *adminClient) decided(ctx context.Context, d *decided) (list []decisions.Decision, earlier int, err error) {
	ids := []string{d.id}
	if d.id == "" {
		var page decisionsPage
		if err := a.get(ctx, "/api/decisions", url.Values{"order_id": {d.orderID}}, &page); err != nil {
			return nil, 0, err
		}
		ids = ids[:0]
		for i := range page.Decisions {
			ids = append(ids, page.Decisions[i].ID)
		}
		if len(ids) == 0 {
			return nil, 0, fmt.Errorf("no decision about order %s is kept: it is too old, of another process, or never was", d.orderID)
		}
		if !d.all {
			ids, earlier = ids[:1], len(ids)-1
		}
	}
	for _, id := range ids {
		var one decisions.Decision
		if err := a.get(ctx, "/api/decisions/"+url.PathEscape(id), nil, &one); err != nil {
			return nil, 0, err
		}
		list = append(list, one)
	}
	return list, earlier, nil
}

// explainedDecision is a decision and its explanation, for a machine.
type explainedDecision struct {
	Decision    decisions.Decision `json:"decision"`
	Revision    string             `json:"explained_with"`
	Same        bool               `json:"same_rules"`
	Differs     string             `json:"answer_differs,omitempty"`
	Explanation json.RawMessage    `json:"explanation"`
}

// explainDecision tells what was decided, and explains the question as the rulebook answers it.
func (p *Program) explainDecision(ctx context.Context, registry *rules.Registry, client *adminClient, dir string, q explainQuestion, d *decisions.Decision, behind bool) (*explainedDecision, error) {
	if dir == "" {
		at, err := client.servedFolder(ctx, d.Merchant)
		if err != nil {
			return nil, err
		}
		if dir = at.Rules; q.files.products == "" {
			q.files.products = at.Products
		}
	}
	q.asked.Order, q.asked.Group, q.asked.Coupons, q.at = d.Question, d.Facts.Group, d.Facts.Coupons, d.At
	x, err := p.explained(ctx, registry, dir, &q)
	if x == nil {
		return nil, err
	}
	doc := &explainedDecision{Decision: *d, Revision: x.Revision, Same: x.Revision == d.Revision, Differs: differsFrom(d, x)}
	if q.format == "json" {
		var raw bytes.Buffer
		if err := x.JSON(&raw); err != nil {
			return nil, err
		}
		doc.Explanation = raw.Bytes()
	} else {
		if behind {
			if _, err := fmt.Fprintln(p.Stdout); err != nil {
				return nil, err
			}
		}
		if _, err := fmt.Fprint(p.Stdout, doc.head()); err != nil {
			return nil, err
		}
		if err := x.Text(p.Stdout); err != nil {
			return nil, err
		}
	}
	if len(x.Faults) > 0 {
		return doc, errFindings
	}
	return doc, nil
}

// servedFolder asks where the tables of a merchant are.
func (a *adminClient) servedFolder(ctx context.Context, merchant string) (servedFolder, error) {
	var page struct {
		Merchants []servedRules `json:"merchants"`
	}
	if err := a.get(ctx, "/api/rules", nil, &page); err != nil {
		return servedFolder{}, err
	}
	for i := range page.Merchants {
		if m := &page.Merchants[i]; m.ID == merchant && m.Rules != "" {
			return m.servedFolder, nil
		}
	}
	return servedFolder{}, fmt.Errorf("the service does not say where the tables of merchant %s are: name their folder", merchant)
}

// keptAnswer is what is kept of an answer.
type keptAnswer struct {
	Options []order.ShippingOption `json:"options"`
	Paid    string                 `json:"paid"`
	Money   string                 `json:"currency"`
	Amount  order.Amount           `json:"order_amount"`
	Error   string                 `json:"error_type"`
	Text    string                 `json:"error_text"`
	To      string                 `json:"location"`
}

func keptAnswerOf(d *decisions.Decision) (a keptAnswer) {
	_ = json.Unmarshal(d.Answer, &a) // what is no answer of a cart or a rejection has nothing to show
	return a
}

// head is what was decided, and by which rules.
func (x *explainedDecision) head() string {
	d := &x.Decision
	var s strings.Builder
	fmt.Fprintf(&s, "Decision %s: %s, %s", d.ID, d.Callback, d.Kind)
	if d.Class != "" {
		fmt.Fprintf(&s, " (%s)", d.Class)
	}
	fmt.Fprintf(&s, ", %s, in %s\n", d.At.UTC().Format("2006-01-02 15:04:05 MST"), time.Duration(d.DurationUS)*time.Microsecond)
	fmt.Fprintf(&s, "Order    %s, merchant %s\n", known(d.OrderID), d.Merchant)
	if text := answered(d); text != "" {
		fmt.Fprintf(&s, "Then     %s\n", text)
	}
	if d.Rule != "" {
		fmt.Fprintf(&s, "Because  %s%s\n", d.Rule, decidedAt(d))
	}
	switch {
	case d.Revision == "":
		fmt.Fprintf(&s, "Rules    they were not asked; below is what revision %s answers\n", x.Revision)
	case x.Same:
		fmt.Fprintf(&s, "Rules    revision %s, the same as below\n", d.Revision)
	default:
		fmt.Fprintf(&s, "Rules    revision %s decided; the tables have changed: what is below is how revision %s answers\n", d.Revision, x.Revision)
	}
	if x.Differs != "" {
		fmt.Fprintf(&s, "Differs  %s\n", x.Differs)
	}
	s.WriteString("Note     who the buyer is was not kept, and plug-ins are not asked: checks of names, phone, e-mail and age may come out otherwise\n\n")
	return s.String()
}

func known(text string) string {
	if text == "" {
		return "not known"
	}
	return text
}

func decidedAt(d *decisions.Decision) string {
	switch {
	case d.File == "":
		return ""
	case d.Line == 0:
		return "   " + d.File
	default:
		return fmt.Sprintf("   %s:%d", d.File, d.Line)
	}
}

// answered says what went back.
func answered(d *decisions.Decision) string {
	a := keptAnswerOf(d)
	switch {
	case a.To != "":
		return "redirect to " + a.To
	case a.Error != "":
		return a.Error + ": " + a.Text
	case a.Money == "":
		return ""
	}
	parts := make([]string, len(a.Options))
	for i := range a.Options {
		parts[i] = a.Options[i].ID + " " + authoring.Major(a.Options[i].Price, a.Money)
	}
	text := "nothing to ship"
	if len(parts) > 0 {
		text = strings.Join(parts, ", ") + " " + a.Money
	}
	if a.Paid != "" {
		text += "; " + a.Paid + " in the order"
	}
	return text + ", " + authoring.Money(a.Amount, a.Money) + " in all"
}

// differsFrom says how an explanation differs from what went back; "" where it does not, or where that cannot be said.
func differsFrom(d *decisions.Decision, x *rulestest.Explanation) string {
	a := keptAnswerOf(d)
	if a.Money == "" {
		return ""
	}
	then, now := map[string]order.Amount{}, map[string]order.Amount{}
	var ids, parts []string
	for i := range a.Options {
		then[a.Options[i].ID] = a.Options[i].Price
		ids = append(ids, a.Options[i].ID)
	}
	for i := range x.Options {
		if o := &x.Options[i]; o.Offered {
			now[o.ID] = o.Price
			if _, both := then[o.ID]; !both {
				ids = append(ids, o.ID)
			}
		}
	}
	for _, id := range ids {
		was, before := then[id]
		is, after := now[id]
		switch {
		case before && !after:
			parts = append(parts, id+" is no longer offered")
		case !before:
			parts = append(parts, id+" was not offered")
		case was != is:
			parts = append(parts, fmt.Sprintf("%s costs %s and not %s", id, authoring.Major(is, a.Money), authoring.Major(was, a.Money)))
		}
	}
	return strings.Join(parts, ", ")
}
