package extract

import (
	"encoding/xml"
	"regexp"
	"strings"
)

// This file names what a drawing may hold: SVG 1.1 and 2 without scripts, pages (foreignObject), links, films, sounds, and without
// events. Attributes are checked by value too: an address leads to an element of the same file, or is a bitmap that the file holds.

var svgElements = setOf(`svg g defs symbol use switch title desc style
	path rect circle ellipse line polyline polygon image text tspan textPath
	linearGradient radialGradient stop pattern clipPath mask marker view
	filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
	feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
	feSpotLight feTile feTurbulence
	animate animateTransform animateMotion set mpath`)

// svgTexts hold text and no elements; svgWords hold both.
var (
	svgTexts    = setOf(`title desc style`)
	svgWords    = setOf(`text tspan textPath`)
	svgAnimates = setOf(`animate animateTransform animateMotion set`)
)

var svgAttributeNames = setOf(`id class style lang role version viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points
	pathLength transform transform-origin offset gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform
	clipPathUnits maskUnits maskContentUnits mask-type markerUnits markerWidth markerHeight refX refY orient dx dy rotate textLength
	lengthAdjust startOffset method spacing side filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept amplitude
	exponent operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode kernelUnitLength preserveAlpha surfaceScale
	diffuseConstant specularConstant specularExponent limitingConeAngle azimuth elevation z pointsAtX pointsAtY pointsAtZ scale xChannelSelector
	yChannelSelector stdDeviation radius baseFrequency numOctaves seed stitchTiles systemLanguage requiredFeatures media
	attributeName attributeType begin dur end min max repeatCount repeatDur restart calcMode keyTimes keySplines keyPoints from to by additive
	accumulate path
	alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters color-rendering cursor
	direction display dominant-baseline enable-background fill fill-opacity fill-rule filter flood-color flood-opacity font font-family font-size
	font-size-adjust font-stretch font-style font-variant font-weight glyph-orientation-horizontal glyph-orientation-vertical image-rendering
	isolation kerning letter-spacing lighting-color marker-end marker-mid marker-start mask mix-blend-mode opacity overflow paint-order
	pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
	stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-orientation text-rendering text-transform unicode-bidi
	vector-effect visibility white-space word-spacing writing-mode`)

func setOf(names string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		set[name] = true
	}
	return set
}

// svgAttributes are the attributes that an element may keep, each once, in its order.
func svgAttributes(e xml.StartElement) []xml.Attr {
	var kept []xml.Attr
	has := map[string]bool{}
	for _, a := range e.Attr {
		name, value := svgAttributeName(a.Name), a.Value
		ok := false
		switch {
		case has[name]:
		case name == "xlink:href":
			value = strings.TrimSpace(value)
			ok = strings.HasPrefix(value, "#") && len(value) > 1 || e.Name.Local == "image" && isInlineBitmap(value)
		case name == "style":
			value, ok = cleanStyle(value)
		case name != "":
			ok = isSafeValue(value)
		}
		if ok {
			has[name] = true
			kept = append(kept, xml.Attr{Name: xml.Name{Local: name}, Value: value})
		}
	}
	return kept
}

// svgAttributeName is the name that an attribute is written by; "" for one that is not kept. All programs read the old name of href.
func svgAttributeName(name xml.Name) string {
	switch {
	case name.Local == "href" && (name.Space == "" || name.Space == "xlink" || name.Space == nsXLink || name.Space == "&ns_xlink;"):
		return "xlink:href"
	case (name.Local == "space" || name.Local == "lang") && (name.Space == nsXML || name.Space == "xml"):
		return "xml:" + name.Local
	case name.Space == "" && svgAttributeNames[name.Local]:
		return name.Local
	}
	return ""
}

// inlineBitmap is a picture that the file holds in itself: a bitmap, for a drawing in a drawing would have to be cleaned too.
var inlineBitmap = regexp.MustCompile(`^data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+$`)

func isInlineBitmap(value string) bool { return inlineBitmap.MatchString(value) }

// isSafeValue reports whether a value holds no address but that of an element of the file.
func isSafeValue(value string) bool {
	_, ok := localStyle(value)
	return ok
}

// animatesSafely reports whether an animation changes what may be changed: a script hid in a link once.
func animatesSafely(e *svgNode) bool {
	for _, a := range e.attr {
		if a.Name.Local != "attributeName" {
			continue
		}
		switch name := a.Value; {
		case !svgAttributeNames[name], name == "style", name == "class", name == "id":
			return false
		}
		return true
	}
	return e.name == "animateMotion"
}
