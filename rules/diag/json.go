package diag

import (
	"encoding/json"
	"fmt"
	"io"
)

type jsonReport struct {
	Findings []jsonFinding `json:"findings"`
	Errors   int           `json:"errors"`
	Warnings int           `json:"warnings"`
	Dropped  int           `json:"dropped,omitempty"`
}

type jsonPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	End    int    `json:"end"` // one past the last column
	Cell   string `json:"cell,omitempty"`
}

type jsonFinding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	jsonPlace
	Path    string     `json:"path"`
	Message string     `json:"message"`
	Label   string     `json:"label,omitempty"`
	Help    string     `json:"help,omitempty"`
	Fix     string     `json:"fix,omitempty"`
	Notes   []string   `json:"notes,omitempty"`
	Cause   *jsonCause `json:"cause,omitempty"`
}

type jsonCause struct {
	jsonPlace
	Label string `json:"label"`
}

func placeOut(p Place) jsonPlace {
	return jsonPlace{File: p.File, Line: p.Line, Column: p.Col, End: max(p.EndCol, p.Col+1), Cell: p.Cell}
}

// JSON writes the findings as one JSON object: findings, errors, warnings. Member names are permanent.
func (r *Report) JSON(w io.Writer) error {
	out := jsonReport{Findings: []jsonFinding{}, Dropped: r.dropped}
	for _, f := range r.Findings() {
		j := jsonFinding{
			Code: f.Code, Severity: f.Severity.String(), jsonPlace: placeOut(f.Place), Path: f.Path,
			Message: f.Message, Label: f.Label, Help: f.Help, Fix: f.Fix, Notes: f.Notes,
		}
		if f.Cause != nil {
			j.Cause = &jsonCause{jsonPlace: placeOut(f.Cause.Place), Label: f.Cause.Label}
		}
		if f.Severity == Error {
			out.Errors++
		} else {
			out.Warnings++
		}
		out.Findings = append(out.Findings, j)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("findings as JSON: %w", err)
	}
	return nil
}
