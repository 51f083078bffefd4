#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""picture_score.py - how often lead picture, caption and credit of real pages are right

usage: picture_score.py PAGE_DUMP CORPUS LABELS [-v]

LABELS is tests/data/lead_images.tsv. The picture is right when its address holds what the label names, caption and
credit when they are the label's but for typography. Fails below the shares held today.
"""
import os
import re
import sys

import article_score

FLOORS = {"picture": 0.97, "caption": 0.95, "credit": 0.95}


def same(found, expected):
    a, b = (re.sub(r"\s*/\s*", "/", article_score.alike(text)) for text in (found, expected))
    return a == b


def main():
    dump, corpus, labels = sys.argv[1:4]
    rows = article_score.rows_of(corpus, ["fundus"])
    if rows is None:
        print(f"SKIP: no pages in {corpus}")
        return 77
    with open(labels, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    known = {f"fundus/{line[0]}": dict(zip(lines[0], line)) for line in lines[1:]}
    rows = [row for row in rows if row["id"] in known]
    assert len(rows) == len(known), sorted(set(known) - {row["id"] for row in rows})
    right = dict.fromkeys(FLOORS, 0)
    for row, result in zip(rows, article_score.dump_pages(dump, corpus, rows), strict=True):
        label, image = known[row["id"]], result["article"]["image"] or {"url": "", "caption": "", "credit": ""}
        good = {"picture": label["picture"] in image["url"], "caption": same(image["caption"], label["caption"]),
                "credit": same(image["credit"], label["credit"])}
        for name, value in good.items():
            right[name] += value
            if not value and "-v" in sys.argv:
                found = image["url" if name == "picture" else name]
                print(f"{name:8} {os.path.basename(row['id'])}: {found[:150]!r} for {label[name][:150]!r}")
    for name, count in right.items():
        print(f"{name:8} {count} of {len(rows)} right ({count / len(rows):.3f}), at least {FLOORS[name]}")
    return 0 if all(count / len(rows) >= FLOORS[name] for name, count in right.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
