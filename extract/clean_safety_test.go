package extract

import (
	"regexp"
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"
)

var vectors = []string{
	`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<a href="javascript:alert(1)">x</a>`,
	`<a href="jAvAsCrIpT&colon;alert(1)">x</a>`, `<a href=" &#14; javascript:alert(1)">x</a>`, "<a href=\"java\tscript:alert(1)\">x</a>",
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<a href="vbscript:msgbox(1)">x</a>`, `<iframe src="javascript:alert(1)"></iframe>`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<object data="javascript:alert(1)"></object>`, `<embed src="javascript:alert(1)">`,
	`<math><mi xlink:href="javascript:alert(1)">x</mi></math>`, `<form action="javascript:alert(1)"><button>x</button></form>`, `<body onload=alert(1)>`,
	`<div style="background:url(javascript:alert(1))">x</div>`, `<p style="x:expression(alert(1))">x</p>`, `<img src="javascript:alert(1)">`,
	`<img srcset="javascript:alert(1) 2x">`, `<video><source onerror="alert(1)"></video>`, `<details open ontoggle=alert(1)>x</details>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`, `<template><script>alert(1)</script></template>`,
	`<pre><code class='language-x" onmouseover="alert(1)'>x</code></pre>`, `<pre data-lang='"><script>alert(1)</script>'>x</pre>`,
	`<p id='"><script>alert(1)</script>'>x</p><a href='#"><script>alert(1)</script>'>y</a>`, `<span class="math inline">\(<script>alert(1)</script>\)</span>`,
	`<script type="math/tex"></span><img src=x onerror=alert(1)></script>`, `<p>$</span><script>alert(1)</script>$</p>`, `<ol start='1" onclick="alert(1)'><li>x</li></ol>`,
	`<table><td colspan='2" onclick="alert(1)' style="text-align:left;x:url(javascript:1)">x</td><td>y</td></table>`, `<a href="//evil.example/" target=_blank onclick=alert(1)>x</a>`,
	`<base href="javascript:alert(1)//"><a href="x">x</a>`, `<meta http-equiv=refresh content="0;url=javascript:alert(1)">`, `<link rel=stylesheet href="javascript:alert(1)">`,
	`<style>@import 'javascript:alert(1)';</style>`, `<![CDATA[<script>alert(1)</script>]]>`, `<!--><script>alert(1)</script>-->`, `<xmp><script>alert(1)</script></xmp>`,
	`<listing>&lt;script&gt;alert(1)&lt;/script&gt;</listing>`, `<plaintext><script>alert(1)</script>`, `<p lang='x" onclick="alert(1)'>x</p>`, `<img alt='"><script>alert(1)</script>' src=/a.png>`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`, `<a href="https://x.example/%22%3E%3Cscript%3E">x</a>`, `<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>`,
}

var live = regexp.MustCompile(`(?i)<\s*(?:script|style|iframe|object|embed|svg|form|link|meta|base)\b|<[^>]*\son\w+\s*=|(?:href|src)\s*=\s*["']?\s*(?:javascript|vbscript|data):`)

// TestNothingRuns lets another library look for what could run in a page that shows the tree.
func TestNothingRuns(t *testing.T) {
	policy := bluemonday.UGCPolicy()
	for _, vector := range vectors {
		tree := cleanHTML(t, vector+"<p>text</p>")
		out := renderHTML(tree)
		if m := live.FindString(out); m != "" {
			t.Errorf("%s gives %s: %q is live", vector, out, m)
		}
		if !strings.Contains(out, "<p>") && !strings.Contains(vector, "plaintext") {
			t.Errorf("%s swallowed the text behind it: %q", vector, out)
		}
		// What that policy takes away of ours is marks, never a link or an element that could run.
		links := func(s string) int { return strings.Count(s, "<a ") + strings.Count(s, "<img ") }
		if a, b := links(out), links(policy.Sanitize(out)); a != b {
			t.Errorf("%s: UGCPolicy keeps %d of %d links and images of %s", vector, b, a, out)
		}
		// Markdown that is shown by a reader which lets HTML through.
		var shown strings.Builder
		if err := reader.Convert([]byte(markdownOf(t, tree)), &shown); err != nil {
			t.Fatal(err)
		}
		if m := live.FindString(shown.String()); m != "" {
			t.Errorf("%s: %q is live in its Markdown as shown: %s", vector, m, shown.String())
		}
	}
}
