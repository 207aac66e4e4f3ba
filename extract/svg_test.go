package extract

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

const svgHead = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"`

func TestCleanSVG(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"plain": {
			`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="5" viewBox="0 0 10 5"><g fill="red"><path d="M0 0L9 9"/></g></svg>`,
			svgHead + ` width="10" height="5" viewBox="0 0 10 5"><g fill="red"><path d="M0 0L9 9"/></g></svg>`,
		},
		"text keeps its spaces": {
			`<svg><text x="1">a <tspan dy="1">b &lt; c</tspan> 中文</text></svg>`,
			svgHead + `><text x="1">a <tspan dy="1">b &lt; c</tspan> 中文</text></svg>`,
		},
		"what an editor notes goes": {
			`<svg xmlns:inkscape="http://www.inkscape.org/x" inkscape:version="1"><sodipodi:namedview/><metadata><rdf:RDF/></metadata><rect inkscape:label="a" id="r"/></svg>`,
			svgHead + `><rect id="r"/></svg>`,
		},
		"entities of a program": {
			`<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]><svg xmlns="&ns_svg;"><path d="M0"/></svg>`,
			svgHead + `><path d="M0"/></svg>`,
		},
		"prefixed": {
			`<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:path d="M0"/></s:svg>`,
			svgHead + `><path d="M0"/></svg>`,
		},
		"references within": {
			`<svg><defs><linearGradient id="g"/><path id="p"/></defs><use href="#p"/><use xlink:href="#p"/><rect fill="url(#g)" style="stroke:url('#g')"/></svg>`,
			svgHead + `><defs><linearGradient id="g"/><path id="p"/></defs><use xlink:href="#p"/><use xlink:href="#p"/><rect fill="url(#g)" style="stroke:url('#g')"/></svg>`,
		},
		"style": {
			`<svg><style><![CDATA[.a > .b{fill:#fff} /* c */]]></style></svg>`,
			svgHead + `><style>.a &gt; .b{fill:#fff}</style></svg>`,
		},
		"bad rules of a style": {
			`<svg><style>@import "https://e.example/x.css"; .a{fill:red}.b{fill:url(https://e.example/)} @media print{.c{fill:blue}}</style></svg>`,
			svgHead + "><style>.a{fill:red}\n@media print{.c{fill:blue}}</style></svg>",
		},
		"a font within": {
			`<svg><style>@font-face{font-family:X;src:url(data:font/woff2;base64,d09GMg==)}</style></svg>`,
			svgHead + `><style>@font-face{font-family:X;src:url(data:font/woff2;base64,d09GMg==)}</style></svg>`,
		},
		"a font elsewhere": {
			`<svg><style>@font-face{font-family:X;src:url(https://e.example/x.woff2)}.a{fill:red}</style></svg>`,
			svgHead + `><style>.a{fill:red}</style></svg>`,
		},
		"a bad declaration": {
			`<svg><g style="fill:red;background:url(//e.example/x);stroke:blue"/></svg>`,
			svgHead + `><g style="fill:red; stroke:blue"/></svg>`,
		},
		"a bitmap within": {
			`<svg><image width="1" xlink:href="data:image/png;base64,iVBORw0KGgo="/></svg>`,
			svgHead + `><image width="1" xlink:href="data:image/png;base64,iVBORw0KGgo="/></svg>`,
		},
		"a link's content": {
			`<svg><a href="https://e.example/"><text>read</text></a></svg>`,
			svgHead + `><text>read</text></svg>`,
		},
		"a link within a text": {
			`<svg><text>see <a href="https://e.example/">there</a>.</text></svg>`,
			svgHead + `><text>see there.</text></svg>`,
		},
		"what a page would say otherwise": {
			`<svg><switch><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject><text>x</text></switch></svg>`,
			svgHead + `><switch><text>x</text></switch></svg>`,
		},
		"it moves": {
			`<svg><circle r="1"><animate attributeName="r" values="1;2" dur="1s" repeatCount="indefinite"/></circle></svg>`,
			svgHead + `><circle r="1"><animate attributeName="r" values="1;2" dur="1s" repeatCount="indefinite"/></circle></svg>`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := cleanSVG([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want+"\n" {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			holdsLawsOfSVG(t, got)
		})
	}
}

// hostile are drawings that do something, or would in some browser of some year. Each is whole or the content of an svg element.
var hostile = []string{
	`<script>alert(1)</script>`,
	`<script type="text/ecmascript"><![CDATA[alert(1)]]></script>`,
	`<script xlink:href="https://e.example/x.js"/>`,
	`<script href="data:text/javascript,alert(1)"/>`,
	`<SCRIPT>alert(1)</SCRIPT>`,
	`<sCrIpT>alert(1)</sCrIpT>`,
	`<g><script>alert(1)</script></g>`,
	`<defs><script>alert(1)</script></defs>`,
	`<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>`,
	`<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>`,
	`<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>`,
	`<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/>`,
	`<svg onload="alert(1)" xmlns="http://www.w3.org/2000/svg"/>`,
	`<svg onload=alert(1)></svg>`,
	`<g onload="alert(1)"/>`,
	`<g ONLOAD="alert(1)"/>`,
	`<path onclick="alert(1)" onmouseover="alert(1)" d="M0 0"/>`,
	`<rect onfocusin="alert(1)" tabindex="1" autofocus=""/>`,
	`<animate onbegin="alert(1)" attributeName="x" dur="1s"/>`,
	`<set onend="alert(1)" attributeName="x" to="1"/>`,
	`<a href="javascript:alert(1)"><text>x</text></a>`,
	`<a xlink:href="javascript:alert(1)"><text>x</text></a>`,
	`<a xlink:href="jav&#x0A;ascript:alert(1)"><rect/></a>`,
	`<a xlink:href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="><rect/></a>`,
	`<a><animate attributeName="href" values="javascript:alert(1)"/><rect/></a>`,
	`<a><animate attributeName="xlink:href" to="javascript:alert(1)"/><rect/></a>`,
	`<a><set attributeName="href" to="javascript:alert(1)"/><rect/></a>`,
	`<set attributeName="onmouseover" to="alert(1)"/>`,
	`<set attributeName="xlink:href" to="javascript:alert(1)" xlink:href="#a"/>`,
	`<animate attributeName=" href " values="javascript:alert(1)"/>`,
	`<animate attributeName="style" to="background:url(https://e.example/)"/>`,
	`<set attributeName="fill" to="url(https://e.example/#a)"/>`,
	`<animate attributeName="fill" values="red;url('//e.example/#a')"/>`,
	`<set to="https://e.example/x.svg#a"/>`,
	`<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject>`,
	`<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(1)"/></foreignObject>`,
	`<foreignobject><img src="x" onerror="alert(1)"/></foreignobject>`,
	`<foreignObject requiredExtensions="http://www.w3.org/1999/xhtml"><form action="https://e.example/"><input name="password"/></form></foreignObject>`,
	`<iframe src="https://e.example/"/>`,
	`<embed src="https://e.example/x.swf"/>`,
	`<object data="https://e.example/"/>`,
	`<video src="https://e.example/x.mp4" onloadstart="alert(1)"/>`,
	`<audio src="https://e.example/x.mp3"/>`,
	`<canvas/>`,
	`<handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">alert(1)</handler>`,
	`<listener event="load" handler="#x"/>`,
	`<discard/>`,
	`<use href="https://e.example/x.svg#a"/>`,
	`<use xlink:href="//e.example/x.svg#a"/>`,
	`<use xlink:href="x.svg#a"/>`,
	`<use xlink:href="data:image/svg+xml;base64,PHN2ZyBpZD0ieCI+PHNjcmlwdD4="/>`,
	`<use xlink:href="javascript:alert(1)"/>`,
	`<image href="https://e.example/x.png"/>`,
	`<image xlink:href="file:///etc/passwd"/>`,
	`<image xlink:href="data:image/svg+xml,%3Csvg onload='alert(1)'/%3E"/>`,
	`<image xlink:href="data:text/html,x"/>`,
	`<image xlink:href=" javascript:alert(1)"/>`,
	`<image src="https://e.example/x.png"/>`,
	`<image xml:base="https://e.example/" xlink:href="#x"/>`,
	`<feImage xlink:href="https://e.example/x.png"/>`,
	`<feImage href="https://e.example/x.png"/>`,
	`<textPath href="https://e.example/x.svg#a">x</textPath>`,
	`<linearGradient xlink:href="https://e.example/x.svg#a"/>`,
	`<pattern href="https://e.example/x.svg#a"/>`,
	`<mpath xlink:href="https://e.example/x.svg#a"/>`,
	`<tref xlink:href="https://e.example/x.svg#a"/>`,
	`<altGlyph xlink:href="https://e.example/x.svg#a"/>`,
	`<font-face-uri xlink:href="https://e.example/x.svg#a"/>`,
	`<color-profile xlink:href="https://e.example/x.icc"/>`,
	`<cursor xlink:href="https://e.example/x.cur"/>`,
	`<rect fill="url(https://e.example/x.svg#a)"/>`,
	`<rect fill='url("https://e.example/x.svg#a")'/>`,
	`<rect fill="URL( //e.example/x.svg#a )"/>`,
	`<rect fill="u\72l(https://e.example/x.svg#a)"/>`,
	`<rect fill="\75\72\6c(https://e.example/)"/>`,
	`<rect fill="url (https://e.example/)"/>`,
	`<rect fill="ur&#10;l(https://e.example/)"/>`,
	`<rect filter="url(https://e.example/x.svg#a)" mask="url(x.svg#a)" clip-path="url(/x.svg#a)" cursor="url(https://e.example/x.cur), auto"/>`,
	`<path marker-start="url(https://e.example/x.svg#a)"/>`,
	`<rect style="fill:url(https://e.example/x.svg#a)"/>`,
	`<rect style="background-image:url(javascript:alert(1))"/>`,
	`<rect style="behavior:url(#default#time2)"/>`,
	`<rect style="-moz-binding:url(https://e.example/x.xml#a)"/>`,
	`<rect style="width:expression(alert(1))"/>`,
	`<rect style="width:expr/**/ession(alert(1))"/>`,
	`<rect style="fill:ur/**/l(https://e.example/)"/>`,
	`<rect style="fill:u\rl(https://e.example/)"/>`,
	`<rect style="background:image-set('https://e.example/x.png' 1x)"/>`,
	`<rect style="background:image('https://e.example/x.png')"/>`,
	`<rect style="fill:url(&quot;https://e.example/&quot;)"/>`,
	`<rect style="--x:url(https://e.example/)"/>`,
	`<style>@import url(https://e.example/x.css);</style>`,
	`<style>@import "https://e.example/x.css";</style>`,
	`<style>@im\port "https://e.example/x.css";</style>`,
	`<style>@IMPORT 'https://e.example/x.css';</style>`,
	`<style>.a{fill:red} @/**/import "https://e.example/x.css";</style>`,
	`<style>rect{fill:url(https://e.example/x.png)}</style>`,
	`<style>@font-face{font-family:a;src:url(//e.example/x.woff)}</style>`,
	`<style>@namespace x "https://e.example/";</style>`,
	`<style>rect{background:src("https://e.example/x.png")}</style>`,
	`<style>a{b:"</style><script>alert(1)</script>"}</style>`,
	`<style><![CDATA[</style><script>alert(1)</script>]]></style>`,
	`<style>&lt;/style&gt;&lt;img src=x onerror=alert(1)&gt;</style>`,
	`<style><img src="x" onerror="alert(1)"/></style>`,
	`<style type="text/javascript">alert(1)</style>`,
	`<style>rect{fill:url(https://e.example/x.png</style>`,
	`<style>rect{fill:url(data:image/svg+xml,%3Csvg/onload=alert(1)%3E)}</style>`,
	`<style>rect{fill:url(data:text/html,x)}</style>`,
	`<style>/*</style><style>*/@import "https://e.example/";</style>`,
	`<title><script>alert(1)</script></title>`,
	`<title><![CDATA[<img src=x onerror=alert(1)>]]></title>`,
	`<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>`,
	`<desc><iframe src="javascript:alert(1)"/></desc>`,
	`<text><![CDATA[<script>alert(1)</script>]]></text>`,
	`<text>]]><script>alert(1)</script></text>`,
	`<metadata><script>alert(1)</script></metadata>`,
	`<!--><script>alert(1)</script>-->`,
	`<?xml-stylesheet href="javascript:alert(1)"?>`,
	`<?xml-stylesheet type="text/xsl" href="https://e.example/x.xsl"?><rect/>`,
	`<g id="a&quot; onload=&quot;alert(1)"/>`,
	`<g class="&lt;script&gt;"/>`,
	`<g xmlns:on="x" on:load="alert(1)"/>`,
	`<g xlink:show="embed" xlink:actuate="onLoad" xlink:type="simple" xlink:href="https://e.example/"/>`,
	`<g xml:base="javascript:alert(1)//"/>`,
	`<g data-x="javascript:alert(1)" formaction="javascript:alert(1)" action="x" srcdoc="x"/>`,
	`<g requiredFeatures="x" externalResourcesRequired="true"/>`,
	`<math xmlns="http://www.w3.org/1998/Math/MathML"><mi xlink:href="javascript:alert(1)">x</mi></math>`,
	`<math><mtext><table><mglyph><style><img src="x" onerror="alert(1)"/></style></mglyph></table></mtext></math>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>"/></noscript>`,
	`<template><script>alert(1)</script></template>`,
	`<view id="x" viewTarget="javascript:alert(1)"/>`,
	`<svg><svg><script>alert(1)</script></svg></svg>`,
	`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg><text>&x;</text></svg>`,
	`<!DOCTYPE svg [<!ENTITY x "<script>alert(1)</script>">]><svg>&x;</svg>`,
	`<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><svg><text>&b;</text></svg>`,
	`<!DOCTYPE svg SYSTEM "https://e.example/x.dtd"><svg/>`,
	`<?xml version="1.0"?><?xml-stylesheet type="text/css" href="https://e.example/x.css"?><svg/>`,
	`<svg/><script>alert(1)</script>`,
	`<svg/><svg onload="alert(1)"/>`,
}

func TestHostileSVG(t *testing.T) {
	for _, in := range hostile {
		for _, form := range []string{
			in,
			`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">` + in + `<rect id="end"/></svg>`,
			`<svg>` + in + `</svg>`,
			`<s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns="http://www.w3.org/1999/xhtml">` + in + `</s:svg>`,
		} {
			text, ok := textOfSVG([]byte(form))
			if !ok {
				continue
			}
			got, err := cleanSVG(text)
			if err != nil {
				continue // refused whole
			}
			holdsLawsOfSVG(t, got)
			holdsNothingBad(t, got)
			if t.Failed() {
				t.Fatalf("in: %s", form)
			}
		}
	}
	t.Logf("%d drawings", len(hostile))
}

func FuzzCleanSVG(f *testing.F) {
	for _, in := range hostile {
		f.Add(`<svg xmlns:xlink="http://www.w3.org/1999/xlink">` + in + `</svg>`)
	}
	f.Fuzz(func(t *testing.T, in string) {
		text, ok := textOfSVG([]byte(in))
		if !ok {
			return
		}
		got, err := cleanSVG(text)
		if err != nil {
			return
		}
		holdsLawsOfSVG(t, got)
	})
}

// holdsLawsOfSVG wants a clean drawing to be XML of allowed names without references to anything outside, and to stay as it is.
func holdsLawsOfSVG(t *testing.T, clean []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(clean))
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Errorf("no XML: %v\n%s", err, clean)
			return
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Space != nsSVG || !svgElements[token.Name.Local] {
				t.Errorf("element %v in %s", token.Name, clean)
			}
			for _, a := range token.Attr {
				checkSVGAttribute(t, token.Name.Local, a, clean)
			}
		case xml.Directive, xml.ProcInst, xml.Comment:
			t.Errorf("%T in %s", token, clean)
		}
	}
	again, err := cleanSVG(clean)
	if err != nil || !bytes.Equal(again, clean) {
		t.Errorf("cleaned again, %v:\n%s\nwas\n%s", err, again, clean)
	}
}

// holdsNothingBad looks at the bytes as they are, without the tables that wrote them.
func holdsNothingBad(t *testing.T, clean []byte) {
	t.Helper()
	lower := strings.ToLower(string(clean))
	for _, bad := range []string{"<script", "<foreignobject", "<iframe", "<img", "<a ", "<!", "<?", "@import", "e.example", "file:", "data:text", "data:image/svg"} {
		// An address may stand in a text, where it is text.
		if strings.Contains(lower, bad) && !strings.Contains(lower, "<text") && !strings.Contains(lower, "<title") {
			t.Errorf("%q in %s", bad, clean)
		}
	}
}

func checkSVGAttribute(t *testing.T, element string, a xml.Attr, clean []byte) {
	t.Helper()
	switch {
	case a.Name.Local == "xmlns" || a.Name.Space == "xmlns":
		return
	case a.Name.Space == nsXLink:
		if a.Name.Local != "href" || !strings.HasPrefix(a.Value, "#") && !(element == "image" && strings.HasPrefix(a.Value, "data:image/")) {
			t.Errorf("%v=%q in %s", a.Name, a.Value, clean)
		}
	case a.Name.Space == nsXML && (a.Name.Local == "space" || a.Name.Local == "lang"):
	case a.Name.Space != "" || !svgAttributeNames[a.Name.Local] || strings.HasPrefix(strings.ToLower(a.Name.Local), "on"):
		t.Errorf("attribute %v in %s", a.Name, clean)
	}
	value := strings.ToLower(strings.Join(strings.Fields(a.Value), ""))
	for _, bad := range []string{"javascript:", "url(http", "url(/", "url('http", "url('/", "url(\"http", "url(\"/", "expression(", "@import"} {
		if strings.Contains(value, bad) {
			t.Errorf("%v=%q in %s", a.Name, a.Value, clean)
		}
	}
}
