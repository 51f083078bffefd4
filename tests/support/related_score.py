#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""related_score.py - precision, recall and F1 of related stories on labelled pages

usage: related_score.py PAGE_DUMP CORPUS [-v]

A URL (host without www, path) is positive when any of its links is a scored related-story; the
page's own URL never counts. Micro figures over all pages, per page with -v.
"""
import collections
import csv
import glob
import json
import os
import subprocess
import sys
from urllib.parse import unquote, urlsplit

# What is demanded of the labelled pages.
FLOOR_PRECISION, FLOOR_RECALL, FLOOR_F1, FLOOR_FALSE = 0.95, 0.93, 0.94, 5


def key(url):
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host + unquote(parts.path).rstrip("/")


def read_labels(corpus):
    for name in sorted(glob.glob(os.path.join(corpus, "labels", "*.jsonl"))):
        with open(name, encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        yield records[0]["page"], records


def main():
    dump, corpus = sys.argv[1:3]
    verbose = "-v" in sys.argv
    if not os.path.isdir(os.path.join(corpus, "labels")):
        print(f"SKIP: no labelled pages in {corpus}")
        return 77
    with open(os.path.join(corpus, "manifest.tsv"), encoding="utf-8", newline="") as lines:
        rows = {r["id"]: r for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    pages = [(page, records, rows[page]) for page, records in read_labels(corpus)]
    listing = "".join(f"{row['url']}\t{os.path.join(corpus, row['file'])}\t1700000000000\n"
                      for _, _, row in pages)
    printed = subprocess.run([dump], input=listing.encode(), stdout=subprocess.PIPE, check=True)
    results = [json.loads(line) for line in printed.stdout.decode("utf-8").split("\n") if line]
    total = collections.Counter()
    worst = 0
    for (page, records, row), result in zip(pages, results):
        own = key(row["url"])
        positive, unscored, labels = set(), set(), collections.defaultdict(set)
        for record in records:
            k = key(record["href"])
            labels[k].add(record["label"])
            if not record["scored"]:
                unscored.add(k)
            elif record["label"] == "related-story":
                positive.add(k)
        unscored -= positive
        positive.discard(own)
        story = {key(c["url"]): c for c in result["candidates"]}
        taken = {k for k, c in story.items() if c["accepted"]} - unscored - {own}
        hits, false, missed = taken & positive, taken - positive, positive - taken
        total.update(hits=len(hits), false=len(false), missed=len(missed))
        worst = max(worst, len(false))
        precision = len(hits) / len(taken) if taken else 1
        recall = len(hits) / len(positive) if positive else 1
        print(f"{page:45} P {precision:.3f} R {recall:.3f} stories {len(positive):3} "
              f"false {len(false):2} missed {len(missed):2}")
        if verbose:
            for mark, keys in (("+", false), ("-", missed)):
                for k in sorted(keys):
                    c = story.get(k, {})
                    print(f"   {mark} {c.get('score', '')} {c.get('kind')} {k[-90:]}"
                          f" [{c.get('title', '')[:50]}] {'/'.join(labels[k])}"
                          f" {'; '.join(c.get('reasons', []))}")
    precision = total["hits"] / max(1, total["hits"] + total["false"])
    recall = total["hits"] / max(1, total["hits"] + total["missed"])
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"all {len(pages)} pages: P {precision:.3f} R {recall:.3f} F1 {f1:.3f} "
          f"most false on one page {worst}")
    met = (precision >= FLOOR_PRECISION and recall >= FLOOR_RECALL and f1 >= FLOOR_F1
           and worst <= FLOOR_FALSE)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
