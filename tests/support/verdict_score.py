#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""verdict_score.py - that real pages are not taken for what comes in the place of a story

usage: verdict_score.py PAGE_DUMP CORPUS KNOWN

Every page of the corpus is judged as a reply with status 200. KNOWN is tests/data/replaced.tsv: the pages that are no
whole story, looked at by hand, with their class. Fails for any other page that is marked, and for a known one that is not.
"""
import collections
import csv
import os
import sys

import article_score

SOURCES = ["aeb", "fundus", "htmldate", "metascraper", "postlight", "readability", "trafilatura"]


def main():
    dump, corpus, path = sys.argv[1:4]
    rows = article_score.rows_of(corpus, SOURCES)
    if rows is None:
        print(f"SKIP: no pages in {corpus}")
        return 77
    with open(path, encoding="utf-8", newline="") as file:
        known = {row["file"]: row["class"] for row in csv.DictReader(file, delimiter="\t")}
    counts, wrong = collections.Counter(), []
    for row, result in zip(rows, article_score.dump_pages(dump, corpus, rows), strict=True):
        article = result["article"]
        counts[article["class"]] += 1
        found = None if article["captured"] else article["class"]
        if found != known.get(row["file"]):
            wrong.append(f"{row['file']}: {found} for {known.get(row['file'])}: {'; '.join(article['reasons'])}")
    print("\n".join(wrong))
    print(f"{len(rows)} pages: {', '.join(f'{number} {kind}' for kind, number in counts.most_common())}; "
          f"{len(wrong)} taken for something else")
    assert {os.path.dirname(file) for file in known} <= set(SOURCES)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
