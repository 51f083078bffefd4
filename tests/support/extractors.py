#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""extractors.py - what another program finds in pages, for scripts/bench/article

usage: extractors.py trafilatura | readability | newspaper < LINES

Runs in the virtual environment .peers/extractors. Lines are "URL TAB FILE"; a JSON object is printed for each:
headline, date, authors, language, text. null is what the program does not look for; a page it fails on is empty.
Nothing is fetched.
"""
import importlib.metadata
import json
import logging
import re
import sys
import time
import warnings


def read_trafilatura(url, markup):
    from trafilatura import bare_extraction
    found = bare_extraction(markup, url=url, with_metadata=True, include_comments=False)
    if found is None:
        return None
    return {"headline": found.title or "", "date": found.date or "",
            "authors": [a for a in (found.author or "").split("; ") if a], "text": found.text or ""}


def read_readability(url, markup):
    import lxml.html
    from readability import Document
    document = Document(markup, url=url)
    body = lxml.html.fromstring(document.summary(html_partial=True) or "<p></p>")
    for block in body.iter("p", "br", "div", "li", "h1", "h2", "h3", "h4", "blockquote", "td", "pre"):
        block.tail = "\n" + (block.tail or "")
    return {"headline": document.short_title() or "",
            "text": re.sub(r"[ \t]+", " ", body.text_content())}


def read_newspaper(url, markup):
    from newspaper import Article
    article = Article(url, fetch_images=False, memorize_articles=False)
    article.download(input_html=markup)
    article.parse()
    return {"headline": article.title or "", "date": str(article.publish_date or ""),
            "language": article.meta_lang or "", "authors": list(article.authors), "text": article.text or ""}


# Name -> package, function, what it does not look for.
PROGRAMS = {"trafilatura": ("trafilatura", read_trafilatura, ["language"]),
            "readability": ("readability-lxml", read_readability, ["date", "authors", "language"]),
            "newspaper": ("newspaper4k", read_newspaper, [])}


def main():
    package, read, blind = PROGRAMS[sys.argv[1]]
    empty = {"headline": "", "date": "", "language": "", "authors": [], "text": ""} | dict.fromkeys(blind)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    from trafilatura.utils import decode_file
    print(json.dumps({"program": f"{package} {importlib.metadata.version(package)}"}))
    for line in sys.stdin:
        url, path = line.rstrip("\n").split("\t")
        with open(path, "rb") as file:
            markup = decode_file(file.read())
        started = time.perf_counter()
        try:
            page = read(url, markup)
        except Exception as fault:  # any: the page counts as empty, and the fault is counted
            page = {"fault": repr(fault)[:200]}
        print(json.dumps(empty | (page or {}) | {"seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
