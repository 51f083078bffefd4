#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""related_score.py - precision, recall and F1 of related stories on labelled pages, and what each kind of evidence
is worth

usage: related_score.py PAGE_DUMP CORPUS [-v]

A URL (host without www, path) is positive when any of its links is a scored related-story; the page's own URL never
counts. Precision, recall and F1 by page and over all URLs of all pages; -v names what was wrong.

The table of evidence shows the figures with one kind left out, at the program's own threshold and at the one that
suits what is left best, so that a missing kind is not confused with a missing sum of points.
"""
import collections
import csv
import glob
import json
import os
import subprocess
import sys
from urllib.parse import unquote, urlsplit

# What is demanded: of all pages, of the most false URLs on one, and of the DW pages (stories to find).
FLOOR_PRECISION, FLOOR_RECALL, FLOOR_F1, FLOOR_FALSE, DW_STORIES = 0.95, 0.97, 0.96, 5, 43
EVIDENCE = ["shape", "agreement", "template", "words", "heading", "image", "card", "place", "prose", "class-words"]
THRESHOLD = 4.0  # RELATED_THRESHOLD of article/related.h
JUDGED_BY_SCORE = {"related", "more", "section", "other"}


def key(url):
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host + unquote(parts.path).rstrip("/")


class Labels:
    """What is known of one page: keys of related stories, and those that do not count."""

    def __init__(self, page, records, row):
        self.page, self.row = page, row
        self.own = key(row["url"])
        self.positive, self.unscored = set(), set()
        self.labels = collections.defaultdict(set)
        for record in records:
            k = key(record["href"])
            self.labels[k].add(record["label"])
            if not record["scored"]:
                self.unscored.add(k)
            elif record["label"] == "related-story":
                self.positive.add(k)
        self.unscored -= self.positive
        self.positive.discard(self.own)


def read_labels(corpus):
    with open(os.path.join(corpus, "manifest.tsv"), encoding="utf-8", newline="") as lines:
        rows = {r["id"]: r for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    pages = []
    for name in sorted(glob.glob(os.path.join(corpus, "labels", "*.jsonl"))):
        with open(name, encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        pages.append(Labels(records[0]["page"], records, rows[records[0]["page"]]))
    return pages


def candidates_of(dump, corpus, pages, without=None):
    """Key -> candidate, of each page."""
    listing = "".join(f"{p.row['url']}\t{os.path.join(corpus, p.row['file'])}\t1700000000000\n" for p in pages)
    printed = subprocess.run([dump] + ([without] if without else []), input=listing.encode(),
                             stdout=subprocess.PIPE, check=True)
    results = [json.loads(line) for line in printed.stdout.decode("utf-8").split("\n") if line]
    assert len(results) == len(pages)
    return [{key(c["url"]): c for c in result["candidates"]} for result in results]


def taken_of(labels, candidates, threshold=None):
    """Keys that the program takes for stories; with a threshold, that it would take then."""
    taken = {k for k, c in candidates.items()
             if (c["accepted"] if threshold is None
                 else c["kind"] in JUDGED_BY_SCORE and c["score"] >= threshold - 1e-9)}
    return taken - labels.unscored - {labels.own}


def figures(hits, false, missed):
    precision = hits / (hits + false) if hits + false else 1.0
    recall = hits / (hits + missed) if hits + missed else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def totals(pages, found, threshold=None):
    """(hits, false, missed, most false on one page)"""
    hits = false = missed = worst = 0
    for labels, candidates in zip(pages, found, strict=True):
        taken = taken_of(labels, candidates, threshold)
        hits += len(taken & labels.positive)
        false += len(taken - labels.positive)
        missed += len(labels.positive - taken)
        worst = max(worst, len(taken - labels.positive))
    return hits, false, missed, worst


def print_wrong(labels, candidates, taken):
    for mark, keys in (("+", taken - labels.positive), ("-", labels.positive - taken)):
        for k in sorted(keys):
            c = candidates.get(k, {})
            print(f"   {mark} {c.get('score', '')} {c.get('kind')} {k[-90:]} [{c.get('title', '')[:50]}] "
                  f"{'/'.join(labels.labels[k])} {'; '.join(c.get('reasons', []))}")


def print_pages(pages, found, verbose):
    for labels, candidates in zip(pages, found, strict=True):
        taken = taken_of(labels, candidates)
        counts = (len(taken & labels.positive), len(taken - labels.positive), len(labels.positive - taken))
        print(f"{labels.page:45} P {{:.3f}} R {{:.3f}} F1 {{:.3f}}".format(*figures(*counts))
              + f" stories {len(labels.positive):3} false {counts[1]:2} missed {counts[2]:2}")
        if verbose:
            print_wrong(labels, candidates, taken)


def best_threshold(pages, found):
    """(F1, threshold), the nearest to ours of those equally good."""
    choices = [(figures(*totals(pages, found, n / 4)[:3])[2], -abs(n / 4 - THRESHOLD), n / 4) for n in range(-8, 37)]
    best = max(choices)
    return best[0], best[2]


def print_evidence(dump, corpus, pages, found):
    print(f"\n{'without':14}{'P':>7}{'R':>7}{'F1':>7}{'worth':>8}   at the best threshold: F1, worth")
    counts = totals(pages, found)
    full = figures(*counts[:3])[2]
    best_full, at = best_threshold(pages, found)
    print(f"{'nothing':14}" + "{:7.3f}{:7.3f}{:7.3f}".format(*figures(*counts[:3]))
          + f"{'':8}   {best_full:.3f} (from {at})")
    for kind in EVIDENCE:
        other = candidates_of(dump, corpus, pages, kind)
        measured = figures(*totals(pages, other)[:3])
        best, at = best_threshold(pages, other)
        print(f"{kind:14}" + "{:7.3f}{:7.3f}{:7.3f}".format(*measured)
              + f"{full - measured[2]:+8.3f}   {best:.3f} {best_full - best:+.3f} (from {at})")


def main():
    dump, corpus = sys.argv[1:3]
    if not os.path.isdir(os.path.join(corpus, "labels")):
        print(f"SKIP: no labelled pages in {corpus}")
        return 77
    pages = read_labels(corpus)
    found = candidates_of(dump, corpus, pages)
    print_pages(pages, found, "-v" in sys.argv)
    hits, false, missed, worst = totals(pages, found)
    precision, recall, f1 = figures(hits, false, missed)
    of_dw = [pair for pair in zip(pages, found) if pair[0].row["publisher"] == "dw.com"]
    dw = totals([pair[0] for pair in of_dw], [pair[1] for pair in of_dw])
    print(f"all {len(pages)} pages: P {precision:.3f} R {recall:.3f} F1 {f1:.3f} most false on one page {worst}; "
          f"at least {FLOOR_PRECISION} {FLOOR_RECALL} {FLOOR_F1}, at most {FLOOR_FALSE}")
    print(f"DW: {dw[0]} of {dw[0] + dw[2]} stories on {len(of_dw)} pages, {dw[1]} false; {DW_STORIES} are there")
    print_evidence(dump, corpus, pages, found)
    met = (precision >= FLOOR_PRECISION and recall >= FLOOR_RECALL and f1 >= FLOOR_F1 and worst <= FLOOR_FALSE
           and dw[0] == DW_STORIES and dw[2] == 0)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
