#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""article_score.py - how far headline, date, authors and text agree with what is known of pages

usage: article_score.py PAGE_DUMP CORPUS [SOURCE...] [-v]

Sources are those of the corpus' manifest (fundus, aeb, htmldate, postlight ...). Headline: equal
after Unicode, white space and case normalisation, or contained. Date: the same day. Text: F1 over
shingles of four words.
"""
import collections
import csv
import datetime
import json
import os
import re
import subprocess
import sys
import unicodedata


def plain(text):
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", text))


def shingles(text, n=4):
    words = plain(text).split()
    return collections.Counter(tuple(words[i:i + n]) for i in range(max(1, len(words) - n + 1)))


def f1(found, expected):
    a, b = shingles(found), shingles(expected)
    hits = sum((a & b).values())
    if not hits:
        return 0.0
    precision, recall = hits / sum(a.values()), hits / sum(b.values())
    return 2 * precision * recall / (precision + recall)


def day(value):
    """The UTC day and the local day of a date: time zones may move it."""
    try:
        when = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return {value[:10]}
    days = {value[:10]}
    if when.tzinfo:
        days.add(when.astimezone(datetime.timezone.utc).date().isoformat())
    return days


def milliseconds(row):
    try:
        when = datetime.datetime.fromisoformat(row["crawl_date"])
    except ValueError:
        return 1700000000000
    return int(when.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)


def score_page(row, article, corpus, tally, verbose):
    title, date, authors = row["expected_title"], row["expected_date"], row["expected_authors"]
    if title:
        a, b = plain(article["headline"]), plain(title)
        equal, contained = a == b, bool(a) and (a in b or b in a)
        tally["title"].append(equal)
        tally["title or part"].append(contained)
        if verbose and not contained:
            print(f"title {row['id']}: {article['headline'][:80]!r} for {title[:80]!r}")
    if date:
        value = article["published"]["value"] if article["published"] else ""
        good = bool(day(value) & day(date)) if value else False
        tally["date"].append(good)
        if article["published"]:
            tally["date by " + article["published"]["source"]].append(good)
        if verbose and not good:
            print(f"date {row['id']}: {article['published']} for {date}")
    if authors:
        wanted = {plain(a) for a in authors.split(";")}
        found = {plain(a) for a in article["authors"] + article["agencies"]}
        tally["authors"].append(wanted == found)
        if verbose and wanted != found:
            print(f"authors {row['id']}: {found} for {wanted}")
    if row["expected_text"] and os.path.exists(os.path.join(corpus, row["expected_text"])):
        with open(os.path.join(corpus, row["expected_text"]), encoding="utf-8") as file:
            value = f1(article["text"], file.read())
        tally["text"].append(value)
        if verbose and value < 0.8:
            print(f"text {row['id']}: {value:.2f}")


def main():
    dump, corpus = sys.argv[1:3]
    sources = [a for a in sys.argv[3:] if a != "-v"] or ["fundus", "aeb", "htmldate", "postlight"]
    if not os.path.exists(os.path.join(corpus, "manifest.tsv")):
        print(f"SKIP: no pages in {corpus}")
        return 77
    with open(os.path.join(corpus, "manifest.tsv"), encoding="utf-8", newline="") as lines:
        rows = [r for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
                if r["source"] in sources and r["url"].startswith("http") and not r["dup_of"]]
    listing = "".join(f"{r['url']}\t{os.path.join(corpus, r['file'])}\t{milliseconds(r)}\n"
                      for r in rows)
    printed = subprocess.run([dump], input=listing.encode(), stdout=subprocess.PIPE, check=True)
    results = [json.loads(line) for line in printed.stdout.decode("utf-8").split("\n") if line]
    tallies = {source: collections.defaultdict(list) for source in sources}
    for row, result in zip(rows, results, strict=True):
        score_page(row, result["article"], corpus, tallies[row["source"]], "-v" in sys.argv)
    for source, tally in tallies.items():
        for name in sorted(tally):
            values = tally[name]
            print(f"{source:10} {name:18} {sum(values) / len(values):.3f} of {len(values)}")
    times = sorted((r["us"] for r in results), reverse=True)
    total = sum(r["bytes"] for r in results)
    print(f"{len(results)} pages, {total / 1e6:.1f} MB, {sum(times) / 1e3:.0f} ms, "
          f"slowest {times[0] / 1e3:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
