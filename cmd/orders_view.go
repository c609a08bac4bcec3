package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/kvitto/kvitto/order/confirm"
)

// showChanged shows what was changed, which may be nothing, with what came of each, and the error that ended it.
func (p *Program) showChanged(format string, list []orderView, ended error) error {
	if format == "json" {
		page := ordersPage{Orders: append([]orderView{}, list...)}
		if ended != nil {
			page.Error, ended = toldOf(ended), toldInJSON{ended}
		}
		return errors.Join(p.printValue(page), ended)
	}
	var left []orderView
	for i := range list {
		if _, err := fmt.Fprintf(p.Stdout, "%s: %s\n", list[i].OrderID, list[i].Outcome); err != nil {
			return err
		}
		if !list[i].forgotten {
			left = append(left, list[i])
		}
	}
	if len(left) > 0 {
		return errors.Join(p.showOrders(format, left, false), ended)
	}
	return ended
}

func (p *Program) showOrders(format string, list []orderView, more bool) error {
	if format == "json" {
		if list == nil {
			list = []orderView{}
		}
		return p.printValue(ordersPage{Orders: list, More: more})
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "no orders")
		return err
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.SetOutputMirror(p.Stdout)
	t.AppendHeader(table.Row{"merchant", "order", "state", "since", "shown", "failed", "why", "due", "left to do"})
	for i := range list {
		v := &list[i]
		t.AppendRow(table.Row{v.Merchant, v.OrderID, v.State, clock(&v.Seen), yesNo(v.Known), v.Attempts, v.Reason, clock(v.Due), words(v.Open)})
	}
	t.Render()
	if more {
		_, err := fmt.Fprintln(p.Stdout, "there are more: --limit, --state, --why or --merchant show others")
		return err
	}
	return nil
}

// widestValue is how wide show gets, in characters: a hash fits.
const widestValue = 66

func (p *Program) showOrder(format string, v orderView) error {
	if format == "json" {
		return p.printValue(v)
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options.SeparateRows = false
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 2, WidthMax: widestValue, WidthMaxEnforcer: text.WrapSoft}})
	t.SetOutputMirror(p.Stdout)
	for _, row := range []struct {
		key   string
		value any
	}{
		{"order", v.OrderID}, {"merchant", v.Merchant}, {"state", v.State}, {"done", yesNo(v.Done)}, {"before it was parked", v.Prev},
		{"why", v.Reason}, {"the provider said", v.Fault}, {"first seen", clock(&v.Seen)}, {"age counts from", clock(v.First)},
		{"failed attempts", v.Attempts}, {"released by hand", times(v.Releases)}, {"due", clock(v.Due)},
		{"worked on until", clock(v.LeaseUntil)}, {"the provider showed it", yesNo(v.Known)}, {"acknowledged", clock(v.AckedAt)},
		{"body (SHA-256)", v.SHA}, {"body revision", v.Revision}, {"receipt", v.Receipt},
		{"merchant_reference1", v.Reference1}, {"merchant_reference2", v.Reference2}, {"left to do", words(v.Open)}, {"was done", words(v.Closed)},
		{"was refused", words(v.Refused)},
	} {
		if shown := fmt.Sprint(row.value); shown != "" && shown != "0" {
			t.AppendRow(table.Row{row.key, shown})
		}
	}
	t.Render()
	return nil
}

func times(n int64) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "once"
	default:
		return strconv.FormatInt(n, 10) + " times"
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func clock(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func words(list []confirm.Work) string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

// printValue writes a value as indented JSON.
func (p *Program) printValue(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return p.printJSON(raw)
}
