#!/usr/bin/env python3
"""Extracts the pages of public benchmarks with archiver and scores the result.

usage: run.py DATA [--worst N] [--keep DIR]

DATA is the folder of score.py, markdown-cases.json and SET-dev.tar.gz. --worst N lists the N worst pages of each set, --keep DIR leaves
the unpacked sets and archiver's output there, to look at.

Prints one table: each figure beside its floor and beside the best published extractor's. Exits 1 when a figure is under its
floor. Needs Go and Python's standard library.
"""
import os, re, shutil, subprocess, sys, tarfile, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# figure: its floor, and the best that any published extractor was measured to reach. "invented" may not be exceeded.
FIGURES = {
    "scrapinghub": {"F1": (0.98, "0.970 rs-trafilatura")},
    "wcxb-test": {"F1": (0.965, "0.957 go-trafilatura"), "title": (0.88, "0.77"), "author": (0.75, "0.67"), "date": (0.90, "0.87")},
    # Another tool's output is its truth: it is run for the authors that its pages do not have.
    "defuddle": {"invented": (0.05, "")},
}
CASES = (68, "42 defuddle")   # of 70
CPU_RATIO = 1.2               # to go-readability with html-to-markdown on the same pages


def argument(name):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None


def measure(binary, data, work, name, worst):
    """The figures of one set."""
    with tarfile.open(os.path.join(data, name + "-dev.tar.gz")) as tar:
        tar.extractall(work, filter="data")
    output = os.path.join(work, name + ".jsonl")
    with open(os.path.join(work, name, "manifest.jsonl")) as pages, open(output, "w") as out:
        subprocess.run([binary, "extract", "--jsonl"], stdin=pages, stdout=out, cwd=work, check=True)
    said = subprocess.run([sys.executable, os.path.join(data, "score.py"), os.path.join(work, name), output] + (["--worst", worst] if worst else []),
                          capture_output=True, text=True, check=True).stdout
    figures = {m[1]: float(m[2]) for m in re.finditer(r"(?m)\b(F1|P|R) +([\d.]+)", said.split("\n")[0])}
    figures.update({m[1]: float(m[2]) for m in re.finditer(r"(?m)^(title|author|date) .* ([\d.]+)$", said)})
    if m := re.search(r"invented author on (\d+) of (\d+)", said):
        figures["invented"] = int(m[1]) / int(m[2])
    return figures, [l for l in said.split("\n") if l.startswith("  F1")]


def cases():
    """How many of the Markdown cases are right, emphasis through a CommonMark renderer."""
    said = subprocess.run(["go", "test", "./extract", "-count=1", "-run", "^TestMarkdownCases$", "-v"], cwd=ROOT, capture_output=True, text=True).stdout
    return len(re.findall(r"(?m)^ +--- PASS: TestMarkdownCases/", said)), len(re.findall(r"(?m)^ +--- \w+: TestMarkdownCases/", said))


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("--"):
        sys.exit(__doc__)
    data, keep, worst = os.path.abspath(sys.argv[1]), argument("--keep"), argument("--worst")
    work = os.path.abspath(keep) if keep else tempfile.mkdtemp()
    os.makedirs(work, exist_ok=True)
    wrong = []

    def row(what, value, floor, best, low=True):
        bad = value < floor if low else value > floor
        print("%-34s %8.4g   %s %-6g %-22s %s" % (what, value, ">=" if low else "<=", floor, best and "(best: %s)" % best, "TOO LOW" if bad and low else "TOO HIGH" if bad else ""), flush=True)
        if bad:
            wrong.append(what)

    try:
        binary = os.path.join(work, "archiver")
        subprocess.run(["go", "build", "-o", binary, "./cmd/archiver"], cwd=ROOT, check=True)
        for name, floors in FIGURES.items():
            figures, pages = measure(binary, data, work, name, worst)
            for figure, (floor, best) in floors.items():
                row("%s %s" % (name, figure), figures[figure], floor, best, figure != "invented")
            print("%-34s P %.4f, R %.4f" % ("", figures["P"], figures["R"]))
            print("".join(l + "\n" for l in pages), end="")
        right, of = cases()
        row("Markdown cases of %d" % of, right, CASES[0], CASES[1])
        cpu = subprocess.run(["go", "run", "./cpu", os.path.join(work, "scrapinghub", "manifest.jsonl")], cwd=HERE, capture_output=True, text=True, check=True).stdout
        print(cpu.strip())
        row("CPU ratio", float(cpu.split()[-1]), CPU_RATIO, "", False)
    finally:
        if not keep:
            shutil.rmtree(work)
    if wrong:
        sys.exit("missed: " + ", ".join(wrong))


main()
