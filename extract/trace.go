package extract

import "fmt"

// Step is one decision about an article, for people who ask why it was read as it was.
type Step struct {
	// Stage is what was decided: rule, site, body, trim, refuse, title, authors, published, modified, categories, tags, parts.
	Stage string `json:"stage"`
	Text  string `json:"text"`
	// Score is what a candidate was given, where candidates are scored.
	Score float64 `json:"score,omitempty"`
}

// Trace collects the decisions about one article in the order they were made. A nil one collects nothing, and costs nothing.
type Trace struct {
	Steps []Step
}

func (t *Trace) note(stage, format string, args ...any) { t.score(stage, 0, format, args...) }

func (t *Trace) score(stage string, score float64, format string, args ...any) {
	if t == nil {
		return
	}
	t.Steps = append(t.Steps, Step{Stage: stage, Text: fmt.Sprintf(format, args...), Score: score})
}
