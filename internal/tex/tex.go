// Package tex turns the TeX of a formula into presentation MathML.
package tex

// MathML is the formula as a math element, with its TeX as alttext and as annotation; ok is false where the TeX is not understood
// whole, and then nothing is returned. display is for a formula that stands by itself.
func MathML(source string, display bool) (math string, ok bool) { return "", false }
