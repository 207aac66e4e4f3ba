package fetch

import "archiver"

// Decode fills in the text of a page whose bytes are at hand: one that an archive kept, whose Charset is known, or one that was
// read from a file.
func Decode(page *archiver.Page) {
	var read reading
	if page.Charset != "" {
		read = decodeAs(page.Raw, page.Charset)
	} else {
		read = decodeText(page.Raw, page.ContentType)
	}
	page.Text, page.Charset = read.text, read.charset
}
