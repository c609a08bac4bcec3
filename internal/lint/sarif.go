package lint

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/kvitto/kvitto/rules/diag"
)

// The parts of SARIF 2.1.0 that findings need. Member names are those of the standard.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
		Fixes     []sarifFix      `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		ID       int           `json:"id,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndColumn   int `json:"endColumn"`
	}
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
)

// SARIF writes findings as a SARIF 2.1.0 log, which code hosts show beside the lines. Columns count characters.
func SARIF(w io.Writer, r *diag.Report) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "kvitto", Rules: []sarifRule{}}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	index := map[string]int{}
	for _, f := range r.Findings() {
		at, ok := index[f.Code]
		if !ok {
			at = len(run.Tool.Driver.Rules)
			index[f.Code] = at
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{f.Code, sarifText{Meaning(f.Code)}})
		}
		run.Results = append(run.Results, sarifOf(&f, at))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}); err != nil {
		return fmt.Errorf("findings as SARIF: %w", err)
	}
	return nil
}

func sarifOf(f *diag.Finding, rule int) sarifResult {
	res := sarifResult{RuleID: f.Code, RuleIndex: rule, Level: f.Severity.String(), Message: sarifText{wholeText(f)},
		Locations: []sarifLocation{{Physical: physical(f.Place)}}}
	if f.Cause != nil {
		res.Related = []sarifLocation{{ID: 1, Physical: physical(f.Cause.Place), Message: &sarifText{f.Cause.Label}}}
	}
	if f.Fix != "" && f.Cell == "" {
		res.Fixes = []sarifFix{{Description: sarifText{"write " + f.Fix}, Changes: []sarifChange{{Artifact: artifact(f.File),
			Replacements: []sarifReplacement{{Deleted: *region(f.Place), Inserted: sarifText{f.Fix}}}}}}}
	}
	return res
}

// wholeText is everything that a finding says, in one text.
func wholeText(f *diag.Finding) string {
	parts := []string{f.Message}
	if f.Cell != "" {
		parts[0] = f.Cell + ": " + f.Message
	}
	if f.Label != "" {
		parts = append(parts, f.Label)
	}
	for help := range strings.SplitSeq(f.Help, "\n") {
		if help != "" {
			parts = append(parts, "help: "+help)
		}
	}
	for _, n := range f.Notes {
		parts = append(parts, "note: "+n)
	}
	return strings.Join(parts, "\n")
}

func physical(p diag.Place) sarifPhysical {
	out := sarifPhysical{Artifact: artifact(p.File)}
	if p.Cell == "" {
		out.Region = region(p)
	}
	return out
}

func artifact(file string) sarifArtifact { return sarifArtifact{(&url.URL{Path: file}).EscapedPath()} }

func region(p diag.Place) *sarifRegion {
	return &sarifRegion{max(1, p.Line), max(1, p.Col), max(p.EndCol, p.Col+1)}
}

// GitHub writes findings as workflow commands, which a code host shows beside the lines of a change.
func GitHub(w io.Writer, r *diag.Report) error {
	var out strings.Builder
	for _, f := range r.Findings() {
		fmt.Fprintf(&out, "::%s file=%s", f.Severity, property(f.File))
		if f.Cell == "" {
			fmt.Fprintf(&out, ",line=%d,col=%d,endColumn=%d", f.Line, f.Col, max(f.EndCol, f.Col+1))
		}
		fmt.Fprintf(&out, ",title=%s::%s\n", f.Code, data(wholeText(&f)))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// data escapes the text of a workflow command.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes a value in the head of a workflow command.
func property(s string) string { return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s)) }
