package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/kvitto/kvitto/internal/torture/mutant"
)

// build compiles a program with the failpoints in it.
func build(ctx context.Context, dir, name, pkg string) (string, error) {
	binary := filepath.Join(dir, name)
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags", "failpoints", "-o", binary, pkg)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("build %s: %w", pkg, err)
	}
	return binary, nil
}

func newTable(first ...any) table.Writer {
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	w.SetOutputMirror(os.Stdout)
	w.AppendHeader(append(table.Row(first), "lost", "not acked", "ack before sink", "extra deliveries", "extra acks", "differing bodies", "deaths", "acked after", "result"))
	return w
}

func render(w table.Writer, s *settings) {
	if s.markdown {
		w.RenderMarkdown()
		return
	}
	w.Render()
}

func row(o *outcome, result string, first ...any) table.Row {
	v := o.verdict
	took := fmt.Sprintf("%v, worst %v", v.Median.Round(10*time.Millisecond), v.Worst.Round(10*time.Millisecond))
	return append(table.Row(first), len(v.Lost), len(v.Open), len(v.AckBeforeSink), v.ExtraDeliveries, v.ExtraAcks, len(v.Differing), o.deaths, took, result)
}

// runPhases runs the service as it is and prints the table. ok: all goals were reached.
func runPhases(ctx context.Context, s settings, dir string, list []phase) (ok bool, err error) {
	binary, err := build(ctx, dir, "kvitto", "./cmd/kvitto")
	if err != nil {
		return false, err
	}
	w, ok := newTable("phase", "orders"), true
	for _, p := range list {
		o, err := runSite(ctx, s, filepath.Join(dir, p.letter), binary, "", p)
		if err != nil {
			return false, fmt.Errorf("phase %s: %w", p.letter, err)
		}
		result := "reached"
		if missed := p.missed(o); len(missed) > 0 {
			result, ok = strings.Join(missed, "\n"), false
		}
		name := p.letter + " " + p.name
		if o.kills > 0 {
			name += fmt.Sprintf(" (%d, %d)", o.kills, o.wipes)
		}
		w.AppendRow(row(o, result, name, o.verdict.Orders))
	}
	render(w, &s)
	return ok, nil
}

// mutantPatience is shorter: the service as it is takes half of it at most.
const mutantPatience = 9 * time.Second

// runMutants runs services with a fault. ok: each was caught.
func runMutants(ctx context.Context, s settings, dir string, list []mutant.Mutant) (ok bool, err error) {
	binary, err := build(ctx, dir, "mutant", "./internal/torture/worker")
	if err != nil {
		return false, err
	}
	s.patience = mutantPatience
	w, ok := newTable("mutant", "phase"), true
	for _, m := range list {
		p, _ := phaseOf(caughtIn(&m))
		o, err := runSite(ctx, s, filepath.Join(dir, m.Name), binary, m.Name, p)
		if err != nil {
			return false, fmt.Errorf("mutant %s: %w", m.Name, err)
		}
		result := "caught: "
		if !caught(&m, o.verdict) {
			result, ok = "NOT CAUGHT FOR ITS FAULT: ", false
		}
		result += strings.Join(o.verdict.Missed(p.goals), "\n")
		w.AppendRow(row(o, result, m.Name+": "+m.What, p.letter))
	}
	render(w, &s)
	return ok, nil
}
