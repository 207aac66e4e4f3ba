#!/usr/bin/env python3
"""Takes a book through calibre's ebook-convert to AZW3 and back to text, and looks for every article's text in it.

usage: calibre.py ARCHIVER ARCHIVE.db [--least 0.99]

Prints, for the archive, how many blocks of text (paragraphs, headings, items, cells, lines of code) came through, and the articles that
lost some. Formulas are left out: AZW3 has its own form for them. Exits 1 where less than --least of an article's blocks are there. Needs
calibre, and Python's standard library.
"""
import html.parser, json, re, subprocess, sys, tempfile, os

BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "pre", "figcaption", "caption", "summary", "div", "section",
          "blockquote", "ul", "ol", "table", "tr", "br", "figure"}
SHORTEST = 4  # characters of a block that tell anything


class Blocks(html.parser.HTMLParser):
    """The text between the tags of blocks, without formulas, and code by its lines."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.run, self.math, self.code = [], "", 0, 0

    def handle_starttag(self, tag, attrs):
        if self.math or tag == "span" and "math" in (dict(attrs).get("class") or "").split():
            self.math += tag == "span"
            self.flush()
        self.code += tag == "pre"
        if tag in BLOCKS or tag == "img":
            self.flush()

    def handle_endtag(self, tag):
        if self.math and tag == "span":
            self.math -= 1
        self.code -= tag == "pre"
        if tag in BLOCKS:
            self.flush()

    def handle_data(self, data):
        if self.math:
            return
        for i, line in enumerate(data.split("\n") if self.code else [data]):
            if i:
                self.flush()
            self.run += line

    def flush(self):
        text = letters(self.run)
        if len(text) >= SHORTEST:
            self.found.append(text)
        self.run = ""


def letters(text):
    """Letters and digits alone: quotes, bullets and hyphens are a reader's own."""
    return re.sub(r"[\W_]+", "", text)


def blocks(markup):
    parser = Blocks()
    parser.feed(markup)
    parser.flush()
    return parser.found


def main(archiver, db, least):
    with tempfile.TemporaryDirectory() as work:
        epub, azw3, text = (os.path.join(work, "book." + end) for end in ("epub", "azw3", "txt"))
        subprocess.run([archiver, "--db", db, "--quiet", "export", "epub", "-o", epub], check=True, stderr=subprocess.DEVNULL)
        for source, target in ((epub, azw3), (azw3, text)):
            subprocess.run(["ebook-convert", source, target], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env=dict(os.environ, QT_QPA_PLATFORM="offscreen"))
        with open(text, encoding="utf-8") as file:
            book = letters(file.read())
    lines = subprocess.run([archiver, "--db", db, "export", "jsonl", "-o", "-"], check=True, capture_output=True).stdout
    articles = there = total = 0
    poor = []
    for line in lines.decode().splitlines():
        article = json.loads(line)
        wanted = blocks(article.get("html", "")) + [letters(article.get("title", ""))]
        lost = [block for block in wanted if block not in book]
        articles, there, total = articles + 1, there + len(wanted) - len(lost), total + len(wanted)
        if lost:
            print("%-40s %d of %d blocks; lost: %s" % (article.get("title", "")[:40], len(wanted) - len(lost), len(wanted), " | ".join(b[:40] for b in lost[:4])))
        if len(wanted) - len(lost) < least * len(wanted):
            poor.append(article["id"])
    print("%d articles, %d of %d blocks of text came through AZW3; %d articles below %.2f" % (articles, there, total, len(poor), least))
    return 1 if poor else 0


if __name__ == "__main__":
    least = float(sys.argv[sys.argv.index("--least") + 1]) if "--least" in sys.argv else 0.99
    sys.exit(main(sys.argv[1], sys.argv[2], least))
