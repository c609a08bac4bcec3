package rulestest

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kvitto/kvitto/order"
	"github.com/kvitto/kvitto/pricing"
	"github.com/kvitto/kvitto/rules"
	"github.com/kvitto/kvitto/rules/table"
)

// advice is the line that ends every explanation.
const advice = "Rates are those of the tables; this is no tax advice."

// Text writes the explanation for a person.
func (x *Explanation) Text(w io.Writer) error {
	var s strings.Builder
	if x.Asked {
		x.head(&s)
	}
	x.optionsText(&s)
	x.foot(&s)
	_, err := io.WriteString(w, s.String())
	return err
}

// head writes what was asked.
func (x *Explanation) head(s *strings.Builder) {
	to := x.Address
	if to == "" {
		to = "none"
	}
	zones := strings.Join(x.Zones, ", ")
	if zones == "" {
		zones = "none"
	}
	fmt.Fprintf(s, "Address  %s   zones: %s\n", to, zones)
	parts := []string{count(int(x.Cart.Pieces), "piece")}
	if x.Cart.Grams > 0 {
		parts = append(parts, table.Weight(x.Cart.Grams*microgramsPerGram).String())
	}
	value := "value " + moneyText(x.Cart.Goods+x.Cart.Off, x.currency())
	if x.Cart.Off != 0 {
		value += fmt.Sprintf(" (%s less discounts of %s)", bareMoney(x.Cart.Goods, x.currency()), bareMoney(-x.Cart.Off, x.currency()))
	}
	fmt.Fprintf(s, "Cart     %s\n", strings.Join(append(parts, value), ", "))
	fmt.Fprintf(s, "Time     %s\n", x.Now.Format("Mon 2006-01-02 15:04 -07:00"))
	for _, n := range x.Notes {
		s.WriteString("Note     " + n.Text + at(n) + "\n")
	}
	s.WriteString("\n")
}

// at writes where a step stands, behind three spaces.
func at(st rules.Step) string {
	if p := placeText(st); p != "" {
		return "   " + p
	}
	return ""
}

// optionsText writes all options, offered ones with their money step by step.
func (x *Explanation) optionsText(s *strings.Builder) {
	width, money, text := 0, 0, 0
	for i := range x.Options {
		o := &x.Options[i]
		width = max(width, utf8.RuneCountInString(o.ID))
		for _, st := range o.Steps {
			text = max(text, utf8.RuneCountInString(st.Text))
		}
		if o.Offered {
			money = max(money, utf8.RuneCountInString(moneyText(o.Price, x.currency())))
		}
	}
	for i := range x.Options {
		if x.Options[i].Offered {
			x.offered(s, &x.Options[i], width, money, text)
		}
	}
	for i := range x.Options {
		if !x.Options[i].Offered {
			x.leftOut(s, &x.Options[i], width, text)
		}
	}
}

func (x *Explanation) offered(s *strings.Builder, o *ExplainedOption, width, money, text int) {
	marks := ""
	if o.Preselected {
		marks = "   preselected"
	}
	fmt.Fprintf(s, "✓ %s   %*s   tax %s (%s)%s\n", padded(o.ID, width), money, moneyText(o.Price, x.currency()),
		bareMoney(o.Tax, x.currency()), rateText(o.Rate), marks)
	first := true
	for i := range o.Steps {
		st := &o.Steps[i]
		fmt.Fprintf(s, "  %9s  %s%s\n", stepAmount(st, first), paddedAt(st, text), placeText(*st))
		first = first && !st.HasAmount
	}
	for _, p := range o.Parts {
		if p.Rate == 0 && len(o.Parts) == 1 {
			break // the first line says so
		}
		fmt.Fprintf(s, "  %9s  %s\n", bareMoney(p.Gross, x.currency()), x.partText(p))
	}
}

func (x *Explanation) partText(p pricing.Part) string {
	return fmt.Sprintf("of which VAT %s = %s", rateText(p.Rate), bareMoney(p.Tax, x.currency()))
}

func (x *Explanation) leftOut(s *strings.Builder, o *ExplainedOption, width, text int) {
	if len(o.Steps) == 0 {
		fmt.Fprintf(s, "✗ %s\n", o.ID)
		return
	}
	last := &o.Steps[len(o.Steps)-1]
	fmt.Fprintf(s, "✗ %s   %s%s\n", padded(o.ID, width), paddedAt(last, text), placeText(*last))
}

// padded fills up with spaces.
func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0))
}

// paddedAt is the text of a step, filled up where a place follows.
func paddedAt(st *rules.Step, width int) string {
	if st.File == "" {
		return st.Text
	}
	return padded(st.Text, width+3)
}

// foot writes what the answer is: sums or a refusal.
func (x *Explanation) foot(s *strings.Builder) {
	if len(x.Options) > 0 {
		s.WriteString("\n")
	}
	for _, g := range x.Goods {
		s.WriteString("Tax      " + g.Text + at(g) + "\n")
	}
	if r := x.Refusal; r != nil {
		r.text(s)
	}
	if sums := x.Sums; sums != nil {
		how := "nothing to ship"
		switch {
		case x.Paid != "":
			how = x.Paid
		case len(x.Options) > 0:
			how = "none is chosen"
		}
		s.WriteString("Order    " + sums.text(how, x.currency()) + "\n")
	}
	x.checksText(s)
	if len(x.Changes) > 0 {
		s.WriteString("\n")
		x.changesText(s)
	}
	for _, f := range x.Faults {
		s.WriteString("Fault    " + f + "\n")
	}
	s.WriteString(advice + "\n")
}

func (r *ExplainedRefusal) text(s *strings.Builder) {
	if r.Location != "" {
		s.WriteString("Answer   redirect to " + r.Location + "\n")
	} else {
		text := ""
		if r.Text != "" {
			text = ": " + r.Text
		}
		s.WriteString("Answer   " + r.Error + text + "\n")
	}
	for _, st := range r.Reasons {
		s.WriteString("         " + st.Text + at(st) + "\n")
	}
}

type jsonExplanation struct {
	Revision string       `json:"revision"`
	Now      string       `json:"now"` // RFC 3339
	Address  string       `json:"address"`
	Zones    []string     `json:"zones"`
	Currency string       `json:"currency"`
	Cart     jsonCart     `json:"cart"`
	Notes    []jsonStep   `json:"notes,omitempty"`
	GoodsTax []jsonStep   `json:"goods_tax,omitempty"`
	Options  []jsonOption `json:"options"`
	Refusal  *jsonRefusal `json:"refusal,omitempty"`
	Paid     string       `json:"paid,omitempty"`
	Sums     *jsonSums    `json:"sums,omitempty"`
	Checks   []jsonCheck  `json:"checks,omitempty"`
	Stop     *jsonStop    `json:"stop,omitempty"`
	Changes  []jsonChange `json:"changes,omitempty"`
	Faults   []string     `json:"faults,omitempty"`
}

type jsonCart struct {
	Pieces    int64        `json:"pieces"`
	Grams     int64        `json:"grams"`
	Goods     order.Amount `json:"goods"`
	Discounts order.Amount `json:"discounts"`
}

type jsonOption struct {
	ID          string        `json:"id"`
	Offered     bool          `json:"offered"`
	Name        string        `json:"name,omitempty"`
	Price       *order.Amount `json:"price,omitempty"`
	TaxAmount   *order.Amount `json:"tax_amount,omitempty"`
	TaxRate     *order.Rate   `json:"tax_rate,omitempty"`
	Preselected bool          `json:"preselected,omitempty"`
	Steps       []jsonStep    `json:"steps,omitempty"`
	Parts       []jsonPart    `json:"parts,omitempty"`
}

type jsonPart struct {
	Rate  order.Rate   `json:"tax_rate"`
	Gross order.Amount `json:"gross"`
	Tax   order.Amount `json:"tax"`
}

type jsonRefusal struct {
	Error    string     `json:"error_type,omitempty"`
	Text     string     `json:"error_text,omitempty"`
	Location string     `json:"location,omitempty"`
	Reasons  []jsonStep `json:"reasons,omitempty"`
}

type jsonSums struct {
	Goods    order.Amount `json:"goods"`
	Freight  order.Amount `json:"freight"`
	Fees     order.Amount `json:"fees,omitempty"`
	SalesTax order.Amount `json:"sales_tax,omitempty"`
	Amount   order.Amount `json:"order_amount"`
	Tax      order.Amount `json:"order_tax_amount"`
}

// JSON writes the explanation for a machine. Member names are permanent; amounts are minor units.
func (x *Explanation) JSON(w io.Writer) error {
	out := jsonExplanation{Revision: x.Revision, Now: x.Now.Format(time.RFC3339), Address: x.Address, Zones: x.Zones, Currency: x.Currency,
		Cart: jsonCart{x.Cart.Pieces, x.Cart.Grams, x.Cart.Goods, x.Cart.Off}, Notes: jsonSteps(x.Notes), GoodsTax: jsonSteps(x.Goods), Options: []jsonOption{}, Paid: x.Paid, Faults: x.Faults}
	if out.Zones == nil {
		out.Zones = []string{}
	}
	for i := range x.Options {
		out.Options = append(out.Options, x.Options[i].json())
	}
	if r := x.Refusal; r != nil {
		out.Refusal = &jsonRefusal{r.Error, r.Text, r.Location, jsonSteps(r.Reasons)}
	}
	out.Checks, out.Stop = x.checksJSON()
	out.Changes = x.changesJSON()
	if x.Sums != nil {
		sums := jsonSums(*x.Sums)
		out.Sums = &sums
	}
	return writeJSON(w, out)
}

func (o *ExplainedOption) json() jsonOption {
	j := jsonOption{ID: o.ID, Offered: o.Offered, Name: o.Name, Preselected: o.Preselected, Steps: jsonSteps(o.Steps)}
	if o.Offered {
		j.Price, j.TaxAmount, j.TaxRate = &o.Price, &o.Tax, &o.Rate
	}
	for _, p := range o.Parts {
		j.Parts = append(j.Parts, jsonPart(p))
	}
	return j
}
