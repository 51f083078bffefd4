#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""article_score.py - how far headline, date, authors, language and text agree with what is known of pages

usage: article_score.py PAGE_DUMP CORPUS [-v]

Prints a table by source of the corpus and the goals, and fails when a goal that was once reached is missed.
A goal not reached yet is held where it is today and says so. -v names the pages that differ.

Headline: equal once both are written alike (entities, NFKC, quotes, white space, case) and the site's name behind
a mark is cut off; or one holds the other. Date: the same day, local or UTC. Authors: the same set of names. Language:
the same first subtag. Text: F1 over words, mean of pages (word), and F1 over shingles of four words, the shares of
hits, false and missed of each page summed up (shingle), as the article extraction benchmark counts.
scripts/bench/article scores other programs with the same functions.
"""
import collections
import csv
import datetime
import html
import json
import os
import re
import subprocess
import sys
import unicodedata

SOURCES = ["fundus", "aeb", "htmldate", "postlight", "metascraper", "readability"]
FIELDS = ["headline", "headline or part", "date", "authors", "language", "word F1", "shingle F1"]
# Source, field, what issue and design ask for, and what must not be missed: the goal itself, or less where we are
# not there yet.
GOALS = [
    ("fundus", "headline", 0.90, 0.87),
    ("fundus", "headline or part", 0.95, 0.89),
    ("fundus", "date", 0.97, 0.97),
    ("fundus", "authors", 0.88, 0.88),
    ("fundus", "language", 0.98, 0.98),
    ("fundus", "word F1", 0.95, 0.95),
    ("aeb", "shingle F1", 0.94, 0.94),
    ("htmldate", "date", 0.90, 0.90),
]
QUOTES = str.maketrans({"’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-"})
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
SUFFIX = re.compile(r"^(.{8,})\s[|\-:»·]\s[^|]{2,60}$")


def alike(text):
    """A text as it is compared: what is only typography is gone."""
    text = html.unescape((text or "").replace('\\"', '"'))
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(QUOTES)
    return re.sub(r"\s+", " ", text).strip().casefold()


def without_site(text):
    cut = SUFFIX.match(text)
    return cut.group(1) if cut else text


def headlines_agree(found, expected):
    """(equal, equal or contained)"""
    a, b = alike(found), alike(expected)
    forms = {b, without_site(b)}
    equal = bool(a) and (a in forms or without_site(a) in forms)
    return equal, equal or (bool(a) and (a in b or b in a))


def days(value):
    """The local day and the UTC day of a date: time zones may move it."""
    try:
        when = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return {value[:10]}
    found = {value[:10]}
    if when.tzinfo:
        found.add(when.astimezone(datetime.timezone.utc).date().isoformat())
    return found


def words(text):
    return re.findall(r"\w+", text or "")


def shingles(text, size):
    found = words(text)
    return collections.Counter(tuple(found[i:i + size]) for i in range(max(1, len(found) - size + 1)))


def compare(found, expected, size):
    """(hits, false, missed) of shingles."""
    a, b = shingles(found, size), shingles(expected, size)
    hits = sum((a & b).values()) if words(found) and words(expected) else 0
    return hits, sum(a.values()) - hits, sum(b.values()) - hits


def f1_of(hits, false, missed):
    return 2 * hits / (2 * hits + false + missed) if hits else 0.0


class Score:
    """What one program got right, by source and field."""

    def __init__(self, verbose=False):
        self.values = collections.defaultdict(list)
        self.shares = collections.defaultdict(lambda: [0.0, 0.0, 0.0])
        self.verbose = verbose

    def note(self, row, field, good, found, expected):
        self.values[row["source"], field].append(good)
        if self.verbose and not good:
            print(f"{field:16} {row['id']}: {found!r} for {expected!r}")

    def add_text(self, row, text, corpus):
        path = os.path.join(corpus, row["expected_text"])
        if not row["expected_text"] or not os.path.exists(path):
            return
        with open(path, encoding="utf-8", errors="replace") as file:
            expected = file.read()
        value = f1_of(*compare(text, expected, 1))
        self.values[row["source"], "word F1"].append(value)
        counts = compare(text, expected, 4)
        for i, count in enumerate(counts):
            self.shares[row["source"], "shingle F1"][i] += count / (sum(counts) or 1)
        if self.verbose and value < 0.8:
            print(f"text             {row['id']}: word F1 {value:.2f}")

    def add(self, row, page, corpus):
        """page: headline, date, authors (a list), language, text; None is what a program does not look for."""
        title, date, authors = row["expected_title"], row["expected_date"], row["expected_authors"]
        if title and page["headline"] is not None:
            equal, part = headlines_agree(page["headline"], title)
            self.note(row, "headline", equal, page["headline"], title)
            self.values[row["source"], "headline or part"].append(part)
        if date and page["date"] is not None:
            good = bool(page["date"]) and bool(days(page["date"]) & days(date))
            self.note(row, "date", good, page["date"], date)
        if authors and page["authors"] is not None:
            wanted = {alike(a) for a in authors.split(";")}
            self.note(row, "authors", wanted == {alike(a) for a in page["authors"]}, page["authors"], authors)
        if row["lang"] and page["language"] is not None:
            good = re.split("[-_]", row["lang"].lower())[0] == re.split("[-_]", page["language"].lower())[0]
            self.note(row, "language", good, page["language"], row["lang"])
        if page["text"] is not None:
            self.add_text(row, page["text"], corpus)

    def cell(self, source, field):
        """(value, how many pages), or None."""
        if field == "shingle F1":
            if (source, field) not in self.shares:
                return None
            return f1_of(*self.shares[source, field]), len(self.values[source, "word F1"])
        values = self.values.get((source, field))
        return (sum(values) / len(values), len(values)) if values else None


def rows_of(corpus, sources=SOURCES):
    """The rows of the manifest whose page and address are there, or None without a corpus."""
    manifest = os.path.join(corpus, "manifest.tsv")
    if not os.path.exists(manifest):
        return None
    with open(manifest, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [r for r in rows if r["source"] in sources and r["url"].startswith("http") and not r["dup_of"]]


def captured_ms(row):
    """When the page was fetched, else a day after all of them."""
    try:
        when = datetime.datetime.fromisoformat(row["crawl_date"])
    except ValueError:
        return 1700000000000
    return int(when.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)


def dump_pages(dump, corpus, rows):
    """What page_dump prints of each row's page."""
    listing = "".join(f"{r['url']}\t{os.path.join(corpus, r['file'])}\t{captured_ms(r)}\n" for r in rows)
    printed = subprocess.run([dump], input=listing.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in printed.stdout.decode("utf-8").split("\n") if line]


def page_of(article):
    """The fields compared of one article of ours."""
    published = article["published"]
    return {"headline": article["headline"], "date": published["value"] if published else "",
            "authors": article["authors"], "language": article["language"] or "", "text": article["text"]}


def score_ours(dump, corpus, rows, verbose=False):
    score = Score(verbose)
    for row, result in zip(rows, dump_pages(dump, corpus, rows), strict=True):
        score.add(row, page_of(result["article"]), corpus)
    return score


def print_table(scores, out=sys.stdout):
    """scores: name -> Score."""
    names = list(scores)
    print(f"{'source':12}{'field':18}{'pages':>6} " + "".join(f"{name:>18}" for name in names), file=out)
    for source in SOURCES:
        for field in FIELDS:
            cells = [scores[name].cell(source, field) for name in names]
            if any(cells):
                count = max(cell[1] for cell in cells if cell)
                print(f"{source:12}{field:18}{count:6} "
                      + "".join(f"{cell[0]:18.3f}" if cell else f"{'-':>18}" for cell in cells), file=out)


def judge(score):
    """Prints the goals; whether all that must hold do."""
    holds = True
    for source, field, goal, floor in GOALS:
        value, count = score.cell(source, field)
        if value < floor:
            verdict = f"FAILED, was at least {floor:.2f}"
            holds = False
        elif value < goal:
            verdict = f"goal not reached; held at {floor:.2f}"
        else:
            verdict = "goal reached" if floor == goal else f"goal reached; raise the floor of {floor:.2f} to it"
        print(f"{source:12}{field:18}{value:.3f} of {count:3}, goal {goal:.2f}: {verdict}")
    return holds


def main():
    dump, corpus = sys.argv[1:3]
    rows = rows_of(corpus)
    if rows is None:
        print(f"SKIP: no pages in {corpus}")
        return 77
    score = score_ours(dump, corpus, rows, "-v" in sys.argv)
    print_table({"flong": score})
    return 0 if judge(score) else 1


if __name__ == "__main__":
    sys.exit(main())
