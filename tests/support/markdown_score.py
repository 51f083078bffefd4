#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""markdown_score.py - whether the Markdown of real pages says what their plain text says

usage: markdown_score.py PAGE_DUMP CORPUS

Renders the Markdown of every page with a CommonMark parser that is not ours (markdown-it-py, in .peers/extractors) and
compares the words with those of the plain text: a sign that was not escaped would lose or join some. Link targets must
be absolute. Runs itself again in the peers' environment.
"""
import collections
import json
import os
import re
import subprocess
import sys

PEERS = os.environ.get("FLONG_PEERS", os.path.join(os.path.dirname(__file__), "..", "..", ".peers"))
PYTHON = os.path.join(PEERS, "extractors", "bin", "python")


def words(text):
    return re.findall(r"\w+", text)


def text_of(tokens, kinds):
    """The text of parsed Markdown; counts the kinds of its elements."""
    parts = []
    for token in tokens:
        kinds[token.type] += 1
        if token.type == "link_open" and not re.match("https?://", token.attrs["href"]):
            kinds["relative link"] += 1
        if token.type in ("text", "code_inline", "code_block", "fence", "html_inline", "html_block"):
            parts.append(token.content)
        elif token.children:
            parts.append(text_of(token.children, kinds))
        else:
            parts.append("\n" if token.block else "")
    return "".join(parts)


def main():
    dump, corpus = sys.argv[1:3]
    sys.path.insert(0, os.path.dirname(__file__))
    import article_score
    rows = article_score.rows_of(corpus)
    if rows is None:
        print(f"SKIP: no pages in {corpus}")
        return 77
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        if os.path.exists(PYTHON) and not os.environ.get("FLONG_MARKDOWN_AGAIN"):
            os.environ["FLONG_MARKDOWN_AGAIN"] = "1"
            os.execv(PYTHON, [PYTHON, *sys.argv])
        print("SKIP: markdown-it-py is not in .peers/extractors; scripts/setup --peers installs it")
        return 77
    listing = "".join(f"{r['url']}\t{os.path.join(corpus, r['file'])}\t{article_score.captured_ms(r)}\n" for r in rows)
    printed = subprocess.run([dump, "markdown"], input=listing.encode(), stdout=subprocess.PIPE, check=True)
    kinds, bad = collections.Counter(), []
    for row, line in zip(rows, [line for line in printed.stdout.decode().split("\n") if line], strict=True):
        article = json.loads(line)["article"]
        shown = text_of(MarkdownIt("commonmark").parse(article["markdown"]), kinds)
        if words(shown) != words(article["text"]):
            bad.append(row["id"])
    print(f"{len(rows)} pages: {len(rows) - len(bad)} say the same as Markdown; "
          + ", ".join(f"{kinds[kind]} {name}" for kind, name in (
              ("heading_open", "headings"), ("list_item_open", "items"), ("blockquote_open", "quotes"),
              ("link_open", "links"), ("strong_open", "bold"), ("em_open", "emphasised"),
              ("relative link", "relative links"), ("code_block", "code blocks"), ("html_block", "HTML"),
              ("html_inline", "tags"))))
    for name in bad:
        print(f"  differs: {name}")
    strange = kinds["relative link"] + kinds["code_block"] + kinds["html_block"] + kinds["html_inline"]
    return 0 if not bad and strange == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
